/** How a call can end, as its end row says. */
export const STATUSES = ["ok", "error", "interrupted", "background"] as const;

export type Status = typeof STATUSES[number];

/** The events that calls are made of: the beginning and the end of one. */
export const CALL_EVENTS = ["start", "end"] as const;

export type CallEvent = typeof CALL_EVENTS[number];

/**
 * What a row stands for. Beside calls:
 *
 * - `prompt`: a person's prompt begins a turn. It has the prompt's id, and nothing of its text.
 * - `stop`: a turn ends, with status `ok`, or `error` where the model gave no answer; without a status the
 *   session ends.
 * - `permission`: the client asks the person whether a tool may run. It has the tool, its command and the
 *   permission mode; no tool_use_id: it is of the open call of that session, agent and tool.
 * - `done`: work that went on in the background ends. It has the tool_use_id of the call that launched it,
 *   how it ended (status) and the exit code.
 * - `peak`: what the processes of a call came to while it ran, as the sampler saw them. It has the call's tool,
 *   command and tool_use_id, and the status of its end; of work in the background a second one follows.
 */
export const EVENTS = [...CALL_EVENTS, "prompt", "stop", "permission", "done", "peak"] as const;

export type EventKind = typeof EVENTS[number];

/** Whether a row with this event is one of the two that a call is made of. */
export function isCallEvent(event: EventKind | undefined): event is CallEvent {
  return event === "start" || event === "end";
}

/**
 * What the operating system says of the monitored process at one moment. `undefined` is "not known",
 * never 0.
 */
export interface ProcessUsage {
  /** Process id. */
  readonly pid: number;
  /** Start of the process, seconds since the epoch; tells a process from a later one with its pid. */
  readonly processStart?: number | undefined;
  /** CPU time over lifetime in per cent of one core, as `ps -o %cpu`. */
  readonly cpuPercent?: number | undefined;
  /** Resident set size, KiB. */
  readonly memoryRss?: number | undefined;
  /** User + system CPU seconds of the process itself, cumulative. */
  readonly cpuSeconds?: number | undefined;
  /** User + system CPU seconds of its waited-for children, cumulative. */
  readonly childCpuSeconds?: number | undefined;
  /** Resident set size of the process and all its descendants, KiB. */
  readonly treeRss?: number | undefined;
  /** Number of live descendants. */
  readonly children?: number | undefined;
  /** User + system CPU seconds of the live descendants, cumulative; it falls when one ends. */
  readonly liveCpuSeconds?: number | undefined;
  /** Bytes that the process and its waited-for children read from storage, cumulative. */
  readonly readBytes?: number | undefined;
  /** The same of bytes written to it. */
  readonly writeBytes?: number | undefined;
  /** Major page faults of its waited-for children, cumulative. */
  readonly majorFaults?: number | undefined;
}

/** What the processes of a call came to while it ran. */
export interface ProcessPeak {
  /** The larger of the highest sum of their resident sets at one moment and the highest that one alone had, KiB. */
  readonly peakRss?: number | undefined;
  /** The sum of their proportional sets when that of the resident ones last was at its highest, KiB. */
  readonly peakPss?: number | undefined;
  /** How many there were at most. */
  readonly peakProcesses?: number | undefined;
  /** The name of the one that held most. */
  readonly peakProcess?: string | undefined;
  /** Seconds from the first to the last moment at which one of them was seen. */
  readonly processSeconds?: number | undefined;
}

/** What a hook's JSON says of a call. */
export interface CallInfo {
  readonly toolName: string;
  readonly status?: Status | undefined;
  /** Exit code of a failed Bash. */
  readonly exitCode?: number | undefined;
  /** The client's own figure for the tool's run time, milliseconds. */
  readonly durationMs?: number | undefined;
  readonly sessionId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly agentType?: string | undefined;
  readonly toolUseId?: string | undefined;
  /** Last part of the folder that the session was opened on; where that is not known, of where it was. */
  readonly project?: string | undefined;
  /** One redacted line; recorded only on request. */
  readonly params?: string | undefined;
  /** Whose hook it was: other clients run Claude Code's, too. */
  readonly client?: string | undefined;
  /** The client's id of the prompt that the call belongs to. */
  readonly promptId?: string | undefined;
  /** What the client asked the person for at that moment, in its own word. */
  readonly permissionMode?: string | undefined;
  /**
   * Of Bash program and, where it has one, subcommand (`npm test`), of WebFetch the host, of Agent and Skill the
   * name; recorded only on request.
   */
  readonly command?: string | undefined;
  /** UTF-8 bytes of the text that the model was given. */
  readonly outputBytes?: number | undefined;
}

/** One hook event: a row of the log. Each member has its column in `COLUMNS`. */
export interface Sample extends CallInfo, Omit<ProcessUsage, "pid">, ProcessPeak {
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly event: EventKind;
  readonly pid?: number | undefined;
  readonly clientVersion?: string | undefined;
}

/** The figures of a call, from its two rows. */

/** What they are worked out from. */
export type FigureRow = Pick<
  Sample,
  "timestamp" | "durationMs" | "pid" | "processStart" | "toolUseId"
>;

/** What tells a process from all others. */
export type ProcessName = Pick<Sample, "pid" | "processStart">;
