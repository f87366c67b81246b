import type { CallColumns } from "../calls/call_columns.ts";
import { COMMAND, PROJECT, SESSION_ID, TOOL_NAME } from "../row/row_view.ts";
import { numbersTo } from "../stats/intervals.ts";
import { rankFigures } from "../summary/ranks.ts";
import { byName } from "../summary/grouping.ts";
import { STATUSES } from "../calls/call_state.ts";

/** What calls can be put in the order of. */
export const RANKS = [
  ...["duration", "gate", "cpu", "memory", "rss", "output"] as const,
  ...["time", "name", "status", "session"] as const,
] as const;

export type CallRank = typeof RANKS[number];

function isOfTexts(rank: CallRank): rank is "time" | "name" | "status" | "session" {
  return rank === "time" || rank === "name" || rank === "status" || rank === "session";
}

/** All calls of a page in the order of something: figures greatest first, texts from a to z, the newest first. */
export class CallOrder {
  private readonly known = new Map<string, Int32Array>();

  constructor(private readonly columns: CallColumns) {}

  /** The places of all calls, or the other way round; either way those that don't say come last, those alike as they are in time. */
  of(rank: CallRank, isReversed: boolean): Int32Array {
    const name = `${rank} ${isReversed}`;
    let order = this.known.get(name);
    if (order === undefined) this.known.set(name, order = this.sorted(rank, isReversed));
    return order;
  }

  /** The first few of some calls, ascending, in the order of a figure; `undefined` where it is another or all are in order already. */
  first(
    calls: Int32Array,
    rank: CallRank,
    isReversed: boolean,
    most: number,
  ): Int32Array | undefined {
    if (this.known.has(`${rank} ${isReversed}`) || isOfTexts(rank)) return undefined;
    const keys = turned(figureKeys(rankFigures(this.columns, rank)), isReversed);
    const first: number[] = [];
    let limit = Infinity;
    for (let at = 0; at < calls.length; at++) {
      const call = calls[at]!;
      const key = keys[call]!;
      if (key >= limit) continue;
      const place = first.findIndex((each) => keys[each]! > key);
      first.splice(place < 0 ? first.length : place, 0, call);
      if (first.length > most) first.pop();
      if (first.length === most) limit = keys[first[most - 1]!]!;
    }
    return Int32Array.from(first);
  }

  private sorted(rank: CallRank, isReversed: boolean): Int32Array {
    const { columns } = this;
    const { size } = columns;
    let order = numbersTo(size);
    if (rank === "time") return isReversed ? order : order.reverse();
    for (const keys of keysOf(columns, rank)) order = ascending(turned(keys, isReversed), order);
    return order;
  }
}

/** What calls are sorted by, that which weighs most last. */
function keysOf(columns: CallColumns, rank: Exclude<CallRank, "time">): Uint32Array[] {
  switch (rank) {
    case "status":
      return [placesOf(columns.status, STATUSES)];
    case "session":
      return [textKeys(columns, SESSION_ID), textKeys(columns, PROJECT)];
    case "name":
      return [textKeys(columns, COMMAND), textKeys(columns, TOOL_NAME)];
    default:
      return [figureKeys(rankFigures(columns, rank))];
  }
}

/** The key of what is not known. */
const UNKNOWN = 0xffff_ffff;

function turned(keys: Uint32Array, isReversed: boolean): Uint32Array {
  return isReversed ? keys.map((key) => key === UNKNOWN ? key : UNKNOWN - 1 - key) : keys;
}

/** Keys that are the smaller the greater a figure is. */
function figureKeys(figures: Float64Array): Uint32Array {
  const bits = new Float32Array(1);
  const view = new Uint32Array(bits.buffer);
  const keys = new Uint32Array(figures.length);
  for (let call = 0; call < keys.length; call++) {
    const figure = figures[call]!;
    bits[0] = figure > 0 ? figure : 0;
    // The bits of floats that are not negative are in their order.
    keys[call] = figure === figure ? 0x7fff_ffff - view[0]! : UNKNOWN; // NaN
  }
  return keys;
}

function textKeys(columns: CallColumns, place: number): Uint32Array {
  const { numbers, names } = columns.texts(place);
  return placesOf(
    numbers,
    Array.from({ length: names.size + 1 }, (_, number) => names.text(number) ?? ""),
  );
}

/** For each call the place that its text, by number, has among all in order. */
function placesOf(numbers: ArrayLike<number>, texts: readonly string[]): Uint32Array {
  const places = new Uint32Array(texts.length);
  Array.from(texts.keys()).sort((a, b) => byName(texts[a]!, texts[b]!))
    .forEach((number, place) => places[number] = texts[number] === "" ? UNKNOWN : place);
  return Uint32Array.from(numbers, (number) => places[number]!);
}

/** Digits of so many bits, the lowest first: three of them are a key. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Sorts calls by keys, a digit at a time (radix sort): those alike stay in the order given. */
function ascending(keys: Uint32Array, given: Int32Array): Int32Array {
  let from: Int32Array = given;
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Uint32Array(DIGITS + 1);
    for (let call = 0; call < keys.length; call++) {
      next[(keys[call]! >>> shift) % DIGITS + 1]!++;
    }
    for (let digit = 1; digit <= DIGITS; digit++) next[digit]! += next[digit - 1]!;
    const to = new Int32Array(from.length);
    for (let at = 0; at < from.length; at++) {
      to[next[(keys[from[at]!]! >>> shift) % DIGITS]!++] = from[at]!;
    }
    from = to;
  }
  return from;
}
