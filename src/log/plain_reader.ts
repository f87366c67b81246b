import { isHeader, parseHeader, parseRow, splitRow } from "../core/parse_row.ts";
import { BASIC_COLUMNS } from "../core/row.ts";
import { RowList, RowTable } from "../core/row_table.ts";
import type { Sample } from "../core/sample.ts";
import { StringTexts } from "../core/texts.ts";
import type { BadRows } from "./log_reader.ts";
import type { Pull } from "./row_reader.ts";

/**
 * Reads the files of a small log, as `LogReader` does and with the same result, by the means of
 * the language. On a few thousand rows that takes half the time: there V8 has not compiled yet what
 * `LogReader` does byte by byte. Each file is held in memory as a whole.
 */
export class PlainReader {
  readonly table: RowTable = new RowTable(new StringTexts(), new StringTexts());
  private readonly badLines = new Set<string>();
  /** Of rows that may be there more than once. */
  private readonly lines = new StringTexts();
  private badRows = 0;
  private firstBad: string | undefined;

  /** Reads a file to its end; returns its bytes. The name is for `firstBad`. */
  read(name: string, pull: Pull): number {
    const bytes = pullAll(pull);
    let columns: readonly string[] = BASIC_COLUMNS;
    let number = 0;
    for (const line of linesOf(bytes)) {
      number++;
      if (isHeader(line)) {
        columns = parseHeader(line);
        continue;
      }
      const sample = parseRow(splitRow(line), columns);
      if (sample !== undefined) {
        this.table.write(sample);
        this.table.take(this.table.needsLine ? this.lines.ofText(line + "\n") : 0);
      } else if (!this.badLines.has(line)) {
        this.badLines.add(line);
        this.badRows++;
        this.firstBad ??= `${name}:${number}`;
      }
    }
    return bytes.length;
  }

  /** How many rows were read so far. */
  get size(): number {
    return this.table.size;
  }

  /** All rows; those before the row of this number last. */
  rows(last: number): Iterable<Sample> {
    return new RowList(this.table, last, this.table.nextRow);
  }

  /** The bad rows since the last time. */
  takeBadRows(): BadRows {
    const { badRows, firstBad } = this;
    this.badRows = 0;
    this.firstBad = undefined;
    return { badRows, firstBad };
  }
}

function pullAll(pull: Pull): Uint8Array {
  let bytes = new Uint8Array(256 * 1024);
  let length = 0;
  for (let count = pull(bytes); count > 0; count = pull(bytes.subarray(length))) {
    length += count;
    if (length === bytes.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(bytes);
      bytes = larger;
    }
  }
  return bytes.subarray(0, length);
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  const text = new TextDecoder().decode(bytes);
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const isReturn = text[end - 1] === "\r" && end > start;
    yield text.slice(start, isReturn ? end - 1 : end);
    start = end + 1;
  }
}
