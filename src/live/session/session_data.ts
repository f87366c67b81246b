import { type JsonContext, jsonHead, toJson } from "../../summary/json.ts";
import type { LeftBehind } from "../left_behind.ts";
import { callRecord, type FlatRecord, rounded, summaryRecord } from "../../summary/records.ts";
import type { SessionStory } from "./session_story.ts";
import { leftBehindRecord } from "../running_data.ts";

/** A session as one flat record: seconds, KiB, and KiB a second. */
export function sessionRecord(story: SessionStory): FlatRecord {
  const { time, summary, memory, longestGate } = story;
  return {
    session_id: story.sessionId,
    project: story.project ?? null,
    client_version: story.clientVersion ?? null,
    live: story.isLive,
    since_timestamp: rounded(story.since),
    until_timestamp: rounded(story.until),
    span_seconds: rounded(time.span),
    tools_seconds: rounded(time.tools),
    running_seconds: rounded(time.running),
    waiting_seconds: rounded(time.waiting + time.prompts),
    other_seconds: rounded(time.other),
    calls: summary.calls,
    failed: summary.failed ?? null,
    interrupted: summary.interrupted,
    background: summary.background,
    abandoned: story.abandoned,
    running: story.running.length,
    longest_wait_seconds: rounded(longestGate?.waitSeconds),
    processes: story.processes,
    rss_first_kib: rounded(memory?.first),
    rss_last_kib: rounded(memory?.last),
    rss_slope_kib_per_second: rounded(memory?.slope?.slope),
    rss_slope_low_kib_per_second: rounded(memory?.slope?.low),
    rss_slope_high_kib_per_second: rounded(memory?.slope?.high),
    rss_points: memory?.points ?? 0,
    rss_points_used: memory?.used ?? 0,
    rss_biggest_step_kib: rounded(memory?.biggestStep?.size),
    rss_biggest_step_timestamp: rounded(story.stepAt?.x),
    rss_verdict: memory?.verdict ?? null,
    client_cpu_seconds: rounded(story.clientCpuSeconds),
    client_cpu_between_seconds: rounded(story.idleCpuSeconds),
    between_seconds: rounded(story.idleSeconds),
    cpu_seconds: rounded(summary.cpuSeconds),
    cpu_shared: summary.isCpuShared,
    prompts_seconds: rounded(time.prompts),
  };
}

/** A session's story: its record, `all` with the keys of `summaryRecord`, and lists of its calls with those of `callRecord`. */
export function sessionJson(
  story: SessionStory,
  leftBehind: readonly LeftBehind[],
  context: JsonContext,
  besides: Readonly<Record<string, unknown>> = {},
): string {
  return toJson({
    ...jsonHead(context),
    session: sessionRecord(story),
    all: summaryRecord(story.summary),
    rss_levels_kib: (story.memory?.levels ?? []).map(rounded),
    running: story.running.map(callRecord),
    slowest: story.slowest.map(callRecord),
    failures: story.failures.map(({ name, times, last }) => ({
      name,
      times,
      last_timestamp: rounded(last),
    })),
    left_behind: leftBehind.map(leftBehindRecord),
    ...besides,
  });
}
