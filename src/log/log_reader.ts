import { EMPTY_HASH, hashByte, Interner } from "../core/interner.ts";
import { RowParser } from "../core/row_parser.ts";
import { RowList, RowTable } from "../core/row_table.ts";
import type { Sample } from "../core/sample.ts";
import { type Pull, RowReader, type RowSink } from "./row_reader.ts";

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

/** The hash of a line and one end, whatever its end is; never 0. */
function lineHash(buffer: Uint8Array, start: number, end: number): number {
  let hash = EMPTY_HASH;
  for (let at = start; at < end; at++) hash = hashByte(hash, buffer[at]!);
  return hashByte(hash, NEWLINE) || 1;
}
