import type { RowReader } from "./row_reader.ts";

/** A call that returned while its work went on. */
export interface Launched<Row> {
  /** The row that it returned with. */
  readonly end: Row;
}

/**
 * The rows `done` that say when the work of calls ended, by call; all are of one session and tool_use_id, and
 * in order: by time, of the same time as they stand in the log. A row is of the newest call that had
 * returned by then, because an id may come again; of several rows the first counts, because an agent that is
 * resumed ends again.
 */
export function endsOfWork<Row, Made extends Launched<Row>>(
  calls: readonly Made[],
  dones: readonly Row[],
  reader: Pick<RowReader<Row>, "time">,
): Map<Made, Row> {
  const found = new Map<Made, Row>();
  let next = 0; // the first call that had not returned yet
  for (const done of dones) {
    while (next < calls.length && reader.time(calls[next]!.end) <= reader.time(done)) next++;
    const call = calls[next - 1];
    if (call !== undefined && !found.has(call)) found.set(call, done);
  }
  return found;
}
