import { type InternedTexts, Interner, lineHash } from "../../row/interner.ts";
import { RowBlocks } from "../../row/row_blocks.ts";
import { RowParser } from "../../row/byte_parser.ts";
import { LINE, type RawBlock, rawBlock, TOOL_USE_ID, writableTexts } from "../../row/row_view.ts";
import { type Segment, segmentFault, segmentPieces } from "../history/segments.ts";
import { type ByteLine, readRowsAsTheyCome, type RowSink } from "./row_reader.ts";

/** What a segment holds, as it goes from one thread to another. */
export interface SegmentRows {
  readonly blocks: readonly RawBlock[];
  /** The texts that the rows of the blocks hold the numbers of. */
  readonly names: InternedTexts;
  readonly ids: InternedTexts;
  /** Lines that are no rows. */
  readonly refused: readonly ByteLine[];
  /** Uncompressed; `undefined` where it could not be read to its end. */
  readonly bytes: number | undefined;
  /** Why not, for people; `undefined` also where it is there no more. */
  readonly fault: string | undefined;
}

/** So many bytes of rows, several times what perfmon merges into one, are held beside those of other segments. */
const MOST_BYTES = 64 << 20;

/** So many lines that are no rows; each takes a kilobyte on its way between threads. */
const MOST_REFUSED = 1000;

/** A segment is more than one thread may hold for another. */
class TooMuch extends Error {}

/**
 * Reads a segment apart from all others: of what stands before its damage, if it has any, nothing is lost. Returns
 * `undefined` for one that perfmon did not write, as a few bytes can blow up to gigabytes: a `LogReader` holds no
 * line of it twice.
 */
export async function readSegmentRows(segment: Segment): Promise<SegmentRows | undefined> {
  const [names, ids] = [new Interner(), new Interner()];
  const rows = new RowBlocks(names, ids);
  const refused: ByteLine[] = [];
  const sink: RowSink = {
    take({ bytes, start, end }: ByteLine): void {
      const { texts, at } = rows;
      if (texts[TOOL_USE_ID]![at] === 0) {
        writableTexts(texts, LINE)[at] = lineHash(bytes, start, end);
      }
      rows.advance();
    },
    refuse({ bytes, start, end, number }: ByteLine): void {
      if (refused.length === MOST_REFUSED) throw new TooMuch();
      refused.push({ bytes: bytes.slice(start, end + 1), start: 0, end: end - start, number });
    },
  };
  let bytes: number | undefined;
  let fault: string | undefined;
  try {
    const parser = new RowParser(rows, names, ids);
    bytes = (await readRowsAsTheyCome(bounded(segmentPieces(segment)), parser, sink)).nextOffset;
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    if (!(error instanceof Deno.errors.NotFound)) fault = segmentFault(error);
  }
  const blocks = rows.finish().map(rawBlock);
  return { blocks, names: names.texts, ids: ids.texts, refused, bytes, fault };
}

async function* bounded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MOST_BYTES) throw new TooMuch();
    yield piece;
  }
}

/** The memory of it that another thread takes over, instead of copying it. */
export function transferable({ blocks, names, ids }: SegmentRows): ArrayBuffer[] {
  return [
    ...blocks.flatMap(({ numbers, texts }) => [...numbers, ...texts])
      .flatMap((column) => column?.buffer ?? []),
    ...[names, ids].flatMap(({ bytes, ends, hashes }) => [
      bytes.buffer,
      ends.buffer,
      hashes.buffer,
    ]),
  ];
}
