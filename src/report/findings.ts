import { type Call, hasEnded, timeOf } from "../core/call.ts";
import { mannWhitney } from "../core/mann_whitney.ts";
import { LEAK_RULE, type MemoryTrend, memoryTrend } from "../core/memory_trend.ts";
import { quantile } from "../core/stats.ts";
import { rssPoints } from "./rss_points.ts";
import { type Group, toolOrServer } from "./summarize.ts";

/** A session whose memory grows without an end in sight. */
export interface Growth {
  readonly sessionId: string;
  readonly trend: MemoryTrend;
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
export function findings(calls: readonly Call[], before: readonly Call[]): Findings {
  return { growth: steepestGrowth(calls), changes: changesSince(before, calls) };
}

/** So many sessions, those that gained most, are looked at closely, each on so many points. */
const CANDIDATES = 5;
const POINTS = 200;

/** The session that leaks most, by the lower end of its slope's interval. */
function steepestGrowth(calls: readonly Call[]): Growth | undefined {
  const candidates = rssRanges(calls)
    .filter(({ gain, seconds }) => gain >= LEAK_RULE.growth && seconds >= LEAK_RULE.seconds)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, CANDIDATES);
  const wanted = new Map<string, Call[]>(candidates.map(({ key }) => [key, []]));
  if (wanted.size === 0) return undefined;
  for (const call of calls) wanted.get(seriesKey(call))?.push(call);
  return [...wanted.values()].flatMap((series): Growth[] => {
    const trend = memoryTrend(rssPoints(series), POINTS);
    const sessionId = series[0]?.sessionId;
    return trend?.verdict === "leak" && sessionId !== undefined ? [{ sessionId, trend }] : [];
  }).sort((a, b) => (b.trend.slope?.low ?? 0) - (a.trend.slope?.low ?? 0))[0];
}

interface RssRange {
  readonly key: string;
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

/** What each session's process gained from its first to its newest call. */
function rssRanges(calls: readonly Call[]): RssRange[] {
  const ranges = new Map<string, RssRange>();
  for (const call of calls) {
    const rss = (call.end ?? call.start)?.memoryRss;
    if (rss === undefined || call.sessionId === undefined) continue;
    const key = seriesKey(call);
    const range = ranges.get(key);
    if (range === undefined) {
      ranges.set(key, { key, from: timeOf(call), least: rss, gain: 0, seconds: 0 });
    } else {
      range.gain = rss - range.least;
      range.seconds = timeOf(call) - range.from;
    }
  }
  return [...ranges.values()];
}

/** What makes a change clear, as `--help` states it; the level is divided by the number of tools (Bonferroni). */
export const CHANGE_RULE = { calls: 20, level: 0.01, ratio: 0.1 } as const;

/** The tools whose durations a rank test tells apart, and whose medians differ by a tenth or more. */
function changesSince(before: readonly Call[], calls: readonly Call[]): Change[] {
  if (before.length === 0) return [];
  const earlier = durationsBy(before, toolOrServer);
  const later = [...durationsBy(calls, toolOrServer)].filter(([name, durations]) =>
    Math.min(durations.length, earlier.get(name)?.length ?? 0) >= CHANGE_RULE.calls
  );
  return later.flatMap(([name, durations]) => {
    const old = earlier.get(name) ?? new Float64Array();
    const change = compare(name, old, durations);
    const isClear = change !== undefined && change.p < CHANGE_RULE.level / later.length &&
      Math.abs(change.now / change.before - 1) >= CHANGE_RULE.ratio;
    return isClear ? [{ change, weight: durations.reduce((sum, each) => sum + each, 0) }] : [];
  }).sort((a, b) => b.weight - a.weight).map(({ change }) => change);
}

function compare(name: string, old: Float64Array, recent: Float64Array): Change | undefined {
  const before = quantile(old, 0.5);
  const now = quantile(recent, 0.5);
  const test = mannWhitney(old, recent);
  if (before === undefined || now === undefined || test === undefined) return undefined;
  // The ranks and the medians can point in different directions; then nothing is clear.
  const agrees = (now - before) * (test.superiority - 0.5) > 0;
  return agrees ? { name, before, now, p: test.p } : undefined;
}

/** The known durations of each group, ascending; background calls left out. */
function durationsBy(
  calls: readonly Call[],
  groupOf: (call: Call) => Group,
): Map<string, Float64Array> {
  const groups = new Map<string, number[]>();
  for (const call of calls) {
    const { durationSeconds } = call;
    if (durationSeconds === undefined || call.status === "background" || !hasEnded(call)) continue;
    const { name } = groupOf(call);
    const durations = groups.get(name);
    if (durations === undefined) groups.set(name, [durationSeconds]);
    else durations.push(durationSeconds);
  }
  return new Map([...groups].map(([name, each]) => [name, Float64Array.from(each).sort()]));
}
