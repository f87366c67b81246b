import { type Call, timeOf } from "../../calls/call.ts";
import type { CallList } from "../../calls/call_list.ts";
import { Processes } from "../../calls/processes.ts";
import { type MemoryTrend, memoryTrend } from "../../stats/memory_trend.ts";
import type { Sample } from "../../row/sample.ts";
import { unionLength } from "../../stats/quantiles.ts";
import { rankFigures } from "../../summary/ranks.ts";
import { isEnded } from "../../calls/call_state.ts";
import { type RssPoint, rssPoints } from "../../summary/growth.ts";
import { summarize } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";

/** Calls of one tool that failed in the same way. */
export interface Failure {
  /** `Bash exit 1`, `Read interrupted`. */
  readonly name: string;
  readonly times: number;
  /** End of the last one, seconds since the epoch. */
  readonly last: number;
}

/** How a session's time went, seconds; the parts add up to the span, overlaps counted in the first that fits. */
export interface TimeParts {
  readonly span: number;
  readonly tools: number;
  /** In calls that have not ended yet. */
  readonly running: number;
  /** In prompts, as far as rows say that one was shown, and in what else was between request and run. */
  readonly prompts: number;
  readonly waiting: number;
  readonly other: number;
}

/** What one session came to. */
export interface SessionStory {
  readonly sessionId: string;
  readonly project: string | undefined;
  readonly clientVersion: string | undefined;
  /** Its client lives and has begun no other session since. */
  readonly isLive: boolean;
  /** Seconds since the epoch; of a live session `until` is now. */
  readonly since: number;
  readonly until: number;
  readonly time: TimeParts;
  readonly summary: Summary;
  readonly running: readonly Call[];
  readonly abandoned: number;
  readonly longestGate: Call | undefined;
  /** Of the process with the most rows. */
  readonly memory: MemoryTrend | undefined;
  /** The row after the biggest step. */
  readonly stepAt: RssPoint | undefined;
  /** How many processes it ran in: more than one where it was resumed. */
  readonly processes: number;
  /** CPU of the client itself, and the part of it while no call was going on. */
  readonly clientCpuSeconds: number | undefined;
  readonly idleCpuSeconds: number | undefined;
  /** Time while no call was going on and the client's CPU is known of. */
  readonly idleSeconds: number;
  /** Slowest first. */
  readonly slowest: readonly Call[];
  /** Most frequent first. */
  readonly failures: readonly Failure[];
}

const SLOWEST = 5;

/** Tells the story of the calls of one session, at least one. */
export function sessionStory(
  list: CallList,
  { now, isLive, slowest = SLOWEST }: {
    readonly now: number;
    readonly isLive: boolean;
    readonly slowest?: number | undefined;
  },
): SessionStory {
  const { calls, columns } = list;
  const ended = list.filter((index) => isEnded(columns.status[index]!));
  const { all, running, abandoned } = summarize(list);
  const rows = calls.flatMap(({ start, end }) => [start, end])
    .filter((row) => row !== undefined).sort((a, b) => a.timestamp - b.timestamp);
  const since = rows[0]?.timestamp ?? now;
  // The clock can have been set back since.
  const until = Math.max(since, isLive ? now : rows.at(-1)?.timestamp ?? now);
  const points = longestSeries(calls);
  const memory = memoryTrend(points);
  return {
    sessionId: rows.findLast((row) => row.sessionId !== undefined)?.sessionId ?? "",
    project: calls.find(({ project }) => project !== undefined)?.project,
    clientVersion: rows.findLast((row) => row.clientVersion !== undefined)?.clientVersion,
    isLive,
    since,
    until,
    time: timeParts(calls, since, until),
    summary: all,
    running,
    abandoned,
    longestGate: list.greatest(1, rankFigures(columns, "gate"))[0],
    memory,
    stepAt: memory?.biggestStep && points[memory.biggestStep.index],
    processes: new Set(calls.flatMap(({ process }) => process || [])).size,
    ...clientCpu(calls, rows),
    slowest: ended.greatest(slowest, rankFigures(columns, "duration")),
    failures: failuresOf(calls),
  };
}

function timeParts(calls: readonly Call[], since: number, until: number): TimeParts {
  const starts: number[] = [];
  const ends: number[] = [];
  let covered = 0;
  /** Adds intervals, cut to the session's bounds; returns how much more time is covered then. */
  const cover = (intervals: Iterable<readonly [from: number, to: number]>): number => {
    for (const [from, to] of intervals) {
      if (to < from) continue;
      starts.push(Math.max(since, Math.min(from, until)));
      ends.push(Math.max(since, Math.min(to, until)));
    }
    const before = covered;
    covered = unionLength(starts, ends);
    return covered - before;
  };
  const tools = cover(
    calls.flatMap(({ endTime, durationSeconds }) =>
      endTime === undefined || durationSeconds === undefined
        ? []
        : [[endTime - durationSeconds, endTime] as const]
    ),
  );
  const running = cover(
    calls.filter(({ status }) => status === "running").map((call) => [timeOf(call), until]),
  );
  const prompts = cover(
    calls.flatMap(({ endTime, durationSeconds = 0, promptSeconds }) => {
      if (endTime === undefined || promptSeconds === undefined) return [];
      const run = endTime - durationSeconds;
      return [[run - promptSeconds, run] as const];
    }),
  );
  const waiting = cover(
    calls.flatMap(({ startTime, endTime }) =>
      startTime === undefined || endTime === undefined ? [] : [[startTime, endTime] as const]
    ),
  );
  const span = until - since;
  return { span, tools, running, prompts, waiting, other: Math.max(0, span - covered) };
}

function longestSeries(calls: readonly Call[]): RssPoint[] {
  const byProcess = Map.groupBy(calls, ({ process }) => process);
  return [...byProcess.values()].map(rssPoints)
    .reduce((longest, points) => points.length > longest.length ? points : longest, []);
}

type ClientCpu = Pick<SessionStory, "clientCpuSeconds" | "idleCpuSeconds" | "idleSeconds">;

/**
 * The client's CPU between rows, by whether a call was going on. A subagent's run counts as none: the
 * client works for it as for the session itself.
 */
function clientCpu(calls: readonly Call[], rows: readonly Sample[]): ClientCpu {
  const steps = new Map<Sample, number>();
  for (const { start, end, isRun, status, reversed } of calls) {
    if (isRun || reversed || start === undefined || status === "abandoned") continue;
    steps.set(start, 1);
    if (end !== undefined) steps.set(end, -1);
  }
  let open = 0;
  let total: number | undefined;
  let idle = 0;
  let idleSeconds = 0;
  const processes = new Processes();
  const newest = new Map<number, Sample>();
  for (const row of rows) {
    const process = processes.of(row.pid ?? NaN, row.processStart ?? NaN);
    const before = newest.get(process);
    if (row.cpuSeconds !== undefined) {
      if (before?.cpuSeconds !== undefined) {
        const used = Math.max(0, row.cpuSeconds - before.cpuSeconds);
        total = (total ?? 0) + used;
        if (open === 0) {
          idle += used;
          idleSeconds += row.timestamp - before.timestamp;
        }
      }
      newest.set(process, row);
    }
    open += steps.get(row) ?? 0;
  }
  return {
    clientCpuSeconds: total,
    idleCpuSeconds: total === undefined ? undefined : idle,
    idleSeconds,
  };
}

function failuresOf(calls: readonly Call[]): Failure[] {
  const failures = new Map<string, Failure>();
  for (const { toolName, status, end } of calls) {
    if (end === undefined || (status !== "error" && status !== "interrupted")) continue;
    const how = end.exitCode === undefined || status === "interrupted"
      ? status
      : `exit ${end.exitCode}`;
    const name = `${toolName} ${how}`;
    const known = failures.get(name);
    failures.set(name, {
      name,
      times: (known?.times ?? 0) + 1,
      last: Math.max(known?.last ?? 0, end.timestamp),
    });
  }
  return [...failures.values()].sort((a, b) => b.times - a.times || b.last - a.last);
}
