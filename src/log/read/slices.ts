import { type InternedTexts, Interner, lineHash } from "../../row/interner.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import { RowBlocks } from "../../row/row_blocks.ts";
import { RowParser } from "../../row/byte_parser.ts";
import { LINE, type RawBlock, rawBlock, TOOL_USE_ID, writableTexts } from "../../row/row_view.ts";
import { pieces } from "../../files/io.ts";
import { type ByteLine, readRows } from "./row_reader.ts";

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
  /** Lines that are no rows; they count from 1 in the slice. */
  readonly refused: readonly ByteLine[];
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

/** The texts that rows of slices are read with. */
export interface SliceTexts {
  readonly names: Interner;
  readonly ids: Interner;
}

/**
 * Reads slices of a file until there are no more: by the number that `claim` gives, unless told the next
 * that no thread has taken. `undefined` where another file has taken its place.
 */
export function readSlices(
  file: SlicedFile,
  texts: SliceTexts,
  claim: () => number = () => Atomics.add(file.next, 0, 1),
): readonly Slice[] | undefined {
  using handle = Deno.openSync(file.path);
  const { dev, ino } = handle.statSync();
  if (dev !== file.device || ino !== file.inode) return undefined;
  const slices: Slice[] = [];
  for (let number = claim(); number < file.slices; number = claim()) {
    // A thread has seen the header of a slice before, if not all that have come since.
    const columns = slices.at(-1)?.lastColumns ?? (number === 0 ? BASIC_COLUMNS : file.columns);
    slices.push(readSlice(handle, file, number, columns, texts));
  }
  return slices;
}

/** Reads one slice with the columns that it turned out to have. */
export function rereadSlice(
  file: SlicedFile,
  number: number,
  columns: readonly string[],
  texts: SliceTexts,
): Slice {
  using handle = Deno.openSync(file.path);
  return readSlice(handle, file, number, columns, texts);
}

function readSlice(
  handle: Deno.FsFile,
  file: SlicedFile,
  number: number,
  columns: readonly string[],
  { names, ids }: SliceTexts,
): Slice {
  const rows = new RowBlocks(names, ids);
  const refused: ByteLine[] = [];
  const sink = {
    take({ bytes, start, end }: ByteLine): void {
      const { texts, at } = rows;
      if (texts[TOOL_USE_ID]![at] === 0) {
        writableTexts(texts, LINE)[at] = lineHash(bytes, start, end);
      }
      rows.advance();
    },
    refuse({ bytes, start, end, number }: ByteLine): void {
      refused.push({ bytes: bytes.slice(start, end + 1), start: 0, end: end - start, number });
    },
  };
  const { from, to } = sliceBounds(handle, file, number);
  const read = readRows(
    pieces(handle, { from, to }),
    new RowParser(rows, names, ids),
    sink,
    { offset: from, columns },
  );
  return {
    number,
    blocks: rows.finish().map(rawBlock),
    refused,
    bytes: read.nextOffset - from,
    lines: read.number,
    columns,
    lastColumns: read.columns,
  };
}

/** The bytes of the lines that begin in a slice: those of the last slice go on to the end of the file. */
function sliceBounds(
  handle: Deno.FsFile,
  { size, slices }: SlicedFile,
  number: number,
): { readonly from: number; readonly to: number } {
  const at = (place: number): number =>
    place === slices ? Infinity : Math.floor(size / slices * place);
  const end = at(number + 1);
  const from = number === 0 ? 0 : lineFrom(handle, at(number), end);
  if (from >= end) return { from: 0, to: 0 }; // no line begins there
  return { from, to: end === Infinity ? end : lineFrom(handle, end, Infinity) };
}

/** Where the first line begins that does so at `from` or later; `to` where that is not before it. */
function lineFrom(handle: Deno.FsFile, from: number, to: number): number {
  let at = from - 1; // the byte that may end the line before
  for (const piece of pieces(handle, { from: at, to: to - 1, size: 1 << 14 })) {
    const newline = piece.indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    at += piece.length;
  }
  return to;
}

const NEWLINE = 0x0a;
