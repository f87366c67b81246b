import type { Answer } from "../../summary/answers.ts";
import type { Change } from "../../summary/findings.ts";
import type { Growth } from "../../summary/growth.ts";
import type { TextKey } from "./columns.ts";
import type { Flags } from "../../text/command_line.ts";
import type { StoredReport } from "./stored_report.ts";

/** A client that calls ran in. */
export interface ProcessId {
  readonly pid: number;
  /** Seconds since the epoch. */
  readonly processStart?: number | undefined;
}

/** A turn on the timeline. */
export interface PageTurn {
  /** The number of its session among the page's, from 1. */
  readonly session: number;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Seconds, in the order of `TURN_PARTS`. */
  readonly parts: readonly number[];
  /** The person's own time before it, seconds; 0 where it is not known, or absence. */
  readonly own: number;
}

/** The parts of a turn; `together` is tools, prompts and gates, which a transcript does not tell apart. */
export const TURN_PARTS = ["model", "tools", "together", "prompts", "gates", "away"] as const;

/** What a page says besides its calls. Columns have the numbers of what is in these lists, from 1. */
export interface PageHead {
  /** perfmon's version. */
  readonly perfmon: string;
  /** When the page was made, seconds since the epoch. */
  readonly made: number;
  /** What the calls cover: `Last 7 days`. */
  readonly covers: string;
  /** What a reader has to know besides, e.g. of rows that were skipped. */
  readonly notes: readonly string[];
  /** Calls in the page, and older ones that were left out. */
  readonly calls: number;
  readonly omitted: number;
  /** Calls whose parameters were left out. */
  readonly omittedParams: number;
  /** What all the calls come to, those that were left out too. */
  readonly report: StoredReport;
  /** The same with a line for each command of Bash that took most; `null` where no call says its command. */
  readonly table: StoredReport | null;
  /** The same, and commands that fail often without a line of their own; what findings are about. */
  readonly answered: StoredReport | null;
  /** The flags that asked for the calls: the command lines of findings have them. */
  readonly flags: Flags;
  /** What there is to say of turns, as long as nothing is filtered. */
  readonly turnFindings: readonly Answer[];
  /** The newest turns of the sessions in the page, in order of time. */
  readonly turns: readonly PageTurn[];
  readonly growth: Growth | undefined;
  /** What has changed since the time before, which is called `before`. */
  readonly changes: readonly Change[];
  readonly before: string;
  readonly texts: Readonly<Record<TextKey, readonly string[]>>;
  readonly processes: readonly ProcessId[];
  /** By the call's place. */
  readonly params: Readonly<Record<number, string>>;
}
