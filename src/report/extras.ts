import type { Call } from "../core/call.ts";
import { unionLength } from "../core/stats.ts";

/** What a group's calls did to memory and CPU besides. */
export interface Extras {
  /** CPU of the tools' processes over the time in those calls that know it, per cent of one core. */
  readonly cpuPercentDuring: number | undefined;
  /** The client's resident set at the end of a call, on average, KiB. */
  readonly rssEnd: number | undefined;
  /** What the client's resident set changed by during the calls, overlaps once, KiB. */
  readonly growth: number | undefined;
}

/** The extras of calls in order of time that came to `cpuSeconds`. */
export function extrasOf(calls: readonly Call[], cpuSeconds: number | undefined): Extras {
  const withCpu = calls.filter((call) => call.cpuSeconds !== undefined);
  const seconds = unionSeconds(withCpu) ?? 0;
  let rssSum = 0;
  let rssCount = 0;
  for (const { end } of calls) {
    if (end?.memoryRss === undefined) continue;
    rssSum += end.memoryRss;
    rssCount++;
  }
  return {
    cpuPercentDuring: cpuSeconds === undefined || seconds <= 0
      ? undefined
      : 100 * cpuSeconds / seconds,
    rssEnd: rssCount === 0 ? undefined : rssSum / rssCount,
    growth: growthOf(calls),
  };
}

/**
 * The length of the union of the calls' own times, seconds. A call's own time ends with its end row:
 * the wait for a permission comes before it.
 */
export function unionSeconds(calls: readonly Call[]): number | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { durationSeconds, endTime } of calls) {
    if (durationSeconds === undefined || endTime === undefined) continue;
    starts.push(endTime - durationSeconds);
    ends.push(endTime);
  }
  return starts.length === 0 ? undefined : unionLength(starts, ends);
}

/** Calls of one process that overlap are taken as one: from the first one's start to the last one's end. */
function growthOf(calls: readonly Call[]): number | undefined {
  const spans = new Map<number, { until: number; rss: number }>();
  let total: number | undefined;
  for (const { start, end, memoryGrowth } of calls) {
    const from = start?.memoryRss;
    const to = end?.memoryRss;
    if (memoryGrowth === undefined || from === undefined || to === undefined) continue;
    const pid = start?.pid ?? 0;
    const until = end?.timestamp ?? 0;
    const span = spans.get(pid);
    if (span === undefined || (start?.timestamp ?? 0) >= span.until) {
      total = (total ?? 0) + memoryGrowth;
      spans.set(pid, { until, rss: to });
    } else if (until > span.until) {
      total = (total ?? 0) + to - span.rss;
      spans.set(pid, { until, rss: to });
    }
  }
  return total;
}
