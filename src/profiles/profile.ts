import { type Call, hasEnded, timeOf } from "../calls/call.ts";
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
  /** The CPU of the tools' processes, seconds, and the number of calls that it is known of. */
  readonly cpuSeconds: number | undefined;
  readonly cpuCalls: number | undefined;
  /** The resident set of the client at starts and ends of calls, KiB. */
  readonly rssMean: number | undefined;
  readonly rssMax: number | undefined;
  /** The durations of the calls, seconds, ascending; of more than `MOST_DURATIONS` so many quantiles. */
  readonly durations: readonly number[];
}

/** What the calls of each tool came to in one time, kept to compare later ones with. */
export interface Profile {
  /** The time when it was made, seconds since the epoch. */
  readonly created: number;
  /** The path of the log that it was made of. */
  readonly log: string;
  /** Which calls it is of, for people: `Last 7 days, Bash`. */
  readonly covers: string;
  /** From the first call's beginning to the last one's end, seconds since the epoch; not known of 0.1.0's. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** The number of calls that ended, of all tools. */
  readonly calls: number;
  /** The tools, those in which most time was spent first. */
  readonly tools: readonly ToolProfile[];
}

/** The most durations of one tool in a profile, which are some 20 KB of JSON. */
export const MOST_DURATIONS = 2000;

/** Makes the profile of calls; those that have not ended are left out. */
export function toProfile(
  list: CallList,
  about: Pick<Profile, "created" | "log" | "covers">,
): Profile {
  const ended = list.calls.filter(hasEnded);
  const byTool = Map.groupBy(ended, (call) => call.toolName);
  const { groups, all } = summarize(list, tool);
  const tools = groups.map((group) => toToolProfile(group, byTool.get(group.name) ?? []));
  const until = ended.reduce(
    (last, call) => Math.max(last, call.endTime ?? timeOf(call)),
    -Infinity,
  );
  const [first] = ended; // they are in order of time
  return {
    ...about,
    from: first && timeOf(first),
    until: first && until,
    calls: all.calls,
    tools,
  };
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
  /** By how much the tool's durations differ; `undefined` where one profile has too few, or both are of one time. */
  readonly difference: Difference | undefined;
}

/** When what a profile is of has ended, seconds since the epoch: when it was made at the latest. */
export function endOf({ until, created }: Profile): number {
  return until ?? created;
}

/** Whether two profiles are of one time in part, so that what differs between them is no change. */
export function overlap(before: Profile, after: Profile): boolean {
  if (before.calls === 0 || after.calls === 0) return false;
  // Of 0.1.0's profiles nothing tells when they begin.
  const [first, second] = endOf(before) <= endOf(after) ? [before, after] : [after, before];
  return endOf(first) === endOf(second) || second.from !== undefined && second.from < endOf(first);
}

/**
 * Compares two profiles tool by tool, in the order of the later one; tools that only the earlier
 * one has come last. Where they overlap no difference is told.
 */
export function compareProfiles(before: Profile, after: Profile): ToolComparison[] {
  const compared = compareTools(before, after);
  return overlap(before, after)
    ? compared.map((each) => ({ ...each, difference: undefined }))
    : compared;
}

/** Compares the tools of two profiles that have no call in common, in the order of `compareProfiles`. */
export function compareTools(before: Profile, after: Profile): ToolComparison[] {
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
