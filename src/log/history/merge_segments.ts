import { BASIC_COLUMNS } from "../../row/columns.ts";
import { decode } from "../../row/decode.ts";
import { rowTime } from "../../row/parse_row.ts";
import { lstatIfThere } from "../../files/if_there.ts";
import { io } from "../../files/io.ts";
import { Replacement } from "../../files/replace.ts";
import {
  listSegments,
  type Segment,
  segmentPieces,
  supersededSegments,
  walkSegment,
} from "./segments.ts";
import type { LogLocation } from "../location.ts";
import { LogLines } from "../log_lines.ts";
import { LogLock } from "../log_lock.ts";
import { mergedName } from "./merged_name.ts";

/**
 * From so many bytes of compressed segments on they are merged though their day goes on: what is pruned, or
 * damaged, or read for a moment in it is no more than that.
 */
const MERGED_BYTES = 1 << 19;
const DAY_SECONDS = 86_400;
const COMMA = 0x2c;
const NEWLINE = new Uint8Array([0x0a]);
const TIMESTAMP = BASIC_COLUMNS[0];

/** What a segment holds, as far as a merge has to know. */
interface Content {
  readonly segment: Segment;
  readonly rows: number;
  /** The least and the greatest time of its rows, seconds since the epoch; infinite where none has one. */
  readonly from: number;
  readonly to: number;
  /** The day (UTC) of its first row with a time, counted since the epoch; `undefined` where none has one. */
  readonly day: number | undefined;
  /** The header that it begins with, without its line end, and its bytes with it. */
  readonly header: string;
  readonly headerBytes: number;
}

/**
 * Merges the compressed segments of each day that is over, by their rows, into one file that is CSV to every
 * program: one header, one gzip stream. A segment that can't be read to its end, or has another header in its
 * middle, stays by itself. Stops where a writer holds the lock, and holds it itself for no longer than it takes to
 * rename a file and remove others. A crash leaves the segments, or what was merged of them, or both.
 */
export async function mergeSegments(location: LogLocation): Promise<void> {
  const segments = listSegments(location);
  const newest = segments.pop();
  if (newest === undefined) return;
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

/** Those of a run that belong into one file; not the last ones yet, where `next` is of the same day. */
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
    const content = await look(segment);
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
    await walkSegment(segment, (lines) => !Number.isNaN(time = timeOf(lines)));
  } catch {
    // A damaged one is of no day.
  }
  return Number.isNaN(time) ? undefined : dayOf(time);
}

function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS);
}

/** `undefined` of a segment that stays by itself. */
async function look(segment: Segment): Promise<Content | undefined> {
  let [rows, from, to] = [0, Infinity, -Infinity];
  let day: number | undefined;
  let [header, headerBytes] = ["", 0];
  let hasOtherHeader = false;
  try {
    await walkSegment(segment, (lines) => {
      const time = timeOf(lines);
      if (!lines.isHeader) rows++;
      else if (lines.offset === 0) [header, headerBytes] = [lines.text, lines.nextOffset];
      else hasOtherHeader = true;
      if (Number.isNaN(time)) return hasOtherHeader;
      day ??= dayOf(time);
      from = Math.min(from, time);
      to = Math.max(to, time);
      return hasOtherHeader;
    });
  } catch {
    return undefined;
  }
  if (day === undefined || hasOtherHeader) return undefined;
  return { segment, rows, from, to, day, header, headerBytes };
}

/**
 * The time of a line, its whole seconds at least; NaN where it is no row. A number that stands first in the line is
 * its time, whatever follows: a torn row may make the file's span wider, never narrower.
 */
function timeOf(lines: LogLines): number {
  const { bytes, start, end, columns } = lines;
  if (lines.isHeader) return NaN;
  const comma = bytes.indexOf(COMMA, start);
  if (columns[0] === TIMESTAMP && comma > start && comma < end) {
    const seconds = Number(decode(bytes.subarray(start, comma)));
    if (seconds > 0) return seconds;
  }
  return rowTime(lines.text, columns);
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
  using file = new Replacement(`${folder}/history/${name}`, { of: "perfmon" });
  try {
    const plain = ReadableStream.from(contentOf(group));
    for await (const packed of plain.pipeThrough(new CompressionStream("gzip"))) file.write(packed);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true; // as below
    throw error;
  }
  using lock = await LogLock.acquire(folder, 0);
  if (!lock.isHeld) return false;
  // Cleared, pruned or merged meanwhile.
  if (!segments.every(isAsListed)) return true;
  file.commit({ modified: Math.max(...segments.map(({ modified }) => modified)) / 1000 });
  for (const { path } of segments) io.remove(path);
  return true;
}

function isAsListed({ path, bytes, modified }: Segment): boolean {
  const info = lstatIfThere(path);
  return info?.size === bytes && info.mtime?.getTime() === modified &&
    lstatIfThere(path.replace(/\.gz$/, "")) === undefined;
}

/** All rows of a group behind the header of the first; each line of it with its end. */
async function* contentOf(group: readonly Content[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
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

/** Removes segments that lie there merged, too, where what was merged is whole. The caller holds the lock. */
export async function removeSuperseded(location: LogLocation): Promise<void> {
  const superseded = supersededSegments(location);
  if (superseded.length === 0) return;
  for (const whole of listSegments(location)) {
    const parts = superseded.filter(({ first, sequence }) =>
      first >= whole.first && sequence <= whole.sequence
    );
    if (parts.length === 0 || (await look(whole))?.rows !== whole.merged?.rows) continue;
    for (const { path } of parts) io.remove(path);
  }
}
