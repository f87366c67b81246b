import { lstatIfThere } from "../../files/if_there.ts";
import { io } from "../../files/io.ts";
import { Replacement } from "../../files/replace.ts";
import {
  isAsListed,
  isPartOf,
  listSegments,
  type Segment,
  segmentPieces,
  walkSegment,
} from "./segments.ts";
import type { LogLocation } from "../location.ts";
import { LogLock } from "../log_lock.ts";
import { mergedName } from "./merged_name.ts";
import { type Content, contentOf, dayOf, lineTime } from "./segment_content.ts";

/**
 * From so many bytes of compressed segments on they are merged though their day goes on: what is pruned, or
 * damaged, or read for a moment in it is no more than that.
 */
const MERGED_BYTES = 1 << 19;
const NEWLINE = new Uint8Array([0x0a]);

/**
 * Merges the compressed segments of each day that is over, by their rows, into one file that is CSV to every
 * program: one header, one gzip stream. A segment that can't be read to its end, or has another header in its
 * middle, stays by itself. Stops where a writer holds the lock, and holds it itself for no longer than it takes to
 * rename a file and remove others. A crash leaves the segments, or what was merged of them, or both.
 */
export async function mergeSegments(location: LogLocation): Promise<void> {
  const listed = listSegments(location);
  const newest = listed.at(-1);
  if (newest === undefined) return;
  const merged = listed.filter((segment) => segment.merged !== undefined);
  // What lies beside a file that it may be merged in already is left as it is.
  const segments = listed.slice(0, -1)
    .filter((segment) => !merged.some((whole) => isPartOf(segment, whole)));
  const runs = runsOf(segments);
  for (const [index, run] of runs.entries()) {
    const isLast = index === runs.length - 1 && run.at(-1) === segments.at(-1);
    for await (const group of groupsOf(run, isLast ? newest : undefined)) {
      if (!await merge(location, group)) return;
    }
  }
}

/** Segments to be merged that follow one another without a gap: what once lay in it may come back. */
function runsOf(segments: readonly Segment[]): Segment[][] {
  const runs: Segment[][] = [];
  let last: Segment | undefined;
  for (const segment of segments) {
    const isOne = segment.compressed && segment.merged === undefined;
    if (isOne && last?.sequence === segment.sequence - 1) runs.at(-1)?.push(segment);
    else if (isOne) runs.push([segment]);
    last = isOne ? segment : undefined;
  }
  return runs;
}

/** Divides a run into what belongs into one file each; not its last ones yet, where `next` is of the same day. */
async function* groupsOf(
  run: readonly Segment[],
  next: Segment | undefined,
): AsyncGenerator<readonly Content[]> {
  const nextDay = next && await firstDay(next);
  const bytes = run.reduce((sum, segment) => sum + segment.bytes, 0);
  if (nextDay !== undefined && bytes < MERGED_BYTES && await firstDay(run[0]!) === nextDay) return;
  let group: Content[] = [];
  let groupBytes = 0;
  for (const segment of run) {
    const content = await contentOf(segment);
    const first = group[0];
    const isFull = groupBytes >= MERGED_BYTES;
    if (first !== undefined && (isFull || !isAlike(first, content))) {
      yield group;
      [group, groupBytes] = [[], 0];
    }
    if (content === undefined) continue;
    group.push(content);
    groupBytes += segment.bytes;
  }
  const day = group[0]?.day;
  if (day !== undefined && (groupBytes >= MERGED_BYTES || day !== nextDay)) yield group;
}

function isAlike(one: Content, other: Content | undefined): boolean {
  return one.day === other?.day && one.header === other?.header;
}

async function firstDay(segment: Segment): Promise<number | undefined> {
  let time = NaN;
  try {
    await walkSegment(segment, (lines) => !Number.isNaN(time = lineTime(lines)));
  } catch {
    // A damaged one is of no day.
  }
  return Number.isNaN(time) ? undefined : dayOf(time);
}

/** False where a writer holds the lock. */
async function merge({ folder }: LogLocation, group: readonly Content[]): Promise<boolean> {
  const segments = group.map(({ segment }) => segment);
  const name = mergedName({
    first: segments[0]!.sequence,
    last: segments.at(-1)!.sequence,
    from: Math.floor(Math.min(...group.map(({ from }) => from))),
    to: Math.floor(Math.max(...group.map(({ to }) => to))) + 1,
    rows: group.reduce((sum, { rows }) => sum + rows, 0),
  });
  const target = `${folder}/history/${name}`;
  using file = new Replacement(target, { of: "perfmon" });
  try {
    const plain = ReadableStream.from(mergedPieces(group));
    for await (const packed of plain.pipeThrough(new CompressionStream("gzip"))) file.write(packed);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true; // as below
    throw error;
  }
  using lock = await LogLock.acquire(folder, 0);
  if (!lock.isHeld) return false;
  // Cleared, pruned or merged meanwhile, or something lies there that was not listed.
  const isChanged = !segments.every(isAsListed) ||
    segments.some(({ path }) => lstatIfThere(path.replace(/\.gz$/, "")) !== undefined);
  if (isChanged || lstatIfThere(target) !== undefined) return true;
  file.commit({ modified: Math.max(...segments.map(({ modified }) => modified)) / 1000 });
  for (const { path } of segments) io.remove(path);
  return true;
}

/** All rows of a group behind the header of the first; each line of it with its end. */
async function* mergedPieces(group: readonly Content[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const [index, { segment, headerBytes }] of group.entries()) {
    let skipped = index === 0 ? 0 : headerBytes;
    let last: number | undefined;
    for await (const piece of segmentPieces(segment)) {
      const rest = piece.subarray(skipped);
      skipped -= piece.length - rest.length;
      last = piece.at(-1) ?? last;
      if (rest.length > 0) yield rest.slice();
    }
    if (last !== undefined && last !== NEWLINE[0]) yield NEWLINE;
  }
}
