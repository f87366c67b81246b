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

/**
 * A segment's rows as they were; throws where it can't be read or decompressed. One that another
 * reader compresses meanwhile is read in its new form.
 */
export async function readSegment({ path, compressed }: Segment): Promise<Uint8Array> {
  if (compressed) return await readCompressed(path);
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await readCompressed(`${path}.gz`);
  }
}

/** As `readSegment`, in pieces: of a plain segment, which may be as large as a log, no more lies in memory. */
export async function segmentPieces(segment: Segment): Promise<Iterable<Uint8Array>> {
  if (segment.compressed) return [await readSegment(segment)];
  try {
    return piecesOf(Deno.openSync(segment.path)); // opened now, not with the first piece
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return [await readSegment(segment)];
  }
}

function* piecesOf(file: Deno.FsFile): Generator<Uint8Array> {
  using opened = file;
  yield* pieces(opened);
}

/** What is said of a segment that does not hold what was written into it. */
export const DAMAGED = "it is damaged";

/** What is wrong with a segment whose reading has thrown: decompression fails with a `TypeError`. */
export function segmentFault(error: unknown): string {
  return error instanceof TypeError ? DAMAGED : `it can't be read (${reasonOf(error)})`;
}

async function readCompressed(path: string): Promise<Uint8Array> {
  return await transform(Deno.readFileSync(path), new DecompressionStream("gzip"));
}

/** Bytes as a stream leaves them. */
export async function transform(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
