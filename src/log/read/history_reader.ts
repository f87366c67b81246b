import {
  listSegments,
  mayHold,
  type Segment,
  segmentFault,
  segmentPieces,
  unreadSegment,
} from "../history/segments.ts";
import type { LogLocation } from "../location.ts";
import type { LogReader } from "./log_reader.ts";
import type { SegmentRows } from "./segment_rows.ts";

/** What was read of a log's history besides its rows. */
export interface HistoryRead {
  /** Uncompressed; `undefined` where nothing could be read. */
  readonly bytes: number | undefined;
  /** Sentences about segments that could not be read, or not to their end. */
  readonly skippedFiles: readonly string[];
  /** How many segments were left out because of their times. */
  readonly unread: number;
}

/** So many compressed bytes, some 240,000 rows, are sooner read by several threads: of half of them these gain nothing. */
const LARGE = 8 << 20;

/**
 * Reads into a reader the segments that may have rows since a time (seconds since the epoch; all of them unless
 * told), and once more those that others have merged, or pruned, meanwhile; with `threads` by several where they are
 * large.
 */
export async function readHistory(
  location: LogLocation,
  reader: LogReader,
  { since, threads }: { readonly since?: number | undefined; readonly threads: boolean },
): Promise<HistoryRead> {
  const skippedFiles: string[] = [];
  let unread = 0;
  const known = new Set<string>();
  let bytes: number | undefined;
  for (let isGone = true; isGone;) {
    isGone = false;
    const found = listSegments(location).filter(({ path }) => !known.has(path));
    for (const { path } of found) known.add(path);
    const asked = found.filter((segment) => mayHold(segment, { since }));
    unread += found.length - asked.length;
    for await (const read of readSegments(asked, reader, threads)) {
      if (read.bytes !== undefined || read.rows > 0) bytes = (bytes ?? 0) + (read.bytes ?? 0);
      if (read.fault !== undefined) {
        skippedFiles.push(unreadSegment(read.path, read.fault, read.rows));
      } else if (read.bytes === undefined) isGone = true;
    }
  }
  return { bytes, skippedFiles, unread };
}

/** What became of one segment. */
interface SegmentOutcome {
  readonly path: string;
  /** Bytes, uncompressed; `undefined` where it could not be read to its end. */
  readonly bytes: number | undefined;
  /** Why not; `undefined` also where it is there no more. */
  readonly fault?: string | undefined;
  /** How many rows of it the reader did not have before. */
  readonly rows: number;
}

async function* readSegments(
  segments: readonly Segment[],
  reader: LogReader,
  threads: boolean,
): AsyncGenerator<SegmentOutcome> {
  let done = 0;
  // Those that rotations left are small, and few where reading commands come by.
  const firstPlain = segments.findIndex(({ merged }) => merged === undefined);
  const merged = firstPlain < 0 ? segments : segments.slice(0, firstPlain);
  if (threads && merged.reduce((sum, { bytes }) => sum + bytes, 0) >= LARGE) {
    const { readByThreads } = await import("./threads.ts");
    for await (const rows of readByThreads(merged)) {
      const segment = merged[done++]!;
      yield rows === undefined
        ? await readSegmentBy(reader, segment)
        : adopt(reader, segment, rows);
    }
  }
  for (const segment of segments.slice(done)) yield await readSegmentBy(reader, segment);
}

function adopt(reader: LogReader, { path }: Segment, rows: SegmentRows): SegmentOutcome {
  const before = reader.size;
  reader.adopt(path, rows);
  return { path, bytes: rows.bytes, fault: rows.fault, rows: reader.size - before };
}

async function readSegmentBy(reader: LogReader, segment: Segment): Promise<SegmentOutcome> {
  const { path } = segment;
  const before = reader.size;
  try {
    const bytes = await reader.readAsItComes(path, segmentPieces(segment));
    return { path, bytes, rows: reader.size - before };
  } catch (error) {
    const fault = error instanceof Deno.errors.NotFound ? undefined : segmentFault(error);
    return { path, bytes: undefined, fault, rows: reader.size - before };
  }
}
