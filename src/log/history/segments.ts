import { reasonOf } from "../../files/file_error.ts";
import { fileNames } from "../../files/folders.ts";
import { lstatIfThere } from "../../files/if_there.ts";
import { pieces } from "../../files/io.ts";
import { LogLines } from "../log_lines.ts";
import type { LogLocation } from "../location.ts";
import { type Merged, parseMergedName } from "./merged_name.ts";
import { sequenceOf } from "./segment_name.ts";

/** A part of the log that rotations moved out: one of them, or several that were merged. */
export interface Segment {
  readonly sequence: number;
  /** The first sequence of a merged one; else the same. */
  readonly first: number;
  /** What the name of a merged one says; `undefined` of others. */
  readonly merged?: Merged | undefined;
  readonly path: string;
  readonly compressed: boolean;
  /** As it lies on disk. */
  readonly bytes: number;
  /** Time of its last change before it was compressed, milliseconds since the epoch. */
  readonly modified: number;
}

/**
 * The segments of a log's history in order of sequence, a merged one before what else ends with its sequence. One
 * that lies there plain and compressed counts once, as the plain one, which is whole. What lies beside a merged one
 * that should hold it is listed too: a name proves nothing, and readers drop lines that come twice.
 */
export function listSegments(location: LogLocation): Segment[] {
  const folder = `${location.folder}/history`;
  const single = new Map<number, Segment>();
  const merged: Segment[] = [];
  for (const name of fileNames(folder)) {
    const segment = segmentAt(`${folder}/${name}`, name);
    if (segment === undefined) continue;
    if (segment.merged !== undefined) merged.push(segment);
    // Both forms are there, the plain one first, where a compression died before its last step.
    else if (!single.has(segment.sequence)) single.set(segment.sequence, segment);
  }
  return [...merged, ...single.values()].sort((a, b) =>
    a.sequence - b.sequence || a.first - b.first
  );
}

/** Whether by its name a merged segment was made of another one, too. */
export function isPartOf(part: Segment, whole: Segment): boolean {
  if (whole.merged === undefined || part.first < whole.first) return false;
  if (part.merged === undefined) return part.sequence <= whole.sequence;
  return part.sequence <= whole.sequence &&
    part.sequence - part.first < whole.sequence - whole.first;
}

/** Whether a segment lies there as it did when it was listed. */
export function isAsListed({ path, bytes, modified }: Segment): boolean {
  const info = lstatIfThere(path);
  return info?.isFile === true && info.size === bytes && info.mtime?.getTime() === modified;
}

/** The newest segment that is not compressed: a late writer may still have it open. */
export function newestPlain(segments: readonly Segment[]): Segment | undefined {
  return segments.findLast(({ compressed }) => !compressed);
}

/** A time, seconds since the epoch, the second one exclusive; `undefined`: no bound. */
export interface Span {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Whether a segment may have rows of a time: only the name of a merged one tells that it has none. */
export function mayHold(
  { merged }: Segment,
  { since = -Infinity, until = Infinity }: Span,
): boolean {
  return merged === undefined || merged.to > since && merged.from < until;
}

/** The segment of that name; `undefined` where it is none. */
function segmentAt(path: string, name: string): Segment | undefined {
  const sequence = sequenceOf(name);
  if (sequence === undefined) return undefined;
  const info = lstatIfThere(path);
  if (info?.isFile !== true) return undefined;
  const merged = parseMergedName(name);
  return {
    sequence,
    first: merged?.first ?? sequence,
    merged,
    path,
    compressed: name.endsWith(".gz"),
    bytes: info.size,
    modified: info.mtime?.getTime() ?? 0,
  };
}

/** The most bytes of a segment that are held in memory at once. */
export const WHOLE_LIMIT = 512 << 20;

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

/**
 * Walks the lines of a segment, headers too, until it is told that it is enough; throws as reading does, behind what
 * could be read.
 */
export async function walkSegment(
  segment: Segment,
  visit: (lines: LogLines) => boolean,
): Promise<void> {
  const lines = new LogLines();
  for await (const piece of segmentPieces(segment)) {
    lines.add(piece);
    while (lines.next()) if (visit(lines)) return;
  }
  if (lines.finish()) visit(lines);
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
const DAMAGED = "it is damaged";

/** What is wrong with a segment whose reading has thrown: decompression fails with a `TypeError`. */
export function segmentFault(error: unknown): string {
  return error instanceof TypeError ? DAMAGED : `it can't be read (${reasonOf(error)})`;
}

/** Says that a segment was not read to its end because of a `segmentFault`, and how many rows of it were. */
export function unreadSegment(path: string, fault: string, rows: number): string {
  if (rows === 0) return `Cannot read "${path}": ${fault}, and left out`;
  return `Cannot read "${path}" to its end: ${fault}; the ${rows === 1 ? "row" : `${rows} rows`} ` +
    `before that ${rows === 1 ? "is" : "are"} read`;
}
