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

/**
 * The report: counts, then `all` and `groups` with the keys of `summaryRecord`, `running` with those of
 * `callRecord`; then what is given besides.
 */
export function reportJson(
  report: Report,
  context: JsonContext,
  besides: Readonly<Record<string, unknown>> = {},
): string {
  return toJson({
    ...head(context),
    sessions: report.sessions,
    projects: report.projects,
    mcp_tools: report.mcpTools,
    abandoned: report.abandoned,
    approximate: report.approximate,
    reversed: report.reversed,
    without_start: report.withoutStart,
    first_timestamp: report.firstTime ?? null,
    last_timestamp: report.lastTime ?? null,
    all: summaryRecord(report.all),
    groups: report.groups.map(summaryRecord),
    running: report.running.map(callRecord),
    ...besides,
  });
}

/** Single calls, with the keys of `callRecord`. */
export function callsJson(calls: readonly Call[], context: JsonContext): string {
  return toJson({ ...head(context), calls: calls.map(callRecord) });
}

/**
 * As `callsJson`, in pieces and with one call a line: for more calls than one string can hold.
 */
export function* callsJsonPieces(
  calls: Iterable<Call>,
  context: JsonContext,
): Generator<string> {
  yield JSON.stringify(head(context)).slice(0, -1) + ',"calls":[';
  let separator = "\n";
  for (const call of calls) {
    yield separator + JSON.stringify(callRecord(call));
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** One call as an object on a line of its own, with the keys of `callRecord`. */
export function callJsonLine(call: Call): string {
  return JSON.stringify(callRecord(call)) + "\n";
}

/** A flat answer. */
export function recordJson(record: FlatRecord): string {
  return toJson({ version: JSON_VERSION, ...record });
}

function head(context: JsonContext): FlatRecord {
  return {
    version: JSON_VERSION,
    log: context.log,
    since_timestamp: context.since ?? null,
    until_timestamp: context.until ?? null,
    bad_rows: context.badRows,
    first_bad_row: context.firstBad ?? null,
  };
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
