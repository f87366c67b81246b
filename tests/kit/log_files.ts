/** Logs as files: written from samples, read back by line, row and column. */
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../../src/row/columns.ts";
import { columnsFor, isHeader, parseHeader, splitRow } from "../../src/row/parse_row.ts";
import type { Sample } from "../../src/row/sample.ts";
import { call, end, start } from "./samples.ts";

/** The text of a log in the full layout. */
export function logText(samples: readonly Sample[]): string {
  return [FULL_HEADER + "\n", ...samples.map((sample) => formatRow(sample, FULL_COLUMNS))].join("");
}

/** An hour ago, seconds since the epoch, whole. */
export const HOUR_AGO = Math.floor(Date.now() / 1000) - 3600;

/** Three calls of an hour ago (Read 1 s, Bash 4 s and failed, Read 2 s) in two sessions, and one of a month ago. */
export const RECENT: readonly Sample[] = [
  ...call("old", HOUR_AGO - 30 * 86_400, HOUR_AGO - 30 * 86_400 + 9, { toolName: "Grep" }),
  ...call("r1", HOUR_AGO, HOUR_AGO + 1, {
    toolName: "Read",
    sessionId: "aaaa1111",
    project: "api",
  }),
  start(HOUR_AGO + 2, { toolUseId: "b1", sessionId: "aaaa1111", project: "api" }),
  end(HOUR_AGO + 6, {
    toolUseId: "b1",
    sessionId: "aaaa1111",
    project: "api",
    status: "error",
    exitCode: 7,
  }),
  ...call("r2", HOUR_AGO + 10, HOUR_AGO + 12, {
    toolName: "Read",
    sessionId: "bbbb2222",
    project: "web",
  }),
];

/** Writes a log into a folder and returns its path. */
export function writeLog(folder: string, text: string): string {
  const path = `${folder}/performance.csv`;
  Deno.writeTextFileSync(path, text);
  return path;
}

/** The physical lines of a file, without their ends. */
export function linesOf(path: string): string[] {
  const text = Deno.readTextFileSync(path);
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** The rows of a log by column, read by the header in force, or by the number of their cells. */
export function recordsOf(path: string): Record<string, string>[] {
  let columns: readonly string[] = BASIC_COLUMNS;
  const records: Record<string, string>[] = [];
  for (const [index, each] of linesOf(path).entries()) {
    const line = index === 0 ? each.replace(/^\ufeff/, "") : each;
    if (isHeader(line)) {
      columns = parseHeader(line);
      continue;
    }
    const cells = splitRow(line);
    const keys = columnsFor(cells.length, columns) ?? BASIC_COLUMNS;
    records.push(Object.fromEntries(keys.map((key, index) => [key, cells[index] ?? ""])));
  }
  return records;
}

/** The tool names in the log alone, in the order of its lines. */
export function toolsOf(path: string): string[] {
  return recordsOf(path).map((record) => record["tool_name"] ?? "");
}

/** A text, or bytes, compressed as a history's segments are. */
export async function gzip(
  content: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}
