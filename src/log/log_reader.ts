import { EMPTY_HASH, hashByte, Interner } from "../core/interner.ts";
import { isHeader, parseHeader } from "../core/parse_row.ts";
import { BASIC_COLUMNS } from "../core/row.ts";
import { RowParser } from "../core/row_parser.ts";
import { RowList, RowTable } from "../core/row_table.ts";
import type { Sample } from "../core/sample.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SMALL_T = 0x74;
const CHUNK = 256 * 1024;

/** Rows that could not be read. */
export interface BadRows {
  /** Without doubles. */
  readonly badRows: number;
  /** Where the first of them stands, `FILE:LINE`. */
  readonly firstBad: string | undefined;
}

/** Fills a part of the buffer with the next bytes of a file; says how many, 0 at the end of the file. */
export type Pull = (buffer: Uint8Array) => number;

/**
 * Reads the files of one log piece by piece, however large they are, into one table. A row that stands there twice is
 * one row: of those with a tool_use_id the first of its call and event is remembered, of others, and
 * of those that say something else than the first, the line.
 */
export class LogReader {
  private readonly table = new RowTable();
  private readonly parser = new RowParser(this.table);
  private readonly lines = new Interner();
  private buffer: Uint8Array;
  private badRows = 0;
  private firstBad: string | undefined;
  private name = "";
  private line = 0;

  /** @param chunk Bytes to ask for at a time. */
  constructor(chunk = CHUNK) {
    this.buffer = new Uint8Array(chunk);
  }

  /** Reads a file to its end; returns its bytes. The name is for `firstBad`. */
  read(name: string, pull: Pull): number {
    this.name = name;
    this.line = 0;
    // Before the first header, and without any, rows have the seed's columns.
    this.parser.setColumns(BASIC_COLUMNS);
    let total = 0;
    let filled = 0;
    for (;;) {
      if (filled === this.buffer.length - 1) this.enlarge();
      const count = pull(this.buffer.subarray(filled, -1)); // one byte stays for a last line's end
      if (count === 0) break;
      total += count;
      filled += count;
      const used = this.readLines(filled);
      this.buffer.copyWithin(0, used, filled);
      filled -= used;
    }
    if (filled > 0) {
      this.buffer[filled] = NEWLINE;
      this.readLines(filled + 1);
    }
    return total;
  }

  /** How many rows were read so far. */
  get size(): number {
    return this.table.size;
  }

  /** All rows; the first `last` of them last. */
  rows(last: number): Iterable<Sample> {
    return new RowList(this.table, last);
  }

  /** The bad rows since the last time. */
  takeBadRows(): BadRows {
    const { badRows, firstBad } = this;
    this.badRows = 0;
    this.firstBad = undefined;
    return { badRows, firstBad };
  }

  /** For a line that is longer than the buffer. */
  private enlarge(): void {
    const larger = new Uint8Array(2 * this.buffer.length);
    larger.set(this.buffer);
    this.buffer = larger;
  }

  /** Reads the whole lines among the first `filled` bytes; returns where the first that is not whole begins. */
  private readLines(filled: number): number {
    let start = 0;
    for (;;) {
      const newline = this.buffer.indexOf(NEWLINE, start);
      if (newline < 0 || newline >= filled) return start;
      const end = newline > start && this.buffer[newline - 1] === RETURN ? newline - 1 : newline;
      this.line++;
      this.readLine(this.line === 1 ? this.behindMark(start, end) : start, end);
      start = newline + 1;
    }
  }

  /** Where the text begins: behind a byte order mark, where there is one. */
  private behindMark(start: number, end: number): number {
    const isMark = [0xef, 0xbb, 0xbf].every((byte, index) => this.buffer[start + index] === byte);
    return isMark && end >= start + 3 ? start + 3 : start;
  }

  private readLine(start: number, end: number): void {
    const { buffer, table } = this;
    if (buffer[start] === SMALL_T) { // "t" of "timestamp"
      const line = new TextDecoder().decode(buffer.subarray(start, end));
      if (isHeader(line)) return this.parser.setColumns(parseHeader(line));
    }
    if (this.parser.parse(buffer, start, end)) {
      const row = table.free();
      const first = table.firstOfCall();
      const isDouble = first === undefined
        ? row.callNumber === 0 && !this.isNewLine(start, end)
        : row.equals(first) || !this.isNewLine(start, end);
      if (!isDouble) table.take();
    } else if (this.isNewLine(start, end)) {
      this.badRows++;
      this.firstBad ??= `${this.name}:${this.line}`;
    }
  }

  /** Whether the line was not seen before; only some are asked for and remembered. */
  private isNewLine(start: number, end: number): boolean {
    const { buffer, lines } = this;
    // With its end, so that an empty line is a text too; CR is no part of it.
    buffer[end] = NEWLINE;
    let hash = EMPTY_HASH;
    for (let at = start; at <= end; at++) hash = hashByte(hash, buffer[at]!);
    const known = lines.size;
    return lines.ofBytes(buffer, start, end + 1, hash) > known;
  }
}
