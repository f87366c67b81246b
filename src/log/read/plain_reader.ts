import {
  FIGURE_PATTERN,
  isHeader,
  parseHeader,
  parseRow,
  splitRow,
  STATUSES,
} from "../../row/parse_row.ts";
import { BASIC_COLUMNS, type Column } from "../../row/columns.ts";
import { NUMBER_COLUMNS, TEXT_COLUMNS, TOOL_USE_ID } from "../../row/row_view.ts";
import { RowList, RowTable } from "../../row/row_table.ts";
import type { Sample } from "../../row/sample.ts";
import { StringTexts } from "../../row/texts.ts";
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
    const text = new TextDecoder().decode(bytes);
    const lines = text.split(text.includes("\r") ? /\r?\n|\r$/ : "\n");
    if (lines.at(-1) === "") lines.pop();
    let columns: readonly string[] = BASIC_COLUMNS;
    let cells = ordinaryCells(columns);
    let ordinary: string[] = [];
    for (let number = 0; number < lines.length; number++) {
      const line = lines[number]!;
      const isOrdinary = cells.pattern.test(line);
      if (isOrdinary && ordinary.push(line) < BATCH) continue;
      this.takeOrdinary(ordinary, cells);
      ordinary = [];
      if (isOrdinary) continue;
      if (line.startsWith("timestamp,") && isHeader(line)) {
        columns = parseHeader(line);
        cells = ordinaryCells(columns);
      } else if (!this.takeUnusual(line, columns) && !this.badLines.has(line)) {
        this.badLines.add(line);
        this.badRows++;
        this.firstBad ??= `${name}:${number + 1}`;
      }
    }
    this.takeOrdinary(ordinary, cells);
    return bytes.length;
  }

  /**
   * Takes ordinary rows into the table. By plain loops: what iterates takes 5 ms longer for 1,000 rows.
   */
  private takeOrdinary(lines: readonly string[], { numbers, texts, count }: OrdinaryCells): void {
    const { table } = this;
    const { names, ids } = table;
    const cells = lines.join(",").split(",");
    for (let row = 0, at = 0; row < lines.length; row++, at += count) {
      table.clear();
      const { base, numbers: toNumbers, texts: toTexts } = table;
      for (let each = 0; each < numbers.length; each += 2) {
        const text = cells[at + numbers[each]!]!;
        if (text !== "") toNumbers[base + numbers[each + 1]!] = +text;
      }
      for (let each = 0; each < texts.length; each += 2) {
        const text = cells[at + texts[each]!]!;
        if (text === "") continue;
        const place = texts[each + 1]!;
        toTexts[base + place] = (place === TOOL_USE_ID ? ids : names).ofText(text);
      }
      table.take(table.needsLine ? this.lines.ofText(lines[row]! + "\n") : 0);
    }
  }

  /** Takes a row that is not written as most are; false where it is none. */
  private takeUnusual(line: string, columns: readonly string[]): boolean {
    const { table } = this;
    const sample = parseRow(splitRow(line), columns);
    if (sample === undefined) return false;
    table.write(sample);
    table.take(table.needsLine ? this.lines.ofText(line + "\n") : 0);
    return true;
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

/** So many lines are split at once: one by one takes 2 ms longer for 1,000, and a whole log at once burdens the heap. */
const BATCH = 50;

/** How the cells of a row are read that is as perfmon and the seed write most of them. */
interface OrdinaryCells {
  readonly pattern: RegExp;
  /** By turns which cell holds a number or a text, and its place in the table. */
  readonly numbers: readonly number[];
  readonly texts: readonly number[];
  /** How many cells a row has. */
  readonly count: number;
}

const FIGURE = `(?:${FIGURE_PATTERN})?`;
/** Printable ASCII without quotes and commas, no blanks at its edges. */
const TEXT = "(?! )[ !#-+\\--~]*(?<! )";
/** Cells in which more than that is asked for. */
const PATTERNS: Readonly<Record<string, string>> = {
  timestamp: FIGURE_PATTERN,
  event: "(?:start|end)",
  status: `(?:${[...STATUSES].join("|")})?`,
};

function ordinaryCells(columns: readonly string[]): OrdinaryCells {
  const numbers: number[] = [];
  const texts: number[] = [];
  const patterns = columns.map((column, cell) => {
    if (columns.indexOf(column) < cell) return TEXT; // the first of its name counts
    const number = NUMBER_COLUMNS.indexOf(column as Column);
    const text = TEXT_COLUMNS.indexOf(column as Column);
    if (number >= 0) numbers.push(cell, number);
    if (text >= 0) texts.push(cell, text);
    return PATTERNS[column] ?? (number < 0 ? TEXT : FIGURE);
  });
  const pattern = new RegExp(`^${patterns.join(",")}$`);
  return { pattern, numbers, texts, count: columns.length };
}
