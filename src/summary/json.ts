import type { Call } from "../calls/call.ts";
import type { Findings } from "./findings.ts";
import { callRecord, type FlatRecord, rounded, summaryRecord } from "./records.ts";
import type { Report } from "./summary.ts";

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
 * The report: counts, then `all` and `groups` with the keys of `summaryRecord`, `running` with those
 * of `callRecord`; `growth` and `changes` where they were looked for; then what is given besides.
 */
export function reportJson(
  report: Report,
  context: JsonContext,
  found?: Findings,
  besides: Readonly<Record<string, unknown>> = {},
): string {
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
    ...(found === undefined ? {} : findingsRecord(found)),
    ...besides,
  });
}

function findingsRecord({ growth, changes }: Findings): Readonly<Record<string, unknown>> {
  const slope = growth?.slope;
  return {
    growth: growth === undefined ? null : {
      session_id: growth.sessionId,
      gain_kib: rounded(growth.gain),
      seconds: rounded(growth.seconds),
      last_timestamp: growth.until,
      rss_slope_kib_per_second: rounded(slope?.slope),
      rss_slope_low_kib_per_second: rounded(slope?.low),
      rss_slope_high_kib_per_second: rounded(slope?.high),
    },
    changes: changes.map(({ name, before, now, p }) => ({
      name,
      p50_seconds: rounded(now),
      p50_before_seconds: rounded(before),
      p_value: p,
    })),
  };
}

/** Single calls, with the keys of `callRecord`. */
export function callsJson(calls: readonly Call[], context: JsonContext): string {
  return toJson({ ...jsonHead(context), calls: calls.map(callRecord) });
}

/**
 * As `callsJson`, in pieces and with one call a line: for more calls than one string can hold.
 */
export function* callsJsonPieces(
  calls: Iterable<Call>,
  context: JsonContext,
  columns?: readonly string[],
): Generator<string> {
  yield JSON.stringify(jsonHead(context)).slice(0, -1) + ',"calls":[';
  let separator = "\n";
  for (const call of calls) {
    yield separator + JSON.stringify(callRecord(call), columns?.slice());
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
