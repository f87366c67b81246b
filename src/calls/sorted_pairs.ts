import { endsOfWork } from "./background_work.ts";
import { endOfRun, isStopOfFork, WaitingLaunches } from "./launches.ts";
import { LoosePairs, type Pair, type RowPair } from "./pair.ts";
import { TableReader } from "./row_reader.ts";
import { peaksOf } from "./peaks/peaks.ts";
import type { RowList } from "../row/row_table.ts";
import { APPROXIMATE, IMPORTED } from "./call_state.ts";
import { pairSameIds } from "./same_ids.ts";

/** The rows of calls in order of time. */
export interface SortedPairs {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly times: Float64Array;
  readonly flags: Uint8Array;
  /** The rows of the call of the Agent tool that launched a run, by the run's place. */
  readonly launches: ReadonlyMap<number, Pair>;
  /** The row that says when the work of a call ended, which went on in the background, by the call's place. */
  readonly dones: ReadonlyMap<number, number>;
  /** The row that says what the processes of a call came to, by the call's place. */
  readonly peaks: ReadonlyMap<number, number>;
}

/** Makes pairs of rows, see pair.ts, pair_again.ts and launches.ts for how. */
export function sortedPairs(list: RowList): SortedPairs {
  const { table } = list;
  const reader = new TableReader(table);
  const first = { starts: new Int32Array(table.calls), ends: new Int32Array(table.calls) };
  for (let call = 0; call < table.calls; call++) {
    first.starts[call] = table.startRows[call + 1]! - 1;
    first.ends[call] = table.endRows[call + 1]! - 1;
  }
  const more = pairSameIds(list, reader, first.starts, first.ends);
  const loose = pairLoose(list, reader);
  const behind = table.calls + more.starts.length;
  const size = behind + loose.length;
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  starts.set(first.starts);
  starts.set(more.starts, table.calls);
  ends.set(first.ends);
  ends.set(more.ends, table.calls);
  loose.forEach(({ start = -1, end = -1 }, index) => {
    starts[behind + index] = start;
    ends[behind + index] = end;
  });
  const times = new Float64Array(size);
  for (let call = 0; call < size; call++) {
    times[call] = reader.time(starts[call]! < 0 ? ends[call]! : starts[call]!);
  }
  const flags = new Uint8Array(size);
  for (const call of more.approximate) flags[call] = APPROXIMATE;
  loose.forEach(({ approximate }, index) => {
    if (approximate) flags[behind + index] = APPROXIMATE;
  });
  if (table.importedFrom !== Infinity) {
    for (let call = 0; call < size; call++) {
      if (Math.max(starts[call]!, ends[call]!) >= table.importedFrom) flags[call]! |= IMPORTED;
    }
  }
  const unsorted = { starts, ends, times, flags, launches: NO_LAUNCHES, ...NO_ROWS };
  const sorted = isInOrder(times) ? unsorted : picked(unsorted, orderOf(unsorted, list));
  const launched = loose.length === 0 ? sorted : withLaunches(sorted, reader);
  if (table.events.length === 0) return launched;
  const pairs = withDones(launched, list, reader);
  return { ...pairs, peaks: peaksOf(pairs, list, reader) };
}

const NO_LAUNCHES: ReadonlyMap<number, Pair> = new Map();
const NO_ROWS: Pick<SortedPairs, "dones" | "peaks"> = { dones: new Map(), peaks: new Map() };

/** The row of that number; `undefined` for −1, which is none. */
export function rowOf(row: number): number | undefined {
  return row < 0 ? undefined : row;
}

/** Makes pairs of the rows without a tool_use_id. */
function pairLoose({ table, last }: RowList, reader: TableReader): RowPair<number>[] {
  const made: RowPair<number>[] = [];
  const pairs = new LoosePairs(reader, (): RowPair<number> => {
    const pair = { start: undefined, end: undefined, approximate: false };
    made.push(pair);
    return pair;
  });
  for (const row of table.loose) if (row >= last) pairs.add(row);
  for (const row of table.loose) if (row < last) pairs.add(row);
  return made.filter((pair) => !isStopOfFork(pair, reader));
}

function isInOrder(times: Float64Array): boolean {
  for (let call = 1; call < times.length; call++) {
    if (!(times[call]! > times[call - 1]!)) return false;
  }
  return true;
}

/** The calls by time; those of the same time as their first rows stand in the log. */
function orderOf({ starts, ends, times }: SortedPairs, list: RowList): number[] {
  const place = (row: number): number => row < 0 ? Infinity : list.placeOf(row);
  const first = (call: number): number => Math.min(place(starts[call]!), place(ends[call]!));
  const order = Array.from(times, (_, call) => call);
  return order.sort((a, b) => times[a]! - times[b]! || first(a) - first(b));
}

function picked(
  { starts, ends, times, flags }: SortedPairs,
  order: ArrayLike<number>,
): SortedPairs {
  const found = {
    starts: new Int32Array(order.length),
    ends: new Int32Array(order.length),
    times: new Float64Array(order.length),
    flags: new Uint8Array(order.length),
  };
  for (let place = 0; place < order.length; place++) {
    const call = order[place]!;
    found.starts[place] = starts[call]!;
    found.ends[place] = ends[call]!;
    found.times[place] = times[call]!;
    found.flags[place] = flags[call]!;
  }
  return { ...found, launches: NO_LAUNCHES, ...NO_ROWS };
}

/**
 * Makes one call of a subagent's run and of its launch. Where nothing tells of the run's start it has
 * the launch's, and its place.
 */
function withLaunches(sorted: SortedPairs, reader: TableReader): SortedPairs {
  const { starts, ends, flags } = sorted;
  const launchOf = findLaunches(sorted, reader);
  if (launchOf.size === 0) return sorted;
  const runOf = new Map(Array.from(launchOf, ([run, launch]) => [launch, run]));
  const kept: number[] = [];
  const launches = new Map<number, Pair>();
  const pairOf = (call: number): RowPair<number> => {
    return { start: rowOf(starts[call]!), end: rowOf(ends[call]!), approximate: false };
  };
  for (let call = 0; call < starts.length; call++) {
    const run = launchOf.has(call) ? call : runOf.get(call);
    const launch = run === undefined ? undefined : launchOf.get(run);
    if (run === undefined || launch === undefined) kept.push(call);
    else if (call === (starts[run]! < 0 ? launch : run)) {
      launches.set(kept.length, { start: starts[launch]!, end: ends[launch]! });
      ends[call] = endOfRun(pairOf(run), pairOf(launch), reader) ?? -1;
      flags[call] = flags[run]!;
      kept.push(call);
    }
  }
  return { ...picked(sorted, kept), launches };
}

/** A call of the Agent tool, or a run of a subagent, by its place among the calls. */
interface AgentPair extends RowPair<number> {
  readonly call: number;
}

/** Finds for each run the call of the Agent tool that launched it; returns their places. */
function findLaunches({ starts, ends }: SortedPairs, reader: TableReader): Map<number, number> {
  const sessions = new Map<number, WaitingLaunches<number, AgentPair>>();
  const launchOf = new Map<number, number>();
  for (let call = 0; call < starts.length; call++) {
    const row = starts[call]! < 0 ? ends[call]! : starts[call]!;
    if (!reader.isAgent(row)) continue;
    const isRun = reader.isSubagentRun(row);
    if (starts[call]! < 0 && !isRun) continue;
    const session = reader.session(row);
    let waiting = sessions.get(session);
    if (waiting === undefined) {
      sessions.set(session, waiting = new WaitingLaunches(reader));
    }
    const pair = {
      call,
      start: rowOf(starts[call]!),
      end: rowOf(ends[call]!),
      approximate: false,
    };
    if (!isRun) {
      waiting.add(pair);
      continue;
    }
    const launch = waiting.take(pair);
    if (launch !== undefined) launchOf.set(call, launch.call);
  }
  return launchOf;
}

/** Finds when background work ended; a run whose stop was never written ended then. */
function withDones(pairs: SortedPairs, list: RowList, reader: TableReader): SortedPairs {
  const { starts, ends, launches } = pairs;
  const compare = (a: number, b: number): number =>
    reader.time(a) - reader.time(b) || list.placeOf(a) - list.placeOf(b);
  const nameOf = (row: number): string => `${reader.session(row)} ${reader.toolUseId(row)}`;
  const rows = list.table.events.filter((row) => reader.isDone(row)).sort(compare);
  const donesOf = Map.groupBy(rows, nameOf);
  if (donesOf.size === 0) return pairs;
  const launchedOf = new Map<string, { readonly call: number; readonly end: number }[]>();
  for (let call = 0; call < starts.length; call++) {
    const end = launches.get(call)?.end ?? ends[call]!;
    if (end < 0 || !reader.isBackground(end)) continue;
    const name = nameOf(end);
    if (!donesOf.has(name)) continue;
    const known = launchedOf.get(name);
    if (known === undefined) launchedOf.set(name, [{ call, end }]);
    else known.push({ call, end });
  }
  const dones = new Map<number, number>();
  for (const [name, launched] of launchedOf) {
    launched.sort((a, b) => compare(a.end, b.end));
    for (const [{ call }, done] of endsOfWork(launched, donesOf.get(name) ?? [], reader)) {
      if (!launches.has(call)) dones.set(call, done);
      else if (ends[call]! < 0) ends[call] = done;
    }
  }
  return { ...pairs, dones };
}
