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

  /** Makes it that of no call. */
  clear(): void {
    this.until = this.lastEnded = this.movedOn = -Infinity;
    this.lastIdle = NaN;
  }

  /** Adds the call that comes next; `end` is NaN where it has none. */
  addCall(start: number, end: number): void {
    const hasEnded = end === end;
    this.addAll(
      hasEnded ? end : -Infinity,
      hasEnded ? start : -Infinity,
      start,
      start - BATCH_SECONDS,
    );
  }

  /** Adds that of the calls that come next. */
  add({ until, lastEnded, lastIdle, movedOn }: BusyTime): void {
    this.addAll(until, lastEnded, lastIdle, movedOn);
  }

  private addAll(until: number, lastEnded: number, lastIdle: number, movedOn: number): void {
    if (lastIdle >= this.until) {
      this.lastIdle = lastIdle;
      this.movedOn = Math.max(this.movedOn, movedOn, this.lastEnded);
    }
    this.until = Math.max(this.until, until);
    this.lastEnded = Math.max(this.lastEnded, lastEnded);
  }
}

/** A text that the calls of one thread have in common, and no others: what one session, or else one process, and one agent do. */
export function threadKey<Row>({ start, end }: RowPair<Row>, reader: RowReader<Row>): string {
  const text = (read: (row: Row) => string | number | undefined): string | number =>
    start !== undefined && read(start) || end !== undefined && read(end) || "";
  const process = start === undefined ? undefined : reader.process(start);
  const client = text((row) => reader.session(row)) || `\n${process}`;
  return `${client}\n${text((row) => reader.agent(row))}`;
}
