import { joinLaunches, pairSamples } from "./pair.ts";
import { SampleCall } from "./sample_call.ts";
import type { Sample, Status } from "./sample.ts";

export { serverOf } from "./tool_name.ts";

/**
 * How a call ended, as far as the log says. `unknown`: it ended, its row doesn't say how (basic layout).
 * `running` and `abandoned` (denied, cancelled, killed): it has no end.
 */
export type CallStatus = Status | "unknown" | "running" | "abandoned";

/**
 * One tool call, or one run of a subagent. What can't be known is `undefined`, never 0. Its members may
 * be getters: `{ ...call }` does not copy it.
 */
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
  /**
   * Its rows' times don't fit together: the end is before the start, or a month behind it, or the clock
   * was set between the two (by how much is known, and taken off, where they have the process's start).
   */
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
export function toCalls(samples: Iterable<Sample>, options: CallOptions = {}): SampleCall[] {
  const pairs = pairSamples(samples).sort((a, b) => timeOf(a) - timeOf(b));
  const calls = joinLaunches(pairs).map((pair) => new SampleCall(pair));
  markShared(calls);
  markAbandoned(calls, options);
  return calls;
}

/** Marks the calls that overlap another of the same process; takes calls in order of time. */
function markShared(calls: readonly SampleCall[]): void {
  const latest = new Map<number, SampleCall>();
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

/** By session, or else pid; then by agent. */
type Threads = Map<string | number | undefined, Map<string | undefined, Thread>>;

/**
 * A call without an end is abandoned where its process is gone or its session has moved on: a later call
 * of the same session and agent started when no other was going on, and not in the same batch. It is
 * of another batch when a call between the two has ended, or after `BATCH_SECONDS`. Runs of
 * subagents go on beside their session's calls: of them only the process tells.
 */
function markAbandoned(calls: readonly SampleCall[], options: CallOptions): void {
  const threads: Threads = new Map();
  for (const call of calls) if (!call.isRun) follow(threadOf(threads, call), call);
  const alive = new Map<string, boolean>();
  for (const call of calls) {
    if (call.status !== "running") continue;
    const movedOn = !call.isRun && timeOf(call) <= threadOf(threads, call).movedOn;
    if (movedOn || !isAlive(call.start, alive, options)) call.status = "abandoned";
  }
}

function threadOf(threads: Threads, call: Call): Thread {
  const session = call.sessionId ?? call.start?.pid;
  let agents = threads.get(session);
  if (agents === undefined) threads.set(session, agents = new Map());
  let thread = agents.get(call.agentId);
  if (thread === undefined) {
    thread = { busyUntil: -Infinity, lastEndedStart: -Infinity, movedOn: -Infinity };
    agents.set(call.agentId, thread);
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
