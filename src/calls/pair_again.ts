import type { RowReader } from "./row_reader.ts";

/*
 * A tool_use_id may come again: models other than the vendor's number theirs anew with each turn
 * (`Bash:0`), or call all of them `call_0`. And a hook may be registered twice, so that one call has
 * each row twice.
 */

/** Hooks of one moment run side by side: their rows are no further apart in time, seconds. */
export const MOMENT_SECONDS = 2;

/** A call begins after the one before it has ended; the times of rows are exact to so much, seconds. */
export const EXACT_SECONDS = 0.01;

/** Of so many of the newest calls one may be the same as the next: a client runs ten side by side. */
export const SIDE_BY_SIDE = 20;

/** Calls, by their numbers; `undefined` where a row is not there. */
export interface PairedRows<Row> {
  readonly starts: (Row | undefined)[];
  readonly ends: (Row | undefined)[];
  readonly approximate: boolean[];
  /** By row: the number of the call that it is of. A row that says what another said is of that one's call. */
  readonly callOf: number[];
}

/** What two rows are ordered by for `pairAgain`; of the same time ends come first, then by their places. */
export function compareRows<Row>(a: Row, b: Row, reader: RowReader<Row>): number {
  return reader.time(a) - reader.time(b) || Number(reader.isStart(a)) - Number(reader.isStart(b));
}

/** One start and one end, and nothing else: a call, whatever their times. */
export function loneCall<Row>(
  rows: readonly Row[],
  reader: RowReader<Row>,
): PairedRows<Row> | undefined {
  const [first, second] = rows;
  if (rows.length !== 2 || first === undefined || second === undefined) return undefined;
  const isStart = reader.isStart(first);
  if (isStart === reader.isStart(second)) return undefined;
  return {
    starts: [isStart ? first : second],
    ends: [isStart ? second : first],
    approximate: [false],
    callOf: [0, 0],
  };
}

/** Pairs rows one after the other, in order of time; calls that are the same are not one yet. */
export class InTime<Row> {
  readonly starts: (Row | undefined)[] = [];
  readonly ends: (Row | undefined)[] = [];
  readonly callOf: number[] = [];
  /** The calls without an end, the newest last. */
  private readonly open: number[] = [];
  /** The calls whose start may be late, in order; those before `late` will find none. */
  private readonly startless: number[] = [];
  private late = 0;
  /** The call of the newest end. */
  private ended = -1;

  constructor(private readonly reader: RowReader<Row>) {}

  add(row: Row): void {
    if (this.reader.isStart(row)) this.callOf.push(this.addStart(row));
    else this.callOf.push(this.ended = this.addEnd(row));
  }

  /** Whether a row is a start that begins a call behind all ends so far, and is late for none of them. */
  isNewCall(row: Row): boolean {
    if (!this.reader.isStart(row) || this.lateFor(row) !== undefined) return false;
    const end = this.ends[this.ended];
    return end === undefined || this.reader.time(row) > this.reader.time(end) + EXACT_SECONDS;
  }

  private push(start: Row | undefined, end: Row | undefined): number {
    this.ends.push(end);
    return this.starts.push(start) - 1;
  }

  private addEnd(end: Row): number {
    const { ended, ends, open, reader, starts } = this;
    const newest = open.at(-1);
    const isAgain = ended >= 0 && starts[ended] !== undefined &&
      isSameEnd(end, ends[ended]!, reader);
    // An end that says it again is of a start that did, if of any.
    if (newest !== undefined && !(isAgain && this.isOlder(starts[newest]!))) {
      open.pop();
      ends[newest] = end;
      return newest;
    }
    const call = this.push(undefined, end);
    if (!isAgain) this.startless.push(call);
    return call;
  }

  /** Whether a start belongs neither to the newest end, nor to one that came since. */
  private isOlder(start: Row): boolean {
    const { ended, ends, reader, starts } = this;
    return reader.time(start) <= reader.time(ends[ended]!) &&
      !isNear(start, starts[ended]!, reader);
  }

  private addStart(start: Row): number {
    const call = this.lateFor(start);
    if (call === undefined) return this.open[this.open.push(this.push(start, undefined)) - 1]!;
    this.late++;
    this.starts[call] = start;
    return call;
  }

  private lateFor(start: Row): number | undefined {
    const { ends, startless, reader } = this;
    while (
      this.late < startless.length && !isNear(ends[startless[this.late]!]!, start, reader)
    ) {
      this.late++;
    }
    return startless[this.late];
  }
}

/** Makes one call of those that are the same. */
export function joined<Row>(
  pairs: Pick<PairedRows<Row>, "starts" | "ends" | "callOf">,
  reader: RowReader<Row>,
): PairedRows<Row> {
  const starts: (Row | undefined)[] = [];
  const ends: (Row | undefined)[] = [];
  const approximate: boolean[] = [];
  let latest = -1; // the call that ended last
  const into = pairs.starts.map((start, call) => {
    const end = pairs.ends[call];
    const least = Math.max(0, starts.length - SIDE_BY_SIDE);
    for (let known = starts.length - 1; known >= least; known--) {
      if (!isSame(starts[known], ends[known], start, end, reader)) continue;
      starts[known] = earlier(starts[known], start, reader);
      ends[known] = earlier(ends[known], end, reader);
      return known;
    }
    const made = starts.push(start) - 1;
    ends.push(end);
    const overlaps = latest >= 0 && start !== undefined && end !== undefined &&
      reader.time(start) < reader.time(ends[latest]!);
    approximate.push(overlaps);
    if (overlaps) approximate[latest] = true;
    if (start !== undefined && end !== undefined) {
      if (latest < 0 || reader.time(end) > reader.time(ends[latest]!)) latest = made;
    }
    return made;
  });
  const callOf = pairs.callOf.map((call) => into[call]!);
  return { starts, ends, approximate, callOf };
}

function isSame<Row>(
  start: Row | undefined,
  end: Row | undefined,
  otherStart: Row | undefined,
  otherEnd: Row | undefined,
  reader: RowReader<Row>,
): boolean {
  const haveStarts = start !== undefined && otherStart !== undefined;
  const haveEnds = end !== undefined && otherEnd !== undefined;
  if (!haveStarts && !haveEnds) return false;
  if (haveStarts && !isNear(start, otherStart, reader)) return false;
  if (haveEnds && !isSameEnd(end, otherEnd, reader)) return false;
  if (!haveStarts) return true;
  const isFirst = reader.time(start) <= reader.time(otherStart);
  const [firstEnd, laterStart] = isFirst ? [end, otherStart] : [otherEnd, start];
  return firstEnd === undefined || reader.time(laterStart) <= reader.time(firstEnd) + EXACT_SECONDS;
}

function isSameEnd<Row>(a: Row, b: Row, reader: RowReader<Row>): boolean {
  return isNear(a, b, reader) && reader.hasSameFigures(a, b);
}

/** Whether two rows may be of one moment. */
export function isNear<Row>(a: Row, b: Row, reader: RowReader<Row>): boolean {
  return Math.abs(reader.time(a) - reader.time(b)) <= MOMENT_SECONDS;
}

function earlier<Row>(
  a: Row | undefined,
  b: Row | undefined,
  reader: RowReader<Row>,
): Row | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return reader.time(b) < reader.time(a) ? b : a;
}
