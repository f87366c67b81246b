import { isHeader, parseHeader, parseRow, splitRow } from "../core/parse_row.ts";
import { BASIC_COLUMNS } from "../core/row.ts";
import type { Sample } from "../core/sample.ts";
import { listSegments, readSegment } from "./history.ts";
import type { LogLocation } from "./location.ts";

/** What a log and its history hold. */
export interface LogContents {
  /** History, then log, in the order of their lines; byte-identical lines once. */
  readonly samples: Sample[];
  /** Physical lines that are no header, doubles left out. */
  readonly rows: number;
  /** Rows that could not be read. */
  readonly badRows: number;
  /** Where the first of them stands, `FILE:LINE`. */
  readonly firstBad?: string | undefined;
  /** Sentences about history segments that could not be read at all. */
  readonly skippedFiles: readonly string[];
  /** Bytes of log and history as read, uncompressed. */
  readonly bytes: number;
}

interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a log and, with `history`, what was rotated out of it. Bad lines are counted, not thrown.
 * Throws `Deno.errors.NotFound` where there is neither log nor history.
 */
export async function readLog(
  location: LogLocation,
  options: { readonly history: boolean },
): Promise<LogContents> {
  // The log first: rows that a rotation moves meanwhile are then read twice, and not never.
  const log = readIfThere(location.path);
  const skippedFiles: string[] = [];
  const sources: Source[] = [];
  for (const segment of options.history ? listSegments(location) : []) {
    try {
      sources.push({ name: segment.path, bytes: await readSegment(segment) });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue; // pruned meanwhile
      skippedFiles.push(`Cannot read "${segment.path}": it is damaged, and left out`);
    }
  }
  if (log !== undefined) sources.push({ name: location.path, bytes: log });
  else if (sources.length === 0 && skippedFiles.length === 0) {
    throw new Deno.errors.NotFound(`There is no log at "${location.path}"`);
  }
  return { ...parseSources(sources), skippedFiles };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function parseSources(sources: readonly Source[]): Omit<LogContents, "skippedFiles"> {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  let badRows = 0;
  let bytes = 0;
  let firstBad: string | undefined;
  for (const source of sources) {
    bytes += source.bytes.length;
    // The header in force; before the first one, and without any, the seed's columns.
    let columns: readonly string[] = BASIC_COLUMNS;
    for (const { line, number } of lines(source.bytes)) {
      if (isHeader(line)) {
        columns = parseHeader(line);
        continue;
      }
      const before = seen.size;
      if (seen.add(line).size === before) continue;
      const sample = parseRow(splitRow(line), columns);
      if (sample !== undefined) samples.push(sample);
      else {
        badRows++;
        firstBad ??= `${source.name}:${number}`;
      }
    }
  }
  return { samples, rows: seen.size, badRows, firstBad, bytes };
}

function* lines(bytes: Uint8Array): Generator<{ line: string; number: number }> {
  const text = new TextDecoder().decode(bytes);
  let number = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    number++;
    const line = text[end - 1] === "\r" && end > start
      ? text.slice(start, end - 1)
      : text.slice(start, end);
    yield { line, number };
    start = end + 1;
  }
}
