import type { Call } from "../calls/call.ts";
import { stringify } from "../std/csv.ts";
import { CALL_COLUMNS, callRecord, SUMMARY_COLUMNS, summaryRecord } from "./records.ts";
import type { FlatRecord, Value } from "./records.ts";
import { defused } from "../row/spreadsheet.ts";
import type { Report, Summary } from "./summary.ts";

/**
 * The report as CSV: a header, a line a group, the line of all, then what is given besides. Lines end with
 * LF, as in the log.
 */
export function reportCsv({ groups, all }: Report, besides: readonly Summary[] = []): string {
  return recordsCsv([...groups, all, ...besides].map(summaryRecord), SUMMARY_COLUMNS);
}

/** Single calls as CSV: a header, then a line a call. */
export function callsCsv(calls: readonly Call[], columns = CALL_COLUMNS): string {
  return recordsCsv(calls.map(callRecord), columns);
}

/** As `callsCsv`, in pieces: for more calls than one string can hold. */
export function* callsCsvPieces(
  calls: readonly Call[],
  columns = CALL_COLUMNS,
): Generator<string> {
  yield callsCsv([], columns);
  for (let first = 0; first < calls.length; first += PIECE) {
    yield callRows(calls.slice(first, first + PIECE), columns);
  }
}

const PIECE = 1000;

/** The lines of calls under the header of `callsCsv`. */
export function callRows(calls: readonly Call[], columns = CALL_COLUMNS): string {
  const text = callsCsv(calls, columns);
  return text.slice(text.indexOf("\n") + 1);
}

/** One record as CSV: a header and a line. */
export function recordCsv(record: FlatRecord): string {
  return recordsCsv([record], Object.keys(record));
}

/**
 * Records as CSV: a header, then a line each. All CSV of the commands comes through here, so that no text
 * in it is a formula to a spreadsheet.
 */
export function recordsCsv(records: readonly FlatRecord[], columns: readonly string[]): string {
  const cells = records.map((record) =>
    Object.fromEntries(columns.map((column) => [column, cellOf(record[column])]))
  );
  return stringify(cells, { columns }).replaceAll("\r\n", "\n");
}

function cellOf(value: Value | null | undefined): Value | null {
  return typeof value === "string" ? defused(value) : value ?? null;
}
