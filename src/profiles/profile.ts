import { type Call, hasEnded } from "../calls/call.ts";
import type { CallList } from "../calls/call_list.ts";
import { type Difference, difference } from "../stats/difference.ts";
import { thinned } from "../stats/quantiles.ts";
import { summarize, tool } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";

/** What a tool's calls came to, and enough of their durations to compare them with others. */
export interface ToolProfile
  extends Pick<Summary, "name" | "calls" | "failed" | "timed" | "p50Seconds" | "p95Seconds"> {
  readonly p99Seconds: number | undefined;
  readonly maxSeconds: number | undefined;
  readonly totalSeconds: number | undefined;
  /** CPU of the tools' processes, and how many calls it is known of. */
  readonly cpuSeconds: number | undefined;
  readonly cpuCalls: number | undefined;
  /** Resident set of the client at starts and ends, KiB. */
  readonly rssMean: number | undefined;
  readonly rssMax: number | undefined;
  /** Seconds, ascending: each call's, or of more than `MOST_DURATIONS` so many quantiles. */
  readonly durations: readonly number[];
}

/** Performance by tool, as it was at one time. */
export interface Profile {
  /** Seconds since the epoch. */
  readonly created: number;
  /** Path of the log. */
  readonly log: string;
  /** For people: `Last 7 days, Bash`. */
  readonly covers: string;
  /** Calls that ended, of all tools. */
  readonly calls: number;
  /** By total time, longest first. */
  readonly tools: readonly ToolProfile[];
}

/** A profile has no more durations of a tool than this: some 20 KB of JSON. */
export const MOST_DURATIONS = 2000;

/** The profile of calls. */
export function toProfile(
  list: CallList,
  about: Pick<Profile, "created" | "log" | "covers">,
): Profile {
  const byTool = Map.groupBy(list.calls.filter(hasEnded), (call) => call.toolName);
  const { groups, all } = summarize(list, tool);
  const tools = groups.map((group) => toToolProfile(group, byTool.get(group.name) ?? []));
  return { ...about, calls: all.calls, tools };
}

function toToolProfile(summary: Summary, calls: readonly Call[]): ToolProfile {
  const durations = calls.filter((call) => call.status !== "background")
    .flatMap((call) => call.durationSeconds ?? []);
  return {
    name: summary.name,
    calls: summary.calls,
    failed: summary.failed,
    timed: summary.timed,
    p50Seconds: summary.p50Seconds,
    p95Seconds: summary.p95Seconds,
    p99Seconds: summary.p99Seconds,
    maxSeconds: summary.maxSeconds,
    totalSeconds: summary.totalSeconds,
    cpuSeconds: summary.cpuSeconds,
    cpuCalls: calls.filter((call) => call.cpuSeconds !== undefined).length,
    rssMean: summary.rssMean,
    rssMax: summary.rssMax,
    durations: thinned(Float64Array.from(durations).sort(), MOST_DURATIONS),
  };
}

/** One tool in two profiles; it may be in one of them only. */
export interface ToolComparison {
  readonly name: string;
  readonly before: ToolProfile | undefined;
  readonly after: ToolProfile | undefined;
  /** `undefined` where one of them has too few durations. */
  readonly difference: Difference | undefined;
}

/** What became of each tool, in the order of the later profile; then those that only the earlier one has. */
export function compareProfiles(before: Profile, after: Profile): ToolComparison[] {
  const known = new Map(before.tools.map((each) => [each.name, each]));
  const later = new Set(after.tools.map(({ name }) => name));
  return [
    ...after.tools.map((each) => compareTool(each.name, known.get(each.name), each)),
    ...before.tools.filter(({ name }) => !later.has(name))
      .map((each) => compareTool(each.name, each, undefined)),
  ];
}

function compareTool(
  name: string,
  before: ToolProfile | undefined,
  after: ToolProfile | undefined,
): ToolComparison {
  const found = difference(before?.durations ?? [], after?.durations ?? []);
  return { name, before, after, difference: found };
}
