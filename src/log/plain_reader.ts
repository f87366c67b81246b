import { isHeader, parseHeader, parseRow, splitRow } from "../core/parse_row.ts";
import { BASIC_COLUMNS, type Column } from "../core/row.ts";
import { NUMBER_COLUMNS, TEXT_COLUMNS, TOOL_USE_ID } from "../core/row_sample.ts";
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
    const text = new TextDecoder().decode(bytes);
    const lines = text.split(text.includes("\r") ? /\r?\n|\r$/ : "\n");
    if (lines.at(-1) === "") lines.pop();
    let columns: readonly string[] = BASIC_COLUMNS;
    let cells = ordinaryCells(columns);
    for (let number = 0; number < lines.length; number++) {
      const line = lines[number]!;
      if (line.startsWith("timestamp,") && isHeader(line)) {
        columns = parseHeader(line);
        cells = ordinaryCells(columns);
      } else if (this.write(line, columns, cells)) {
        const { table } = this;
        table.take(table.needsLine ? this.lines.ofText(line + "\n") : 0);
      } else if (!this.badLines.has(line)) {
        this.badLines.add(line);
        this.badRows++;
        this.firstBad ??= `${name}:${number + 1}`;
      }
    }
    return bytes.length;
  }

  /** Writes a line into the free place of the table; false where it is no row. */
  private write(line: string, columns: readonly string[], cells: OrdinaryCells): boolean {
    const { table } = this;
    if (!cells.pattern.test(line)) {
      const sample = parseRow(splitRow(line), columns);
      if (sample !== undefined) table.write(sample);
      return sample !== undefined;
    }
    const found = line.split(",");
    table.clear();
    const { numbers, texts, base, names, ids } = table;
    // Plain loops: what iterates takes 5 ms longer for 1,000 rows.
    const { places } = cells;
    for (let cell = 0; cell < places.length; cell++) {
      const text = found[cell]!;
      const place = places[cell]!;
      if (text === "" || place === PASSED_OVER) continue;
      if (place < FIRST_TEXT) numbers[base + place] = +text;
      else if (place === FIRST_TEXT + TOOL_USE_ID) texts[base + TOOL_USE_ID] = ids.ofText(text);
      else texts[base + place - FIRST_TEXT] = names.ofText(text);
    }
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

/** How the cells of a row are read that is as perfmon and the seed write most of them. */
interface OrdinaryCells {
  readonly pattern: RegExp;
  /** What each cell is: the place of a number, `FIRST_TEXT` + that of a text, or `PASSED_OVER`. */
  readonly places: readonly number[];
}

const FIRST_TEXT = 16;
const PASSED_OVER = -1;

const FIGURE = "(?:-?\\d+(?:\\.\\d+)?)?";
/** Printable ASCII without quotes and commas, no blanks at its edges. */
const TEXT = "(?! )[ !#-+\\--~]*(?<! )";
/** Cells in which more than that is asked for. */
const PATTERNS: Readonly<Record<string, string>> = {
  timestamp: "-?\\d+(?:\\.\\d+)?",
  event: "(?:start|end)",
  status: "(?:ok|error|interrupted|background)?",
};

function ordinaryCells(columns: readonly string[]): OrdinaryCells {
  const places = columns.map((column, cell) => {
    if (columns.indexOf(column) < cell) return PASSED_OVER; // the first of its name counts
    const text = TEXT_COLUMNS.indexOf(column as Column);
    return text < 0 ? NUMBER_COLUMNS.indexOf(column as Column) : FIRST_TEXT + text;
  });
  const patterns = places.map((place, cell) => {
    if (place === PASSED_OVER) return TEXT;
    return PATTERNS[columns[cell]!] ?? (place < FIRST_TEXT ? FIGURE : TEXT);
  });
  return { pattern: new RegExp(`^${patterns.join(",")}$`), places };
}
