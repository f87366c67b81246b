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
const SIDE_BY_SIDE = 20;

/** Calls, by their numbers; `undefined` where a row is not there. */
export interface PairedRows<Row> {
  readonly starts: (Row | undefined)[];
  readonly ends: (Row | undefined)[];
  readonly approximate: boolean[];
  /** By row: the number of the call that it is of. A row that says what another said is of that one's call. */
  readonly callOf: number[];
  /** The calls of the rows before this place are what they are, whatever rows come behind it. */
  readonly settled: number;
}

/** What two rows are ordered by for `pairAgain`; of the same time ends come first, then by their places. */
export function compareRows<Row>(a: Row, b: Row, reader: RowReader<Row>): number {
  return reader.time(a) - reader.time(b) || Number(reader.isStart(a)) - Number(reader.isStart(b));
}

/**
 * Pairs all the rows of one session, agent, tool and tool_use_id, given in order of time. One start and
 * one end are a call, whatever their times. Of more rows
 *
 * - an end takes the newest unpaired start before it, else the first one within a moment behind it (a hook
 *   that nobody waits for can be late);
 * - two calls that overlap, begin in one moment and end in one moment with the same figures are one: the
 *   earliest of their rows count. Where a row is missing the others decide.
 *
 * So each start after an end begins another call.
 */
export function pairAgain<Row>(rows: readonly Row[], reader: RowReader<Row>): PairedRows<Row> {
  return loneCall(rows, reader) ?? pairOn(rows, reader);
}

/** The same for rows behind others, see `settled`. */
export function pairOn<Row>(rows: readonly Row[], reader: RowReader<Row>): PairedRows<Row> {
  return joined(pairInTime(rows, reader), reader);
}

function loneCall<Row>(rows: readonly Row[], reader: RowReader<Row>): PairedRows<Row> | undefined {
  const [first, second] = rows;
  if (rows.length !== 2 || first === undefined || second === undefined) return undefined;
  const isStart = reader.isStart(first);
  if (isStart === reader.isStart(second)) return undefined;
  return {
    starts: [isStart ? first : second],
    ends: [isStart ? second : first],
    approximate: [false],
    callOf: [0, 0],
    settled: 0,
  };
}

function pairInTime<Row>(rows: readonly Row[], reader: RowReader<Row>): PairedRows<Row> {
  const starts: (Row | undefined)[] = [];
  const ends: (Row | undefined)[] = [];
  const callOf: number[] = [];
  let settled = 0;
  /** The calls without an end, the newest last. */
  const open: number[] = [];
  /** The calls whose start may be late, in order; those before `late` will find none. */
  const startless: number[] = [];
  let late = 0;
  /** The call of the newest end. */
  let ended = -1;
  const add = (start: Row | undefined, end: Row | undefined): number => {
    ends.push(end);
    return starts.push(start) - 1;
  };
  const addEnd = (end: Row): number => {
    const newest = open.at(-1);
    const isAgain = ended >= 0 && starts[ended] !== undefined &&
      isSameEnd(end, ends[ended]!, reader);
    // An end that says it again is of a start that did, if of any.
    if (newest !== undefined && !(isAgain && isOlder(starts[newest]!))) {
      open.pop();
      ends[newest] = end;
      return newest;
    }
    const call = add(undefined, end);
    if (!isAgain) startless.push(call);
    return call;
  };
  /** Whether a start belongs neither to the newest end, nor to one that came since. */
  const isOlder = (start: Row): boolean =>
    reader.time(start) <= reader.time(ends[ended]!) && !isNear(start, starts[ended]!, reader);
  const addStart = (start: Row): number => {
    while (late < startless.length && !isNear(ends[startless[late]!]!, start, reader)) late++;
    const call = startless[late];
    if (call === undefined) return open[open.push(add(start, undefined)) - 1]!;
    late++;
    starts[call] = start;
    return call;
  };
  for (const [place, row] of rows.entries()) {
    if (open.length === 0 && place > 0 && !isNear(rows[place - 1]!, row, reader)) settled = place;
    if (reader.isStart(row)) callOf.push(addStart(row));
    else callOf.push(ended = addEnd(row));
  }
  return { starts, ends, callOf, settled, approximate: [] };
}

/** Makes one call of those that are the same. */
function joined<Row>(pairs: PairedRows<Row>, reader: RowReader<Row>): PairedRows<Row> {
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
  return { starts, ends, approximate, callOf, settled: pairs.settled };
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

function isNear<Row>(a: Row, b: Row, reader: RowReader<Row>): boolean {
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
