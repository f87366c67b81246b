import type { RowPair } from "./pair.ts";
import type { RowReader } from "./row_reader.ts";

/** Calls of one batch start within so many seconds of each other: a client starts them as the model writes them. */
const BATCH_SECONDS = 30;

/**
 * What calls of one thread, in order of time, tell of those without an end. These are over when their
 * session has moved on: a later call of the thread started when no other was going on, and not in the
 * same batch. It is of another batch when a call between the two has ended, or after `BATCH_SECONDS`.
 *
 * Times are seconds since the epoch; NaN, and −Infinity for the earliest possible one, where there is none.
 */
export class BusyTime {
  /** Until when one of the calls that have ended was going on. */
  until = -Infinity;
  /** When the last call that has ended began. */
  lastEnded = -Infinity;
  /** When the last call began before which, among these, no other was going on. */
  lastIdle = NaN;
  /** A call without an end that began up to here is over. */
  movedOn = -Infinity;

  /** Makes it that of one call; `end` is NaN where it has none. */
  setTo(start: number, end: number): this {
    const hasEnd = end === end;
    this.until = hasEnd ? end : -Infinity;
    this.lastEnded = hasEnd ? start : -Infinity;
    this.lastIdle = start;
    this.movedOn = start - BATCH_SECONDS;
    return this;
  }

  /** Makes it that of no call. */
  clear(): void {
    this.until = this.lastEnded = this.movedOn = -Infinity;
    this.lastIdle = NaN;
  }

  /** Adds that of the calls that come next. */
  add(next: BusyTime): void {
    if (next.lastIdle >= this.until) {
      this.lastIdle = next.lastIdle;
      this.movedOn = Math.max(this.movedOn, next.movedOn, this.lastEnded);
    }
    this.until = Math.max(this.until, next.until);
    this.lastEnded = Math.max(this.lastEnded, next.lastEnded);
  }
}

/** The same for the calls of one thread: what one session, or else one process, and one agent do. */
export function threadKey<Row>({ start, end }: RowPair<Row>, reader: RowReader<Row>): string {
  const text = (read: (row: Row) => string | number | undefined): string | number =>
    start !== undefined && read(start) || end !== undefined && read(end) || "";
  const pid = start === undefined ? undefined : reader.pid(start);
  const client = text((row) => reader.session(row)) || `\n${pid}`;
  return `${client}\n${text((row) => reader.agent(row))}`;
}
