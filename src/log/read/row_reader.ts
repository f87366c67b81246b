import { isHeader, parseHeader } from "../../row/parse_row.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import type { RowParser } from "../../row/byte_parser.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SMALL_T = 0x74;
const CHUNK = 256 * 1024;

/** Fills a part of the buffer with the next bytes of a file; says how many, 0 at the end of the file. */
export type Pull = (buffer: Uint8Array) => number;

/** What becomes of the lines of a file. */
export interface RowSink {
  /** The line from `start` to `end` (exclusive) stands as a row in the free place of the parser's rows. */
  take(buffer: Uint8Array, start: number, end: number): void;
  /** The line from `start` to `end` (exclusive, where its line end stands) is no row. */
  refuse(buffer: Uint8Array, start: number, end: number, line: number): void;
}

/** Where a file is read from. */
export interface ReadFrom {
  /** The columns of the header in force there. */
  readonly columns?: readonly string[];
  /** False in the middle of a file. */
  readonly isBegin?: boolean;
}

/** Reads files piece by piece, however large they are: headers are followed, each other line is a row or refused. */
export class RowReader {
  private buffer: Uint8Array;
  private isBegin = true;
  /** Lines read of the current file; they count from 1. */
  line = 0;
  /** The columns of the header in force. */
  columns: readonly string[] = BASIC_COLUMNS;

  /** @param chunk Bytes to ask for at a time. */
  constructor(
    private readonly parser: RowParser,
    private readonly sink: RowSink,
    chunk: number = CHUNK,
  ) {
    this.buffer = new Uint8Array(chunk);
  }

  /**
   * Reads a file to its end; returns its bytes. Before the first header, and without any, rows have the
   * given columns: unless told, those of the seed.
   */
  read(pull: Pull, { columns = BASIC_COLUMNS, isBegin = true }: ReadFrom = {}): number {
    this.line = 0;
    this.isBegin = isBegin;
    this.setColumns(columns);
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

  private setColumns(columns: readonly string[]): void {
    this.columns = columns;
    this.parser.setColumns(columns);
  }

  /** For a line that is longer than the buffer. */
  private enlarge(): void {
    const larger = new Uint8Array(2 * this.buffer.length);
    larger.set(this.buffer);
    this.buffer = larger;
  }

  /** Reads the whole lines among the first `filled` bytes; returns where the first that is not whole begins. */
  private readLines(filled: number): number {
    const { buffer } = this;
    let start = 0;
    for (;;) {
      const newline = buffer.indexOf(NEWLINE, start);
      if (newline < 0 || newline >= filled) return start;
      const end = newline > start && buffer[newline - 1] === RETURN ? newline - 1 : newline;
      this.line++;
      const isFirst = this.line === 1 && this.isBegin;
      this.readLine(isFirst ? this.behindMark(start, end) : start, end);
      start = newline + 1;
    }
  }

  /** Where the text begins: behind a byte order mark, where there is one. */
  private behindMark(start: number, end: number): number {
    const isMark = [0xef, 0xbb, 0xbf].every((byte, index) => this.buffer[start + index] === byte);
    return isMark && end >= start + 3 ? start + 3 : start;
  }

  private readLine(start: number, end: number): void {
    const { buffer } = this;
    if (buffer[start] === SMALL_T) { // "t" of "timestamp"
      const line = new TextDecoder().decode(buffer.subarray(start, end));
      if (isHeader(line)) return this.setColumns(parseHeader(line));
    }
    if (this.parser.parse(buffer, start, end)) this.sink.take(buffer, start, end);
    else this.sink.refuse(buffer, start, end, this.line);
  }
}
