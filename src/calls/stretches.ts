import { InTime, isNear, joined, loneCall, type PairedRows, SIDE_BY_SIDE } from "./pair_again.ts";
import type { RowReader } from "./row_reader.ts";

/** A stretch ends before a new call when it has so many rows, or else anywhere when it has many more. */
const ROWS = 32;
const MOST_ROWS = 512;

/**
 * A part of the rows of one id that is paired by itself. The calls of earlier stretches are what they are, but for those
 * that further rows may belong to: these are carried on.
 */
export interface Stretch<Row> {
  /** The place of its first row. */
  readonly from: number;
  /** All the rows, in order of time, of earlier calls that may change. */
  readonly carried: readonly Row[];
  /** Of these the rows whose calls were approximate before. */
  readonly approximate: ReadonlySet<Row>;
}

/** Where pairing begins. */
export const FIRST_STRETCH: Stretch<never> = { from: 0, carried: [], approximate: new Set() };

/** Rows in stretches, and their calls; `callOf` is of the rows carried into the first of them, then of the others. */
export interface PairedStretches<Row> extends PairedRows<Row> {
  readonly stretches: readonly Stretch<Row>[];
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
export function pairAgain<Row>(
  rows: readonly Row[],
  reader: RowReader<Row>,
): PairedStretches<Row> {
  const lone = loneCall(rows, reader);
  return lone ? { ...lone, stretches: [FIRST_STRETCH] } : pairOn(FIRST_STRETCH, rows, reader);
}

/** The same for a stretch and the rows from its first on. */
export function pairOn<Row>(
  first: Stretch<Row>,
  rows: readonly Row[],
  reader: RowReader<Row>,
): PairedStretches<Row> {
  const pairing = new Pairing([...first.carried, ...rows], first, reader);
  const { stretches } = pairing;
  for (let next: Stretch<Row> | undefined = first; next !== undefined; next = pairing.pair(next)) {
    stretches.push(next);
  }
  return { ...pairing.made, stretches };
}

/** Goes from stretch to stretch. */
class Pairing<Row> {
  readonly made: PairedRows<Row> = { starts: [], ends: [], approximate: [], callOf: [] };
  readonly stretches: Stretch<Row>[] = [];
  /** The places of the rows that are carried into the next stretch, and of the first one behind them. */
  private places: number[];
  private next: number;

  constructor(
    private readonly rows: readonly Row[],
    private readonly first: Stretch<Row>,
    private readonly reader: RowReader<Row>,
  ) {
    this.places = first.carried.map((_, place) => place);
    this.next = this.places.length;
  }

  /** Pairs a stretch; returns the next one. */
  pair({ carried, approximate }: Stretch<Row>): Stretch<Row> | undefined {
    const inTime = new InTime(this.reader);
    for (const row of carried) inTime.add(row);
    for (const begin = this.next; !this.endsAt(this.next, begin, inTime); this.next++) {
      this.places.push(this.next);
      inTime.add(this.rows[this.next]!);
    }
    const paired = joined(inTime, this.reader);
    paired.callOf.forEach((call, index) => {
      if (approximate.has(this.rows[this.places[index]!]!)) paired.approximate[call] = true;
    });
    const isLast = this.next === this.rows.length;
    const open = isLast ? new Set<number>() : mayChange(paired, inTime, this.reader);
    return this.keep(paired, open, isLast);
  }

  private endsAt(place: number, begin: number, inTime: InTime<Row>): boolean {
    const row = this.rows[place];
    if (row === undefined) return true;
    if (place === begin) return false;
    const count = place - begin;
    return !isNear(this.rows[place - 1]!, row, this.reader) || count >= MOST_ROWS ||
      count >= ROWS && inTime.isNewCall(row);
  }

  /** Keeps the calls of a stretch but the open ones, which it carries into the next one. */
  private keep(
    paired: PairedRows<Row>,
    open: ReadonlySet<number>,
    isLast: boolean,
  ): Stretch<Row> | undefined {
    const { made, rows } = this;
    const numbers = paired.starts.map((start, call) => {
      if (open.has(call)) return -1;
      made.ends.push(paired.ends[call]);
      made.approximate.push(paired.approximate[call]!);
      return made.starts.push(start) - 1;
    });
    const approximate = new Set<Row>();
    this.places = this.places.filter((place, index) => {
      const call = paired.callOf[index]!;
      made.callOf[place] = numbers[call]!;
      if (open.has(call) && paired.approximate[call]) approximate.add(rows[place]!);
      return open.has(call);
    });
    if (isLast) return undefined;
    const { from, carried } = this.first;
    return {
      from: from + this.next - carried.length,
      carried: this.places.map((place) => rows[place]!),
      approximate,
    };
  }
}

/**
 * The calls of a stretch that rows behind it may change: the newest of those that have a start without an end, and of
 * the others the one that ended last, if one of these was going on then, which tells that it overlapped it.
 */
function mayChange<Row>(
  { starts, ends, callOf }: PairedRows<Row>,
  inTime: InTime<Row>,
  reader: RowReader<Row>,
): Set<number> {
  const open = new Set<number>();
  inTime.callOf.forEach((pair, index) => {
    if (inTime.ends[pair] === undefined) open.add(callOf[index]!);
  });
  const newest = new Set([...open].sort((a, b) => a - b).slice(-SIDE_BY_SIDE));
  let last = -1;
  for (const [call, end] of ends.entries()) {
    if (end === undefined || newest.has(call)) continue;
    if (last < 0 || reader.time(end) > reader.time(ends[last]!)) last = call;
  }
  const began = (call: number): number => {
    const start = starts[call];
    return start === undefined ? Infinity : reader.time(start);
  };
  if (last >= 0 && [...newest].some((call) => began(call) < reader.time(ends[last]!))) {
    newest.add(last);
  }
  return newest;
}
