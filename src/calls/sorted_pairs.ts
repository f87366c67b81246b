import { findLaunches, type Pair, pairLoose } from "./pair.ts";
import type { RowList, RowTable } from "../row/row_table.ts";
import { RowCursor } from "../row/row_cursor.ts";
import { APPROXIMATE, IMPORTED } from "./call_flags.ts";

/** The rows of calls in order of time. */
export interface SortedPairs {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly times: Float64Array;
  readonly flags: Uint8Array;
  readonly launches: ReadonlyMap<number, Pair>;
}

/** Makes pairs of rows: those with an id have found each other already, see `pairLoose` for the others. */
export function sortedPairs(list: RowList): SortedPairs {
  const { table, last } = list;
  const loose = pairLoose(table, [
    ...table.loose.filter((row) => row >= last),
    ...table.loose.filter((row) => row < last),
  ]);
  const size = table.calls + loose.length;
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  const times = new Float64Array(size);
  const cursor = new RowCursor(table);
  for (let call = 0; call < table.calls; call++) {
    starts[call] = table.startRows[call + 1]! - 1;
    ends[call] = table.endRows[call + 1]! - 1;
  }
  loose.forEach(({ start, end }, index) => {
    starts[table.calls + index] = start;
    ends[table.calls + index] = end;
  });
  for (let call = 0; call < size; call++) {
    times[call] = cursor.timeOf(starts[call]! < 0 ? ends[call]! : starts[call]!);
  }
  const flags = new Uint8Array(size);
  loose.forEach(({ approximate }, index) => {
    if (approximate) flags[table.calls + index] = APPROXIMATE;
  });
  if (table.importedFrom !== Infinity) {
    for (let call = 0; call < size; call++) {
      if (Math.max(starts[call]!, ends[call]!) >= table.importedFrom) flags[call]! |= IMPORTED;
    }
  }
  const unsorted = { starts, ends, times, flags, launches: NO_LAUNCHES };
  const sorted = isInOrder(times) ? unsorted : picked(unsorted, orderOf(unsorted, last));
  return loose.length === 0 ? sorted : withLaunches(table, sorted);
}

const NO_LAUNCHES: ReadonlyMap<number, Pair> = new Map();

function isInOrder(times: Float64Array): boolean {
  for (let call = 1; call < times.length; call++) {
    if (!(times[call]! > times[call - 1]!)) return false;
  }
  return true;
}

/** The calls by time; those of the same time as their first rows stand in the log. */
function orderOf({ starts, ends, times }: SortedPairs, last: number): number[] {
  const place = (row: number): number => row < 0 ? Infinity : row < last ? row + 2 ** 31 : row;
  const first = (call: number): number => Math.min(place(starts[call]!), place(ends[call]!));
  const order = Array.from(times, (_, call) => call);
  return order.sort((a, b) => times[a]! - times[b]! || first(a) - first(b));
}

function picked(
  { starts, ends, times, flags }: SortedPairs,
  order: readonly number[],
): SortedPairs {
  return {
    starts: Int32Array.from(order, (call) => starts[call]!),
    ends: Int32Array.from(order, (call) => ends[call]!),
    times: Float64Array.from(order, (call) => times[call]!),
    flags: Uint8Array.from(order, (call) => flags[call]!),
    launches: NO_LAUNCHES,
  };
}

/** Makes one call of a subagent's run and of its launch. */
function withLaunches(table: RowTable, sorted: SortedPairs): SortedPairs {
  const pairs = Array.from(sorted.starts, (start, call) => ({
    call,
    start,
    end: sorted.ends[call]!,
    approximate: false,
  }));
  const runs = findLaunches(table, pairs);
  if (runs.size === 0) return sorted;
  const launched = new Set(runs.values());
  const kept = pairs.filter((pair) => !launched.has(pair));
  const launches = new Map<number, Pair>();
  kept.forEach((pair, call) => {
    const launch = runs.get(pair);
    if (launch !== undefined) launches.set(call, launch);
  });
  return { ...picked(sorted, kept.map(({ call }) => call)), launches };
}
