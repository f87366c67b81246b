import { isAgentTool, isSubagentRun, joinLaunches, type Pair, pairSamples } from "./pair.ts";
import type { Sample, Status } from "./sample.ts";

/**
 * How a call ended, as far as the log says. `unknown`: it ended, its row doesn't say how (basic layout).
 * `running` and `abandoned` (denied, cancelled, killed): it has no end.
 */
export type CallStatus = Status | "unknown" | "running" | "abandoned";

/** One tool call, or one run of a subagent. What can't be known is `undefined`, never 0. */
export interface Call {
  readonly toolName: string;
  readonly status: CallStatus;
  /** The rows it was made of; at least one is there. */
  readonly start: Sample | undefined;
  readonly end: Sample | undefined;
  /** Seconds since the epoch. */
  readonly startTime: number | undefined;
  /** Seconds since the epoch. */
  readonly endTime: number | undefined;
  /** The client's figure, else end − start. A subagent's run: from its start to its stop. */
  readonly durationSeconds: number | undefined;
  /** What end − start exceeds the client's figure by: permission prompts and hooks. Needs both. */
  readonly waitSeconds: number | undefined;
  /** CPU of the processes that it started and waited for; unknown for MCP tools and subagents. */
  readonly cpuSeconds: number | undefined;
  /** CPU of the client itself meanwhile. */
  readonly clientCpuSeconds: number | undefined;
  /** Change of the client's resident set, KiB. */
  readonly memoryGrowth: number | undefined;
  /** Descendants that were there at the end and not at the start; below 0 counts as 0. */
  readonly survivors: number | undefined;
  /** Other calls of the same process overlapped: the CPU figures hold some of theirs. */
  readonly shared: boolean;
  /** Paired by order while calls overlapped. */
  readonly approximate: boolean;
  /** Its end row's time is before its start row's: the clock was set back, or hooks ran out of order. */
  readonly reversed: boolean;
  /** A subagent's run; its own calls are calls besides. */
  readonly isRun: boolean;
  /** Not recorded, but read from a transcript: its duration holds the waits. */
  readonly imported?: true;
  readonly sessionId: string | undefined;
  readonly agentId: string | undefined;
  readonly project: string | undefined;
}

/** What the rows alone can't tell. */
export interface CallOptions {
  /** Whether the process still lives; without it a call is running until its session has moved on. */
  readonly isAlive?: ((pid: number, processStart: number | undefined) => boolean) | undefined;
}

/** The MCP server of a tool named `mcp__SERVER__TOOL`, `undefined` for all other tools. */
export function serverOf(toolName: string): string | undefined {
  if (!toolName.startsWith("mcp__")) return undefined;
  const end = toolName.indexOf("__", 5);
  return end > 5 ? toolName.slice(5, end) : undefined;
}

/** When a call began, or else ended: what it is sorted and filtered by. Seconds since the epoch. */
export function timeOf(call: { start?: Sample | undefined; end?: Sample | undefined }): number {
  return (call.start ?? call.end)?.timestamp ?? 0;
}

/** True for a call that came to its end. */
export function hasEnded(call: Call): boolean {
  return call.status !== "running" && call.status !== "abandoned";
}

/**
 * The calls that the samples of a log make, given in file order; returned in order of time.
 * See `pairSamples` for how rows become calls, `joinLaunches` for subagents.
 */
export function toCalls(samples: Iterable<Sample>, options: CallOptions = {}): Call[] {
  const pairs = pairSamples(samples).sort((a, b) => timeOf(a) - timeOf(b));
  const calls = joinLaunches(pairs).map(toCall);
  markShared(calls);
  markAbandoned(calls, options);
  return calls;
}

/** A call whose marks are still to be set. */
type Draft = { -readonly [K in keyof Call]: Call[K] };

function toCall(pair: Pair): Draft {
  const { start, launch } = pair;
  const launchStatus = launch?.end?.status;
  // A launch that returned at the end of its run stands in for a stop that was never written.
  const end = pair.end ?? (launchStatus === "background" ? undefined : launch?.end);
  const any = start ?? end;
  const reversed = start !== undefined && end !== undefined && end.timestamp < start.timestamp;
  const isRun = any !== undefined && (launch !== undefined || isSubagentRun(any));
  const toolName = named(start) ?? named(end) ?? "unknown";
  const usage = usageBetween(toolName, start, end);
  return {
    toolName,
    status: end === undefined ? "running" : endStatus(end, launchStatus),
    start,
    end,
    startTime: start?.timestamp,
    endTime: end?.timestamp,
    durationSeconds: isRun ? wallSeconds(start, end) : durationSeconds(start, end),
    waitSeconds: launch === undefined
      ? waitSeconds(start, end)
      : waitSeconds(launch.start, launch.end),
    ...usage,
    shared: false,
    approximate: pair.approximate,
    reversed,
    isRun,
    sessionId: start?.sessionId ?? end?.sessionId,
    agentId: start?.agentId ?? end?.agentId,
    project: start?.project ?? end?.project,
  };
}

function named(sample: Sample | undefined): string | undefined {
  return sample === undefined || sample.toolName === "unknown" ? undefined : sample.toolName;
}

function endStatus(end: Sample, launchStatus: Status | undefined): CallStatus {
  if (launchStatus === "error" || launchStatus === "interrupted") return launchStatus;
  return end.status ?? "unknown";
}

function wallSeconds(start: Sample | undefined, end: Sample | undefined): number | undefined {
  return difference(start?.timestamp, end?.timestamp);
}

function durationSeconds(start: Sample | undefined, end: Sample | undefined): number | undefined {
  return end?.durationMs === undefined ? wallSeconds(start, end) : end.durationMs / 1000;
}

function waitSeconds(start: Sample | undefined, end: Sample | undefined): number | undefined {
  const wall = wallSeconds(start, end);
  if (wall === undefined || end?.durationMs === undefined) return undefined;
  return Math.max(0, wall - end.durationMs / 1000);
}

/** `to` − `from`; `undefined` where one is unknown or the difference is below 0. */
function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

type Usage = Pick<Call, "cpuSeconds" | "clientCpuSeconds" | "memoryGrowth" | "survivors">;

function usageBetween(
  toolName: string,
  start: Sample | undefined,
  end: Sample | undefined,
): Usage {
  const known = start !== undefined && end !== undefined && isSameProcess(start, end);
  const from = known ? start : undefined;
  const to = known ? end : undefined;
  // MCP servers are never waited for, and a subagent's CPU is that of its calls.
  const isWaitedFor = serverOf(toolName) === undefined && !isAgentTool(toolName);
  const survivors = from?.children === undefined || to?.children === undefined
    ? undefined
    : Math.max(0, to.children - from.children);
  const memoryGrowth = from?.memoryRss === undefined || to?.memoryRss === undefined
    ? undefined
    : to.memoryRss - from.memoryRss;
  return {
    cpuSeconds: isWaitedFor ? difference(from?.childCpuSeconds, to?.childCpuSeconds) : undefined,
    clientCpuSeconds: difference(from?.cpuSeconds, to?.cpuSeconds),
    memoryGrowth,
    survivors,
  };
}

/** The boot time that starts are counted from moves a little when the clock is adjusted. */
const PROCESS_START_TOLERANCE_SECONDS = 2;

function isSameProcess(a: Sample, b: Sample): boolean {
  if (a.pid === undefined || a.pid !== b.pid) return false;
  if (a.processStart === undefined || b.processStart === undefined) {
    return a.processStart === b.processStart;
  }
  return Math.abs(a.processStart - b.processStart) <= PROCESS_START_TOLERANCE_SECONDS;
}

/** Marks the calls that overlap another of the same process; takes calls in order of time. */
function markShared(calls: readonly Draft[]): void {
  const latest = new Map<number, Draft>();
  for (const call of calls) {
    const pid = call.start?.pid;
    if (pid === undefined || call.endTime === undefined || call.isRun || call.reversed) continue;
    const previous = latest.get(pid);
    if (previous !== undefined && timeOf(call) < (previous.endTime ?? 0)) {
      previous.shared = true;
      call.shared = true;
    }
    if (previous === undefined || call.endTime > (previous.endTime ?? 0)) latest.set(pid, call);
  }
}

/** Calls of one batch start within so many seconds of each other: a client starts them as the model writes them. */
const BATCH_SECONDS = 30;

/** What is known so far of the calls of one session and agent. */
interface Thread {
  busyUntil: number;
  lastEndedStart: number;
  /** A call without an end that started up to here is over. */
  movedOn: number;
}

/**
 * A call without an end is abandoned where its process is gone or its session has moved on: a later call
 * of the same session and agent started when no other was going on, and not in the same batch. It is
 * of another batch when a call between the two has ended, or after `BATCH_SECONDS`. Runs of
 * subagents go on beside their session's calls: of them only the process tells.
 */
function markAbandoned(calls: readonly Draft[], options: CallOptions): void {
  const threads = new Map<string, Thread>();
  for (const call of calls) if (!call.isRun) follow(threadOf(threads, call), call);
  const alive = new Map<string, boolean>();
  for (const call of calls) {
    if (call.status !== "running") continue;
    const movedOn = !call.isRun && timeOf(call) <= threadOf(threads, call).movedOn;
    if (movedOn || !isAlive(call.start, alive, options)) call.status = "abandoned";
  }
}

function threadOf(threads: Map<string, Thread>, call: Call): Thread {
  const key = `${call.sessionId ?? call.start?.pid}\n${call.agentId ?? ""}`;
  let thread = threads.get(key);
  if (thread === undefined) {
    thread = { busyUntil: -Infinity, lastEndedStart: -Infinity, movedOn: -Infinity };
    threads.set(key, thread);
  }
  return thread;
}

function follow(thread: Thread, call: Call): void {
  const time = call.startTime;
  if (time === undefined) return;
  if (time >= thread.busyUntil) {
    thread.movedOn = Math.max(thread.movedOn, thread.lastEndedStart, time - BATCH_SECONDS);
  }
  if (call.endTime === undefined) return;
  thread.lastEndedStart = time;
  thread.busyUntil = Math.max(thread.busyUntil, call.endTime);
}

function isAlive(
  start: Sample | undefined,
  known: Map<string, boolean>,
  options: CallOptions,
): boolean {
  if (start?.pid === undefined || options.isAlive === undefined) return true;
  const key = `${start.pid} ${start.processStart ?? ""}`;
  const answer = known.get(key) ?? options.isAlive(start.pid, start.processStart);
  known.set(key, answer);
  return answer;
}
