import type { Call } from "../core/call.ts";
import { callRecord, type FlatRecord, summaryRecord } from "./record.ts";
import type { Report } from "./summarize.ts";

/** What a JSON answer says of the log besides. */
export interface JsonContext {
  /** Path of the log. */
  readonly log: string;
  /** Bounds of the time asked for, seconds since the epoch; `undefined`: none. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly badRows: number;
  /** `FILE:LINE` of the first of them. */
  readonly firstBad: string | undefined;
}

/** The version of all JSON answers: raised when a key changes its meaning or goes. */
const JSON_VERSION = 1;

/** The report: counts, then `all` and `groups` with the keys of `summaryRecord`, `running` with those of `callRecord`. */
export function reportJson(report: Report, context: JsonContext): string {
  return toJson({
    ...jsonHead(context),
    sessions: report.sessions,
    projects: report.projects,
    mcp_tools: report.mcpTools,
    abandoned: report.abandoned,
    approximate: report.approximate,
    reversed: report.reversed,
    without_start: report.withoutStart,
    first_timestamp: report.firstTime ?? null,
    last_timestamp: report.lastTime ?? null,
    span_seconds: report.spanSeconds ?? null,
    all: summaryRecord(report.all),
    groups: report.groups.map(summaryRecord),
    running: report.running.map(callRecord),
  });
}

/** Single calls, with the keys of `callRecord`. */
export function callsJson(calls: readonly Call[], context: JsonContext): string {
  return toJson({ ...jsonHead(context), calls: calls.map(callRecord) });
}

/** A flat answer. */
export function recordJson(record: FlatRecord): string {
  return toJson({ version: JSON_VERSION, ...record });
}

/** What every JSON answer begins with. */
export function jsonHead(context: JsonContext): FlatRecord {
  return {
    version: JSON_VERSION,
    log: context.log,
    since_timestamp: context.since ?? null,
    until_timestamp: context.until ?? null,
    bad_rows: context.badRows,
    first_bad_row: context.firstBad ?? null,
  };
}

/** The text of a JSON answer. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
