import { Interner } from "../../row/interner.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import { RowParser } from "../../row/byte_parser.ts";
import { RowList, RowTable } from "../../row/row_table.ts";
import type { Sample } from "../../row/sample.ts";
import { lineHash } from "../../row/line_hash.ts";
import { type Pull, RowReader, type RowSink } from "./row_reader.ts";
import { rereadSlice, type SlicedFile, type SlicesRead } from "./slices.ts";

const NEWLINE = 0x0a;

/** Rows that could not be read. */
export interface BadRows {
  /** Without doubles. */
  readonly badRows: number;
  /** Where the first of them stands, `FILE:LINE`. */
  readonly firstBad: string | undefined;
}

/**
 * Reads the files of one log into one table. A row that stands there twice is one row, and so is a line
 * that can't be read.
 */
export class LogReader implements RowSink {
  readonly #names = new Interner();
  readonly #ids = new Interner();
  readonly #badLines = new Interner();
  readonly #table = new RowTable(this.#names, this.#ids);
  readonly #reader: RowReader;
  #bad: { badRows: number; firstBad: string | undefined } = { badRows: 0, firstBad: undefined };
  #name = "";

  /** @param chunk Bytes to ask for at a time. */
  constructor(chunk?: number) {
    this.#reader = new RowReader(new RowParser(this.#table, this.#names, this.#ids), this, chunk);
  }

  /** Reads a file to its end; returns its bytes. The name is for `firstBad`. */
  read(name: string, pull: Pull): number {
    this.#name = name;
    return this.#reader.read(pull);
  }

  /**
   * Reads the slices of a file that several threads have read, all of them, in order: those of the first thread
   * with this reader's own `texts`. Returns their bytes.
   */
  adopt(name: string, file: SlicedFile, threads: readonly SlicesRead[]): number {
    this.#name = name;
    const renumbered = threads.map(({ names, ids }, thread) =>
      thread === 0 ? undefined : { names: this.#names.absorb(names), ids: this.#ids.absorb(ids) }
    );
    const found = threads.flatMap(({ slices }, thread) =>
      slices.map((slice) => ({ slice, renumbered: renumbered[thread] }))
    ).sort((a, b) => a.slice.number - b.slice.number);
    let [bytes, lines, columns] = [0, 0, BASIC_COLUMNS as readonly string[]];
    for (const each of found) {
      const isAsRead = isSame(each.slice.columns, columns);
      const slice = isAsRead
        ? each.slice
        : rereadSlice(file, each.slice.number, columns, ...this.texts);
      for (const block of slice.blocks) {
        this.#table.adopt(block, isAsRead ? each.renumbered : undefined);
      }
      for (const { line, bytes } of slice.refused) {
        const buffer = new Uint8Array(bytes.length + 1);
        buffer.set(bytes);
        this.refuse(buffer, 0, bytes.length, lines + line);
      }
      bytes += slice.bytes;
      lines += slice.lines;
      columns = slice.lastColumns;
    }
    return bytes;
  }

  /** The names and the tool_use_ids of the table. */
  get texts(): [names: Interner, ids: Interner] {
    return [this.#names, this.#ids];
  }

  /** The rows that were read so far. */
  get table(): RowTable {
    return this.#table;
  }

  /** How many rows were read so far. */
  get size(): number {
    return this.#table.size;
  }

  /** All rows; those before the row of this number last. */
  rows(last: number): Iterable<Sample> {
    return new RowList(this.#table, last, this.#table.nextRow);
  }

  /** The bad rows since the last time. */
  takeBadRows(): BadRows {
    const bad = this.#bad;
    this.#bad = { badRows: 0, firstBad: undefined };
    return bad;
  }

  take(buffer: Uint8Array, start: number, end: number): void {
    this.#table.take(this.#table.needsLine ? lineHash(buffer, start, end) : 0);
  }

  refuse(buffer: Uint8Array, start: number, end: number, line: number): void {
    const known = this.#badLines.size;
    // With its end, so that an empty line is a text too; CR is no part of it.
    const hash = lineHash(buffer, start, end);
    buffer[end] = NEWLINE;
    if (this.#badLines.ofBytes(buffer, start, end + 1, hash) <= known) return;
    this.#bad.badRows++;
    this.#bad.firstBad ??= `${this.#name}:${line}`;
  }
}

function isSame(columns: readonly string[], others: readonly string[]): boolean {
  return columns.length === others.length && columns.every((name, place) => name === others[place]);
}
