import { BASIC_COLUMNS } from "../row/columns.ts";
import { isHeader, mayBeginHeader, parseHeader } from "../row/parse_row.ts";
import { readAt } from "../files/io.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A byte order mark. */
const MARK = [0xef, 0xbb, 0xbf];

/** No header is as long as this, in bytes with its line end; longer lines are rows. */
export const HEADER_LIMIT = 4096;
/** So many bytes of a line are looked at; what comes behind these is passed over. */
export const LINE_LIMIT = 1 << 20;

/** Where in a file lines begin to be read. */
export interface LinesFrom {
  /** The byte offset of a line; 0 unless told. */
  readonly offset?: number;
  /** The columns of the header in force there; unless told those of the seed, which writes no header. */
  readonly columns?: readonly string[];
}

/**
 * Walks the physical lines of a log, whose bytes it is given in pieces of any size:
 *
 *     for (const piece of pieces) {
 *       lines.add(piece);
 *       while (lines.next()) use(lines);
 *     }
 *     if (lines.finish()) use(lines); // the last line, where it has no end
 *
 * A line ends with LF or CR LF. A byte order mark at the beginning of the file is no part of the first
 * line. Headers are followed. Takes linear time for lines of any length, and no more memory than 1 MiB
 * beside the piece.
 */
export class LogLines {
  /**
   * Holds the line from `start` to `end` (exclusive), without its end; at `end` stands a byte of the
   * line end. Only until the next call.
   */
  bytes: Uint8Array = new Uint8Array();
  start = 0;
  end = 0;
  /** The byte offset in the file at which the line begins, and at which the next one does. */
  offset: number;
  nextOffset: number;
  /** The lines so far, this one included: which line of the file it is, where they were read from its beginning. */
  number = 0;
  /** Whether the line is a header. */
  isHeader = false;
  /** The columns of the header in force, which may be this line. */
  columns: readonly string[];

  private piece: Uint8Array = new Uint8Array();
  private at = 0;
  /** What is known of a line whose end is still to come: its bytes up to the limit, and how many it has. */
  private rest = new Uint8Array();
  private restLength = 0;

  /** Begins with the line at an offset. */
  constructor({ offset = 0, columns = BASIC_COLUMNS }: LinesFrom = {}) {
    this.offset = this.nextOffset = offset;
    this.columns = columns;
  }

  /** Takes the next bytes, which must stay as they are while their lines are walked; those before are walked by then. */
  add(piece: Uint8Array): void {
    this.piece = piece;
    this.at = 0;
  }

  /** Goes to the next line; false where it needs more bytes for that. */
  next(): boolean {
    const { piece, at } = this;
    const newline = piece.indexOf(NEWLINE, at);
    if (newline < 0) {
      this.keep(piece.subarray(at));
      this.at = piece.length;
      return false;
    }
    this.at = newline + 1;
    if (this.restLength === 0 && newline - at <= LINE_LIMIT) {
      this.enter(piece, at, newline, newline + 1 - at);
    } else {
      this.keep(piece.subarray(at, newline));
      this.enterRest(1);
    }
    return true;
  }

  /** Goes to the last line where that has no end; false where there is none. To be called when all bytes were given. */
  finish(): boolean {
    if (this.restLength === 0) return false;
    this.enterRest(0);
    return true;
  }

  /** The line as text, without its end. */
  get text(): string {
    return decoder.decode(this.bytes.subarray(this.start, this.end));
  }

  private keep(bytes: Uint8Array): void {
    const from = Math.min(this.restLength, LINE_LIMIT);
    const to = Math.min(from + bytes.length, LINE_LIMIT);
    if (to >= this.rest.length) { // one byte more, for a line end
      const larger = new Uint8Array(Math.min(2 * to, LINE_LIMIT) + 1);
      larger.set(this.rest.subarray(0, from));
      this.rest = larger;
    }
    this.rest.set(bytes.subarray(0, to - from), from);
    this.restLength += bytes.length;
  }

  private enterRest(endLength: number): void {
    const kept = Math.min(this.restLength, LINE_LIMIT);
    this.rest[kept] = NEWLINE;
    this.enter(this.rest, 0, kept, this.restLength + endLength);
    this.restLength = 0;
  }

  /** Makes a line the current one; it takes `length` bytes of the file. */
  private enter(bytes: Uint8Array, start: number, end: number, length: number): void {
    this.offset = this.nextOffset;
    this.nextOffset += length;
    this.number++;
    this.bytes = bytes;
    this.start = this.offset === 0 ? behindMark(bytes, start, end) : start;
    this.end = end > this.start && bytes[end - 1] === RETURN ? end - 1 : end;
    this.isHeader = mayBeginHeader(bytes[this.start]!) && this.followHeader();
  }

  private followHeader(): boolean {
    const columns = headerColumns(this.bytes.subarray(this.start, this.end));
    if (columns === undefined) return false;
    this.columns = columns;
    return true;
  }
}

/** The columns that a line names, given without its end; `undefined` where it is no header. */
export function headerColumns(line: Uint8Array): readonly string[] | undefined {
  if (!mayBeginHeader(line[0]!) || line.length >= HEADER_LIMIT) return undefined;
  const text = decoder.decode(line);
  return isHeader(text) ? parseHeader(text) : undefined;
}

/** A header line, without its end, and the columns that it names. */
export type HeaderLine = Pick<LogLines, "text" | "columns">;

/** The header line at an offset of a file; `undefined` where none stands there. */
export function headerAt(file: Deno.FsFile, offset: number): HeaderLine | undefined {
  const lines = new LogLines({ offset });
  lines.add(readAt(file, offset, HEADER_LIMIT));
  return (lines.next() || lines.finish()) && lines.isHeader ? lines : undefined;
}

/** The columns of the header that a file begins with; where it begins with none, those of the seed. */
export function firstColumns(file: Deno.FsFile): readonly string[] {
  return headerAt(file, 0)?.columns ?? BASIC_COLUMNS;
}

/** The columns of the header in force behind what a file begins with, given in pieces: whole lines. */
export function columnsBehind(begin: Iterable<Uint8Array>): readonly string[] {
  const lines = new LogLines();
  for (const piece of begin) {
    lines.add(piece);
    while (lines.next());
  }
  return lines.columns;
}

/** Where the text of a file's first line begins: behind a byte order mark, where there is one. */
export function behindMark(bytes: Uint8Array, start: number, end: number): number {
  const behind = start + MARK.length;
  return end >= behind && MARK.every((byte, place) => bytes[start + place] === byte)
    ? behind
    : start;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
