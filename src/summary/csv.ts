import type { Call } from "../calls/call.ts";
import { stringify } from "../std/csv.ts";
import { CALL_COLUMNS, callRecord, SUMMARY_COLUMNS, summaryRecord } from "./records.ts";
import type { FlatRecord } from "./records.ts";
import type { Report } from "./summary.ts";

/** The report as CSV: a header, a line a group, then the line of all. Lines end with LF, as in the log. */
export function reportCsv({ groups, all }: Report): string {
  return toCsv([...groups, all].map(summaryRecord), SUMMARY_COLUMNS);
}

/** Single calls as CSV: a header, then a line a call. */
export function callsCsv(calls: readonly Call[]): string {
  return toCsv(calls.map(callRecord), CALL_COLUMNS);
}

/** As `callsCsv`, in pieces: for more calls than one string can hold. */
export function* callsCsvPieces(calls: readonly Call[]): Generator<string> {
  yield callsCsv([]);
  for (let first = 0; first < calls.length; first += PIECE) {
    yield callRows(calls.slice(first, first + PIECE));
  }
}

const PIECE = 1000;

/** The lines of calls under the header of `callsCsv`. */
export function callRows(calls: readonly Call[]): string {
  const text = callsCsv(calls);
  return text.slice(text.indexOf("\n") + 1);
}

/** One record as CSV: a header and a line. */
export function recordCsv(record: FlatRecord): string {
  return toCsv([record], Object.keys(record));
}

/** Records as CSV: a header, then a line each. */
export function recordsCsv(records: readonly FlatRecord[], columns: readonly string[]): string {
  return toCsv(records, columns);
}

export function toCsv(records: readonly FlatRecord[], columns: readonly string[]): string {
  return stringify(records, { columns }).replaceAll("\r\n", "\n");
}
