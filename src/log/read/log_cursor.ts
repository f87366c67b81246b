import { RecentLines } from "./recent_lines.ts";
import {
  listSegments,
  mayHold,
  type Segment,
  segmentFault,
  segmentPieces,
  type Span,
  unreadSegment,
} from "../history/segments.ts";
import { FileError } from "../../files/file_error.ts";
import { statIfThere } from "../../files/if_there.ts";
import { pieces } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import { LogLines } from "../log_lines.ts";
import { tailBegin } from "./log_tail.ts";

/** One physical line of a log that is no header. */
export interface LogRow {
  /** Without its end. */
  readonly line: string;
  /** The columns of the header in force. */
  readonly columns: readonly string[];
  /** Where it stands; lines count from 1. */
  readonly file: string;
  readonly number: number;
}

/** Bytes read at once. */
const PIECE = 1 << 20;

interface OpenLog {
  readonly file: Deno.FsFile;
  readonly inode: number;
  /** Bytes read so far. */
  offset: number;
  readonly lines: LogLines;
}

/**
 * Reads a log and its history row by row, in order of sequence, and what is appended later: each
 * `read` goes on where the last one ended, through any rotations between. Needs no more memory for a
 * long log than for a short one. A row that a rotation left twice (byte for byte, at most a million
 * rows apart) comes once.
 *
 * No row is lost between two reads, except where the log is rotated with `--history 0` more than
 * once, or where it was emptied in place (`> FILE`) and has outgrown what was read of it.
 */
export class LogCursor {
  /** Sentences about history segments that could not be read, or not to their end. */
  readonly skippedFiles: string[] = [];
  readonly #seen: RecentLines;
  readonly #tail: number | undefined;
  readonly #within: Span;
  #open: OpenLog | undefined;
  #lastSequence = 0;

  /**
   * Without `history` it leaves out what was rotated out before the first read, with `after` the
   * history's segments up to that sequence; with `tail` also all but so many bytes of the log, with `within`
   * what has no row of that time by its name. `known`: of how many lines at least it knows whether they came before.
   */
  constructor(
    readonly location: LogLocation,
    options: {
      readonly history: boolean;
      readonly after?: number;
      readonly tail?: number;
      readonly known?: number;
      readonly within?: Span;
    },
  ) {
    this.#lastSequence = options.history
      ? options.after ?? 0
      : listSegments(location).at(-1)?.sequence ?? 0;
    this.#seen = new RecentLines(options.known);
    this.#tail = options.tail;
    this.#within = options.within ?? {};
  }

  /** The sequence of the last segment that was read; 0 where there was none. */
  get sequence(): number {
    return this.#lastSequence;
  }

  /** The rows that there are by now and were not read yet, a chunk at a time; a last line without an end waits. */
  async *read(): AsyncGenerator<readonly LogRow[]> {
    do {
      if (!this.#isCurrent()) yield* this.#reopen();
      if (this.#open === undefined) return;
      yield* this.#readOpen(this.#open);
    } while (!this.#isCurrent());
  }

  /** The last line, where it has no end. */
  rest(): readonly LogRow[] {
    if (this.#open === undefined) return [];
    return this.#fresh(lastRow(this.location.path, this.#open.lines));
  }

  [Symbol.dispose](): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  /** True where the open file is the log still. */
  #isCurrent(): boolean {
    const info = statIfThere(this.location.path);
    return info !== undefined && info.ino === this.#open?.inode && info.size >= this.#open.offset;
  }

  /** Reads the replaced log to its end, then what else was rotated out; then the new log is the open one. */
  async *#reopen(): AsyncGenerator<readonly LogRow[]> {
    const old = this.#open;
    if (old !== undefined) {
      yield* this.#readOpen(old);
      yield this.#fresh(lastRow(this.location.path, old.lines));
    }
    // Opened before the history is listed: a rotation between the two is then found in the next round.
    const next = openIfThere(this.location.path, old === undefined ? this.#tail : undefined);
    this.#open = next;
    while (yield* this.#readHistory(old?.inode, next?.inode)); // merged or pruned meanwhile
    old?.file.close();
  }

  /**
   * Reads the new segments but those that were or are the open log; true where one of them is gone: what it was
   * merged into is a new one.
   */
  async *#readHistory(
    old: number | null | undefined,
    next: number | undefined,
  ): AsyncGenerator<readonly LogRow[], boolean> {
    for (const segment of this.#newSegments()) {
      const inode = statIfThere(segment.path)?.ino;
      const isOpen = inode !== undefined && (inode === old || inode === next);
      if (!isOpen && !(yield* this.#readSegment(segment))) return true;
      this.#lastSequence = segment.sequence;
      if (inode !== undefined && inode === next) break;
    }
    return false;
  }

  #newSegments(): Segment[] {
    const segments = listSegments(this.location);
    // Sequences begin anew where somebody removed the whole folder.
    if ((segments.at(-1)?.sequence ?? 0) < this.#lastSequence) this.#lastSequence = 0;
    return segments.filter((segment) =>
      segment.sequence > this.#lastSequence && mayHold(segment, this.#within)
    );
  }

  /** False where the segment is gone. */
  async *#readSegment(segment: Segment): AsyncGenerator<readonly LogRow[], boolean> {
    const lines = new LogLines();
    let read = 0;
    try {
      for await (const piece of segmentPieces(segment)) {
        const rows = rowsIn(segment.path, lines, piece);
        read += rows.length;
        yield this.#fresh(rows);
      }
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      this.skippedFiles.push(unreadSegment(segment.path, segmentFault(error), read));
      return true; // the damage cut the last line off
    }
    yield this.#fresh(lastRow(segment.path, lines));
    return true;
  }

  *#readOpen(log: OpenLog): Generator<readonly LogRow[]> {
    for (const piece of pieces(log.file, { from: log.offset, size: PIECE })) {
      log.offset += piece.length;
      yield this.#fresh(rowsIn(this.location.path, log.lines, piece));
    }
  }

  #fresh(rows: readonly LogRow[]): readonly LogRow[] {
    return rows.filter(({ line }) => this.#seen.add(line));
  }
}

/** The rows that end in a piece. */
function rowsIn(file: string, lines: LogLines, piece: Uint8Array): LogRow[] {
  const rows: LogRow[] = [];
  lines.add(piece);
  while (lines.next()) if (!lines.isHeader) rows.push(rowOf(file, lines));
  return rows;
}

/** The row that has no end, where there is one; what comes later begins another. */
function lastRow(file: string, lines: LogLines): LogRow[] {
  return lines.finish() && !lines.isHeader ? [rowOf(file, lines)] : [];
}

function rowOf(file: string, { text: line, columns, number }: LogLines): LogRow {
  return { line, columns, file, number };
}

function openIfThere(path: string, tail?: number): OpenLog | undefined {
  try {
    // Something else may have been put in its place since the path was resolved; opening a FIFO never ends.
    if (!Deno.statSync(path).isFile) throw new FileError("read", path, "it is no regular file");
    const file = Deno.openSync(path, { read: true });
    const begin = tail === undefined ? { offset: 0 } : tailBegin(file, tail);
    const inode = file.statSync().ino ?? 0;
    return { file, inode, offset: begin.offset, lines: new LogLines(begin) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
