import { reasonOf } from "../files/file_error.ts";
import { fileNames } from "../files/folders.ts";
import { lstatIfThere } from "../files/if_there.ts";
import { pieces } from "../files/io.ts";
import type { LogLocation } from "./location.ts";
import { sequenceOf } from "./segment.ts";

/** A part of the log that a rotation moved out. */
export interface Segment {
  readonly sequence: number;
  readonly path: string;
  readonly compressed: boolean;
  /** As it lies on disk. */
  readonly bytes: number;
  /** Time of its last change before it was compressed, milliseconds since the epoch. */
  readonly modified: number;
}

/** The segments of a log's history in order of sequence; a segment that lies there in both forms counts once. */
export function listSegments(location: LogLocation): Segment[] {
  const folder = `${location.folder}/history`;
  const segments = new Map<number, Segment>();
  for (const name of fileNames(folder)) {
    const sequence = sequenceOf(name);
    if (sequence === undefined) continue;
    const compressed = name.endsWith(".gz");
    // Both forms are there, the plain one first, where a compression died before its last step: that is whole.
    if (compressed && segments.has(sequence)) continue;
    const path = `${folder}/${name}`;
    const info = lstatIfThere(path);
    if (info?.isFile !== true) continue;
    const modified = info.mtime?.getTime() ?? 0;
    segments.set(sequence, { sequence, path, compressed, bytes: info.size, modified });
  }
  return [...segments.values()].sort((a, b) => a.sequence - b.sequence);
}

/** The most bytes of a segment that are held in memory at once. */
const WHOLE_LIMIT = 512 << 20;

/**
 * A segment's rows as they were; throws where it can't be read or decompressed, or is larger than 512 MiB.
 * One that another reader compresses meanwhile is read in its new form.
 */
export async function readSegment(segment: Segment): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of segmentPieces(segment)) {
    length += piece.length;
    if (length > WHOLE_LIMIT) throw new Error("it has more than 512 MiB");
    read.push(piece.slice());
  }
  const bytes = new Uint8Array(length);
  for (const piece of read.toReversed()) bytes.set(piece, length -= piece.length);
  return bytes;
}

/**
 * As `readSegment`, in pieces, each of which holds until the next is asked for: of a segment of any size, however
 * well it is compressed, no more than some MiB lie in memory. What comes before the damage of a damaged one is
 * given before that is thrown.
 */
export async function* segmentPieces(segment: Segment): AsyncGenerator<Uint8Array> {
  if (segment.compressed) return yield* decompressed(segment.path);
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(segment.path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return yield* decompressed(`${segment.path}.gz`);
  }
  using opened = file;
  yield* pieces(opened);
}

/** So many bytes are decompressed at once, into a thousand times as many at most. */
const COMPRESSED_PIECE = 1 << 13;

async function* decompressed(path: string): AsyncGenerator<Uint8Array> {
  using file = Deno.openSync(path);
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const feed = async (): Promise<void> => {
    for (const piece of pieces(file, { size: COMPRESSED_PIECE })) await writer.write(piece.slice());
    await writer.close();
  };
  const fed = feed().catch(() => {}); // whoever reads gets the same error
  try {
    yield* stream.readable;
  } finally {
    await writer.abort().catch(() => {});
    await fed;
  }
}

/** What is said of a segment that does not hold what was written into it. */
export const DAMAGED = "it is damaged";

/** What is wrong with a segment whose reading has thrown: decompression fails with a `TypeError`. */
export function segmentFault(error: unknown): string {
  return error instanceof TypeError ? DAMAGED : `it can't be read (${reasonOf(error)})`;
}

/** Says that a segment was not read to its end, and how many rows of it were. */
export function unreadSegment(path: string, error: unknown, rows: number): string {
  const fault = segmentFault(error);
  if (rows === 0) return `Cannot read "${path}": ${fault}, and left out`;
  return `Cannot read "${path}" to its end: ${fault}; the ${rows === 1 ? "row" : `${rows} rows`} ` +
    `before that ${rows === 1 ? "is" : "are"} read`;
}

/** Bytes as a stream leaves them. */
export async function transform(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
