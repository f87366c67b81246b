import type { Sample, Status } from "../row/sample.ts";
import { type CallStatus, isEnded, numberOf } from "./call_state.ts";
export { serverOf } from "../row/tool_name.ts";

/** The end of a call's work that went on in the background, as the client told the model of it. */
export interface BackgroundWork {
  /** From the start of the call, less what it waited, to there; of an agent the client's own figure. */
  readonly seconds: number | undefined;
  /** It may have taken less: a command ends before the model is told, and nothing in the log says when. */
  readonly atMost: boolean;
  /** When the model was told, seconds since the epoch. */
  readonly endTime: number;
  readonly exitCode: number | undefined;
  readonly status: Status | undefined;
}

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
  /** What came of its work where that went on in the background, and has ended. */
  readonly background?: BackgroundWork | undefined;
  /** What end − start exceeds the client's figure by: prompts and the gate. Needs both. */
  readonly waitSeconds: number | undefined;
  /** The part of it in which the person was asked; only where a row says that a prompt was shown. */
  readonly promptSeconds: number | undefined;
  /** The other part: the client's checks and hooks. */
  readonly gateSeconds: number | undefined;
  /** Of a call without an end: when the person was asked, seconds since the epoch; only where a row says so. */
  readonly askedSince: number | undefined;
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
  readonly imported?: true | undefined;
  /** Tells its monitored process from others of the same calls, also from one with its pid; 0 is "not known". */
  readonly process: number;
  readonly sessionId: string | undefined;
  readonly agentId: string | undefined;
  /** That of the session's first call. */
  readonly project: string | undefined;
  /** Whose call it is: other clients run Claude Code's hooks, too. */
  readonly client: string;
  /** Which command it was: `npm test`, a host, the name of an agent or a skill. */
  readonly command: string | undefined;
  /** UTF-8 bytes of the text that the model was given. */
  readonly outputBytes: number | undefined;
  /** What its processes held at most, KiB: shared pages once where that is known, else the sum of resident sets. */
  readonly peakMemory: number | undefined;
  /** Whether shared pages are counted once in `peakMemory`. */
  readonly isPeakProportional: boolean;
  /** How many processes it had at most. */
  readonly peakProcesses: number | undefined;
  /** The name of the process that held most. */
  readonly peakProcess: string | undefined;
  /** Seconds from the first to the last moment at which one of its processes was seen: the rest is the client's. */
  readonly processSeconds: number | undefined;
  /** Calls beside it have the same figures of processes: nothing told which were whose. */
  readonly isPeakShared: boolean;
  /** Bytes that its processes and the client read from storage; with calls beside it theirs, too. */
  readonly readBytes: number | undefined;
  /** The same of bytes written to storage. */
  readonly writeBytes: number | undefined;
  /** Page faults of its processes that had to wait for storage. */
  readonly majorFaults: number | undefined;
}

/**
 * How long a call's work took, seconds: where it went on in the background and has ended, until then, else as
 * long as the call.
 */
export function lastedSeconds({ background, durationSeconds }: Call): number | undefined {
  return background?.seconds ?? durationSeconds;
}

/** The exit code of a call's process, in the background too. */
export function exitCodeOf({ background, end }: Call): number | undefined {
  return background?.exitCode ?? end?.exitCode;
}

/** When a call began, or else ended: what it is sorted and filtered by. Seconds since the epoch. */
export function timeOf(call: { start?: Sample | undefined; end?: Sample | undefined }): number {
  return (call.start ?? call.end)?.timestamp ?? 0;
}

/** True for a call that came to its end. */
export function hasEnded(call: Call): boolean {
  return isEnded(numberOf(call.status));
}
