import type { CallStatus } from "../../calls/call.ts";
import type { Change, Growth } from "../../summary/findings.ts";
import type { StoredReport } from "./stored_report.ts";

/** A client that calls ran in. */
export interface ProcessId {
  readonly pid: number;
  /** Seconds since the epoch. */
  readonly processStart?: number | undefined;
}

/** What a page says besides its calls. Columns have places in the lists of names. */
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
  readonly growth: Growth | undefined;
  /** What has changed since the time before, which is called `before`. */
  readonly changes: readonly Change[];
  readonly before: string;
  readonly tools: readonly string[];
  readonly sessions: readonly string[];
  readonly projects: readonly string[];
  readonly agents: readonly string[];
  readonly agentTypes: readonly string[];
  readonly versions: readonly string[];
  readonly processes: readonly ProcessId[];
  /** By the call's place. */
  readonly params: Readonly<Record<number, string>>;
}

/** The words that the column `status` numbers. */
export const STATUSES: readonly CallStatus[] = [
  "ok",
  "error",
  "interrupted",
  "background",
  "unknown",
  "running",
  "abandoned",
];

/** The bits of the column `flags`. */
export const FLAG = {
  shared: 1,
  approximate: 2,
  isRun: 4,
  imported: 8,
  hasStart: 16,
  hasEnd: 32,
  /** The two rows are of one process: their differences say something. */
  knowsCpu: 64,
  knowsClientCpu: 128,
  knowsGrowth: 256,
  /** The wait is what `wall` exceeds the duration by. */
  derivesWait: 512,
  reversed: 1024,
} as const;
