import type { Call } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";

/** What a line of the table stands for; `other`: a session, a project, a day. */
export type GroupKind = "tool" | "command" | "agent" | "mcp" | "other" | "all";

/** What a group of calls came to. Seconds, KiB, per cent of one core; `undefined` is "not known". */
export interface Summary {
  readonly name: string;
  readonly kind: GroupKind;
  /** Calls that ended. */
  readonly calls: number;
  /** Ended by an error; unknown where no row says how calls ended. */
  readonly failed: number | undefined;
  readonly interrupted: number;
  /** Returned while their work went on: not in the mean, the quantiles and the maximum. */
  readonly background: number;
  /** Read from transcripts and not recorded. */
  readonly imported: number;
  /** How many durations the mean, the quantiles and the maximum rest on. */
  readonly timed: number;
  readonly meanSeconds: number | undefined;
  readonly p50Seconds: number | undefined;
  readonly p95Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
  readonly maxSeconds: number | undefined;
  /** Sum of a tool's durations; of `all` and `other` the length of their union, so that overlaps count once. */
  readonly totalSeconds: number | undefined;
  /** `totalSeconds` over that of all calls, 0 … 1; the shares of calls side by side overlap. */
  readonly shareOfTime: number | undefined;
  /** Between request and run: at the gate, and in prompts. */
  readonly waitSeconds: number | undefined;
  /** In prompts, as far as rows say that one was shown. */
  readonly promptSeconds: number | undefined;
  readonly gateSeconds: number | undefined;
  /** CPU of the tools' processes; what overlapping calls share counts once. */
  readonly cpuSeconds: number | undefined;
  /** Some of the CPU may be that of other calls at the same time. */
  readonly isCpuShared: boolean;
  /** What the processes of the call that held most held at its peak, KiB: shared pages once where that is known. */
  readonly peakMemory: number | undefined;
  /** The name of the process that held most of it. */
  readonly peakProcess: string | undefined;
  /** Whether shared pages are counted once in it. */
  readonly isPeakProportional: boolean;
  /** It may be that of a call beside it. */
  readonly isPeakShared: boolean;
  /** Over the rows at start and end: */
  readonly rssMean: number | undefined;
  readonly rssMax: number | undefined;
  readonly cpuPercentMean: number | undefined;
  readonly cpuPercentMax: number | undefined;
  /** CPU of the tools' processes over the time in those calls that know it, per cent of one core. */
  readonly cpuPercentDuring: number | undefined;
  /** The client's resident set at the end of a call, on average, KiB. */
  readonly rssEnd: number | undefined;
  /** What the client's resident set changed by during the calls, overlaps once, KiB. */
  readonly growth: number | undefined;
  /** Text that the model was given of the calls of which that is known, bytes. */
  readonly outputBytes: number | undefined;
  /** When the first of the calls began, or else ended, and when the last one ended, seconds since the epoch. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
}

/** The calls of a log in figures. */
export interface Report {
  /** By total time, longest first, then by name. */
  readonly groups: readonly Summary[];
  readonly all: Summary;
  readonly sessions: number;
  readonly projects: number;
  /** Names of MCP tools among the calls. */
  readonly mcpTools: number;
  /** Calls without an end, oldest first. */
  readonly running: readonly Call[];
  readonly abandoned: number;
  readonly approximate: number;
  readonly reversed: number;
  readonly withoutStart: number;
  /** Time of the first and the last call, seconds since the epoch. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** From the first call's start to the last end. */
  readonly spanSeconds: number | undefined;
}

/** What line of the table a call belongs to. */
export interface Group {
  readonly name: string;
  readonly kind: GroupKind;
}

/** A number for each call of some columns, below `count`: calls of the same number belong to the same group. */
export interface GroupKeys {
  readonly numbers: Int32Array;
  readonly count: number;
}

/** How calls are put into groups. The keys are there so that a group is looked up once and not for each call. */
export interface GroupRule {
  readonly keysOf: (columns: CallColumns) => GroupKeys;
  readonly groupOf: (call: Call) => Group;
}
