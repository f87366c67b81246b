import { type Call, serverOf } from "../calls/call.ts";
import { ABANDONED, RUNNING } from "../calls/call_flags.ts";
import { type CallList, textOf } from "../calls/call_list.ts";
import { difference } from "../stats/difference.ts";
import { LEAK_RULE, leakSlope } from "../stats/memory_trend.ts";
import { RowCursor } from "../row/row_cursor.ts";
import { MEMORY_RSS, PID, SESSION_ID, WORDS } from "../row/row_view.ts";
import { quantile } from "../stats/quantiles.ts";
import type { Point, Slope } from "../stats/trend.ts";
import { toCallList } from "./summarize.ts";

/** A session whose memory grows without an end in sight. */
export interface Growth {
  readonly sessionId: string;
  /** KiB a second. */
  readonly slope: Slope;
}

/** A tool that became slower or faster. */
export interface Change {
  readonly name: string;
  /** Median durations, seconds. */
  readonly before: number;
  readonly now: number;
  /** By chance alone, 0 … 1. */
  readonly p: number;
}

/** What takes more than one call to see. */
export interface Findings {
  readonly growth?: Growth | undefined;
  /** Those in which most time was spent first. */
  readonly changes: readonly Change[];
}

/** What the calls show beside the calls of the window before. */
export function findings(
  calls: CallList | readonly Call[],
  before: CallList | readonly Call[],
): Findings {
  const [later, earlier] = [toCallList(calls), toCallList(before)];
  return { growth: steepestGrowth(later), changes: changesSince(earlier, later) };
}

/** So many sessions, those that gained most, are looked at closely, each on so many points. */
const CANDIDATES = 5;
const POINTS = 200;

/** The session that leaks most, by the lower end of its slope's interval. */
function steepestGrowth(list: CallList): Growth | undefined {
  const { ranges, numbers } = rssRanges(list);
  return steepestOf(
    mostGrown(ranges).map(({ number, session }) => ({
      sessionId: list.table.rows.names.text(session),
      points: rssPointsOf(list, numbers, number),
    })),
  );
}

/** Those that are looked at closely, of sessions that gained so many KiB in so many seconds. */
export function mostGrown<Range extends { readonly gain: number; readonly seconds: number }>(
  ranges: readonly Range[],
): Range[] {
  return ranges
    .filter(({ gain, seconds }) => gain >= LEAK_RULE.growth && seconds >= LEAK_RULE.seconds)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, CANDIDATES);
}

/** What may grow: a session's process. */
export interface GrowthCandidate {
  readonly sessionId: string | undefined;
  /** As of `rssPoints`. */
  readonly points: readonly Point[];
}

/** The growth that leaks most. */
export function steepestOf(candidates: readonly GrowthCandidate[]): Growth | undefined {
  return candidates.flatMap(({ sessionId, points }): Growth[] => {
    const slope = leakSlope(points, POINTS);
    return slope === undefined || sessionId === undefined ? [] : [{ sessionId, slope }];
  }).sort((a, b) => b.slope.low - a.slope.low)[0];
}

/** As `rssPoints`, of the calls that have this number. */
function rssPointsOf({ table, indices }: CallList, numbers: Int32Array, number: number): Point[] {
  const points: Point[] = [];
  const cursor = new RowCursor(table.rows);
  for (let place = 0; place < indices.length; place++) {
    if (numbers[place] !== number) continue;
    const call = indices[place]!;
    for (let row = table.starts[call]!, isEnd = false;; row = table.ends[call]!, isEnd = true) {
      const y = row < 0 ? NaN : cursor.at(row).number(MEMORY_RSS);
      if (y === y) points.push({ x: cursor.timestamp, y });
      if (isEnd) break;
    }
  }
  return points.sort((a, b) => a.x - b.x);
}

interface RssRange {
  readonly number: number;
  /** The number of the session's id. */
  readonly session: number;
  readonly from: number;
  readonly least: number;
  /** KiB above the least so far, and seconds since the first call, at the newest call. */
  gain: number;
  seconds: number;
}

/** A session that is resumed goes on in another process. */
export function seriesKey(call: Call): string {
  return `${call.sessionId} ${(call.start ?? call.end)?.pid}`;
}

/**
 * What each session's process gained from its first to its newest call; and which of them each call is of,
 * as by `seriesKey`.
 */
function rssRanges({ table, indices }: CallList): { ranges: RssRange[]; numbers: Int32Array } {
  const ranges: RssRange[] = [];
  const numbers = new Int32Array(indices.length).fill(-1);
  let last = { pid: NaN, bySession: new Map<number, number>() };
  const byProcess = new Map([[last.pid, last.bySession]]);
  const session = textOf(table, SESSION_ID);
  const cursor = new RowCursor(table.rows);
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const [start, end] = [table.starts[call]!, table.ends[call]!];
    const id = session(call);
    if (id === 0) continue;
    const pid = cursor.at(start < 0 ? end : start).number(PID);
    const rss = cursor.at(end < 0 ? start : end).number(MEMORY_RSS);
    if (!Object.is(pid, last.pid)) {
      let bySession = byProcess.get(pid);
      if (bySession === undefined) byProcess.set(pid, bySession = new Map());
      last = { pid, bySession };
    }
    const { bySession } = last;
    let number = bySession.get(id);
    const time = table.time[call]!;
    if (rss !== rss) {
      if (number !== undefined) numbers[place] = number;
      continue;
    }
    if (number === undefined) {
      number = ranges.length;
      ranges.push({ number, session: id, from: time, least: rss, gain: 0, seconds: 0 });
      bySession.set(id, number);
    }
    const range = ranges[number]!;
    range.gain = rss - range.least;
    range.seconds = time - range.from;
    numbers[place] = number;
  }
  return { ranges, numbers };
}

/**
 * What a change must come to beside its verdict to be told of, as `--help` states it: calls in both
 * windows, the chance of error over all tools together (Bonferroni), the medians' ratio less 1.
 */
export const CHANGE_RULE = { calls: 20, level: 0.01, ratio: 0.1 } as const;

/** The tools that became slower or faster by so much that a person is told without having asked. */
function changesSince(before: CallList, calls: CallList): Change[] {
  if (before.size === 0) return [];
  const earlier = durationsBy(before);
  const later = [...durationsBy(calls)].filter(([name, durations]) =>
    Math.min(durations.length, earlier.get(name)?.length ?? 0) >= CHANGE_RULE.calls
  );
  return later.flatMap(([name, durations]) => {
    const old = earlier.get(name) ?? new Float64Array();
    const change = changeOf(name, old, durations, CHANGE_RULE.level / later.length);
    return change === undefined ? [] : [{ change, weight: sum(durations) }];
  }).sort((a, b) => b.weight - a.weight).map(({ change }) => change);
}

function changeOf(
  name: string,
  old: Float64Array,
  recent: Float64Array,
  level: number,
): Change | undefined {
  const before = quantile(old, 0.5) ?? 0;
  const now = quantile(recent, 0.5) ?? 0;
  // Asked first: it costs less than the verdict, and few tools pass it.
  if (!(Math.abs(now / before - 1) >= CHANGE_RULE.ratio)) return undefined;
  const found = difference(old, recent);
  if (found === undefined || found.p >= level) return undefined;
  // The verdict and the medians can point in different directions; then there is nothing to tell.
  return found.verdict === (now > before ? "slower" : "faster")
    ? { name, before, now, p: found.p }
    : undefined;
}

function sum(values: Float64Array): number {
  return values.reduce((total, each) => total + each, 0);
}

/** The known durations of each tool or MCP server, ascending; background calls left out. */
function durationsBy({ table, indices }: CallList): Map<string, Float64Array> {
  const byTool = new Map<number, number[]>();
  const { tool, duration, status } = table;
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const isKnown = duration[call] === duration[call] && status[call] !== WORDS.background;
    if (!isKnown || status[call] === RUNNING || status[call] === ABANDONED) continue;
    const durations = byTool.get(tool[call]!);
    if (durations === undefined) byTool.set(tool[call]!, [duration[call]!]);
    else durations.push(duration[call]!);
  }
  const groups = Map.groupBy(byTool, ([number]) => {
    const name = table.rows.names.text(number) ?? "unknown";
    return serverOf(name) ?? name;
  });
  return new Map(
    Array.from(groups, ([name, tools]) => {
      const durations = tools.flatMap(([, each]) => each);
      return [name, Float64Array.from(durations).sort()];
    }),
  );
}
