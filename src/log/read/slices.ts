import { type InternedTexts, Interner } from "../../row/interner.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import { RowBlocks } from "../../row/row_blocks.ts";
import { RowParser } from "../../row/byte_parser.ts";
import { LINE, type RawBlock, TOOL_USE_ID } from "../../row/row_view.ts";
import { lineHash } from "../../row/line_hash.ts";
import { type Pull, RowReader, type RowSink } from "./row_reader.ts";

/** A large file that several threads read, each one slice after the other. */
export interface SlicedFile {
  readonly path: string;
  /** What tells it from a file that takes its place meanwhile. */
  readonly device: number;
  readonly inode: number | null;
  /** When the reading began; the last slice goes on to where the file ends by then. */
  readonly size: number;
  readonly slices: number;
  /** The columns that rows have at the beginning of a slice, as far as is known by then. */
  readonly columns: readonly string[];
  /** The next slice that nobody has taken; shared by all threads. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** What one slice holds. */
export interface Slice {
  readonly number: number;
  readonly blocks: readonly RawBlock[];
  /** Lines that are no rows, and which lines of the slice they are, from 1. */
  readonly refused: readonly { readonly line: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly bytes: number;
  readonly lines: number;
  /** The columns that it was read with, and those of the header in force at its end. */
  readonly columns: readonly string[];
  readonly lastColumns: readonly string[];
}

/** The slices that one thread has read, and the texts that their rows hold the numbers of. */
export interface SlicesRead {
  readonly slices: readonly Slice[];
  readonly names: InternedTexts;
  readonly ids: InternedTexts;
}

/**
 * Reads slices of a file until there are no more: by the number that `claim` gives, unless told the next
 * that no thread has taken. `undefined` where another file has taken its place.
 */
export function readSlices(
  file: SlicedFile,
  names: Interner,
  ids: Interner,
  claim: () => number = () => Atomics.add(file.next, 0, 1),
): readonly Slice[] | undefined {
  using handle = Deno.openSync(file.path);
  const { dev, ino } = handle.statSync();
  if (dev !== file.device || ino !== file.inode) return undefined;
  const reader = new SliceReader(names, ids);
  const slices: Slice[] = [];
  for (;;) {
    const number = claim();
    if (number >= file.slices) return slices;
    const [from, to] = boundsOf(file, number);
    // A thread has seen the header of a slice before, if not all that have come since.
    const columns = slices.at(-1)?.lastColumns ?? (number === 0 ? BASIC_COLUMNS : file.columns);
    slices.push(reader.read(number, pullLines(handle, from, to), columns));
  }
}

/** Reads one slice with the columns that it turned out to have. */
export function rereadSlice(
  file: SlicedFile,
  number: number,
  columns: readonly string[],
  names: Interner,
  ids: Interner,
): Slice {
  using handle = Deno.openSync(file.path);
  const [from, to] = boundsOf(file, number);
  return new SliceReader(names, ids).read(number, pullLines(handle, from, to), columns);
}

function boundsOf({ size, slices }: SlicedFile, number: number): [from: number, to: number] {
  const at = (place: number): number => Math.floor(size / slices * place);
  return [at(number), number === slices - 1 ? Infinity : at(number + 1)];
}

/** Gives the bytes of the lines that begin from `from` to `to` (exclusive). */
export function pullLines(file: Deno.FsFile, from: number, to: number): Pull {
  // The line that the byte before belongs to is another slice's.
  let at = Math.max(0, from - 1);
  let isInside = from === 0;
  let isDone = false;
  file.seekSync(at, Deno.SeekMode.Start);
  return (buffer) => {
    while (!isDone) {
      const count = file.readSync(buffer) ?? 0;
      if (count === 0) return 0;
      let start = 0;
      if (!isInside) {
        start = newlineFrom(buffer, 0, count) + 1;
        if (start === 0) {
          at += count;
          isDone = at >= to;
          continue;
        }
        isInside = true;
        if (at + start >= to) return 0;
      }
      const end = to - 1 - at < count
        ? newlineFrom(buffer, Math.max(start, to - 1 - at), count)
        : -1;
      isDone = end >= 0;
      at += count;
      const length = (end < 0 ? count : end + 1) - start;
      if (start > 0) buffer.copyWithin(0, start, start + length);
      if (length > 0) return length;
    }
    return 0;
  };
}

const NEWLINE = 0x0a;

function newlineFrom(buffer: Uint8Array, from: number, count: number): number {
  const at = buffer.indexOf(NEWLINE, from);
  return at < count ? at : -1;
}

/** Reads slices, all into one pair of interners. */
class SliceReader implements RowSink {
  private rows: RowBlocks;
  private refused: Slice["refused"][number][] = [];

  constructor(private readonly names: Interner, private readonly ids: Interner) {
    this.rows = new RowBlocks(names, ids);
  }

  read(number: number, pull: Pull, columns: readonly string[]): Slice {
    this.rows = new RowBlocks(this.names, this.ids);
    this.refused = [];
    const reader = new RowReader(new RowParser(this.rows, this.names, this.ids), this);
    const bytes = reader.read(pull, { columns, isBegin: number === 0 });
    return {
      number,
      blocks: this.rows.finish(),
      refused: this.refused,
      bytes,
      lines: reader.line,
      columns,
      lastColumns: reader.columns,
    };
  }

  take(buffer: Uint8Array, start: number, end: number): void {
    const { rows } = this;
    if (rows.texts[rows.base + TOOL_USE_ID] === 0) {
      rows.texts[rows.base + LINE] = lineHash(buffer, start, end);
    }
    rows.advance();
  }

  refuse(buffer: Uint8Array, start: number, end: number, line: number): void {
    this.refused.push({ line, bytes: buffer.slice(start, end) as Uint8Array<ArrayBuffer> });
  }
}
