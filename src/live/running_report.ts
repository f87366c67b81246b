import { type Call, serverOf } from "../calls/call.ts";
import { isAgentTool } from "../row/tool_name.ts";
import type { LiveProcess } from "../sampler/live_process.ts";
import { childrenOf, type LeftBehind } from "./left_behind.ts";

/** What a set of processes does now. */
export interface Activity {
  /** Busiest first, then the largest. */
  readonly processes: readonly LiveProcess[];
  /** Per cent of one core, over the time between two looks. */
  readonly cpuPercent: number;
  /** Sum of the resident sets, KiB; what processes share counts in each. */
  readonly rss: number;
}

/** A call without an end, and what can be said of it. */
export interface RunningCall {
  readonly call: Call;
  /** Seconds since its start. */
  readonly age: number;
  /** `asking`: the person was asked for it. `children`: see the activity. `hidden`: no pid in the log. `server`: an MCP server does it. */
  readonly state: "asking" | "children" | "idle" | "hidden" | "server" | "subagent";
  readonly activity: Activity | undefined;
  /** Other calls of the same client run too: the processes may be theirs. */
  readonly isShared: boolean;
  /** The memory of its processes since it is watched, KiB, as the sampler saw it; empty where none watches it. */
  readonly memory: readonly number[];
}

/** A process that a call left behind, with what it does now. */
export interface LeftBehindNow extends LeftBehind {
  /** Seconds since the process began. */
  readonly age: number;
  readonly activity: Activity;
}

/** What is going on now. */
export interface RunningReport {
  /** Oldest first. */
  readonly running: readonly RunningCall[];
  readonly leftBehind: readonly LeftBehindNow[];
  /** Newest first. */
  readonly abandoned: readonly Call[];
}

/** One look at the processes, and a later one. */
export interface Looks {
  readonly first: readonly LiveProcess[];
  readonly second: readonly LiveProcess[];
  /** Seconds between them. */
  readonly seconds: number;
  /** The memory over time of calls that the sampler watches, KiB, by tool_use_id. */
  readonly courses?: ReadonlyMap<string, readonly number[]>;
}

/** Puts together what runs, in order of time, out of the calls and two looks at the processes. */
export function runningReport(
  calls: readonly Call[],
  leftBehind: readonly LeftBehind[],
  looks: Looks,
  now: number,
): RunningReport {
  const running = calls.filter(({ status }) => status === "running");
  return {
    running: running.map((call) => toRunning(call, running, looks, now)),
    leftBehind: leftBehind.map((each) => ({
      ...each,
      age: now - each.process.processStart,
      activity: activityOf(each.tree, looks),
    })),
    abandoned: calls.filter(({ status }) => status === "abandoned").reverse(),
  };
}

function toRunning(
  call: Call,
  running: readonly Call[],
  looks: Looks,
  now: number,
): RunningCall {
  const children = childrenOf(call, looks.second);
  const state = stateOf(call, children.length > 0);
  return {
    call,
    age: now - (call.startTime ?? now),
    state,
    activity: state === "children" ? activityOf(children, looks) : undefined,
    isShared: running.some((each) => each !== call && each.process === call.process),
    memory: looks.courses?.get(call.start?.toolUseId ?? "") ?? [],
  };
}

function stateOf(call: Call, hasChildren: boolean): RunningCall["state"] {
  if (call.askedSince !== undefined && !hasChildren) return "asking";
  if (call.isRun || isAgentTool(call.toolName)) return "subagent";
  if (serverOf(call.toolName) !== undefined) return "server";
  if (call.start?.pid === undefined) return "hidden";
  return hasChildren ? "children" : "idle";
}

/** What processes did between the looks. */
export function activityOf(
  processes: readonly LiveProcess[],
  { first, second, seconds }: Looks,
): Activity {
  const before = new Map(first.map((each) => [each.pid, each.cpuSeconds]));
  const pids = new Set(processes.map(({ pid }) => pid));
  const used = second.filter(({ pid }) => pids.has(pid)).map((process) => ({
    process,
    // What was not there before has used all its CPU since.
    cpu: process.cpuSeconds - (before.get(process.pid) ?? 0),
  })).sort((a, b) => b.cpu - a.cpu || b.process.rss - a.process.rss);
  const cpu = used.reduce((sum, each) => sum + each.cpu, 0);
  return {
    processes: used.map(({ process }) => process),
    cpuPercent: seconds > 0 ? 100 * cpu / seconds : 0,
    rss: used.reduce((sum, { process }) => sum + process.rss, 0),
  };
}
