import type { TableReader } from "../row_reader.ts";
import type { RowList } from "../../row/row_table.ts";
import { firstPlace } from "../../stats/first_place.ts";

/** The rows of calls, in order of time. */
export interface CallRows {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * The rows `peak` of calls, by the calls' places: a row is of the newest call of its session and tool_use_id
 * that had begun by then, because an id may come again; of several the last counts, because it says what all of
 * a call came to, its work in the background too.
 */
export function peaksOf(
  { starts, ends }: CallRows,
  list: RowList,
  reader: TableReader,
): Map<number, number> {
  const peaks = new Map<number, number>();
  const rows = list.table.events.filter((row) => reader.isPeak(row));
  if (rows.length === 0) return peaks;
  const nameOf = (row: number): string => `${reader.session(row)} ${reader.toolUseId(row)}`;
  const inOrder = (a: number, b: number): number =>
    reader.time(a) - reader.time(b) || list.placeOf(a) - list.placeOf(b);
  rows.sort(inOrder);
  const callsOf = new Map(rows.map((row) => [nameOf(row), [] as { call: number; row: number }[]]));
  for (let call = 0; call < starts.length; call++) {
    const row = starts[call]! < 0 ? ends[call]! : starts[call]!;
    if (!reader.isAgent(row)) callsOf.get(nameOf(row))?.push({ call, row });
  }
  for (const calls of callsOf.values()) calls.sort((a, b) => inOrder(a.row, b.row));
  for (const row of rows) {
    const calls = callsOf.get(nameOf(row))!;
    const next = firstPlace(
      calls.length,
      (place) => reader.time(calls[place]!.row) > reader.time(row),
    );
    const call = calls[next - 1]?.call;
    if (call !== undefined) peaks.set(call, row);
  }
  return peaks;
}
