import { parseBytes, parseDuration } from "../../text/units.ts";
import { rowTime } from "../../row/parse_row.ts";
import { listSegments, newestPlain, type Segment, segmentPieces, walkSegment } from "./segments.ts";
import { mergeSegments } from "./merge_segments.ts";
import { findSuperseded, removeSuperseded } from "./superseded.ts";
import { lstatIfThere, statIfThere } from "../../files/if_there.ts";
import { io } from "../../files/io.ts";
import { Replacement } from "../../files/replace.ts";
import { removeLeftovers } from "../../files/temporary.ts";
import { type LogLocation, statePath } from "../location.ts";
import { LogLock } from "../log_lock.ts";

/** How long and how large a history may become. */
export interface HistoryLimit {
  readonly seconds: number;
  readonly bytes: number;
}

const DEFAULT_LIMIT: HistoryLimit = { seconds: 90 * 86_400, bytes: 32 * 1024 * 1024 };

/** `90d`, `32MiB` or `90d,32MiB`; what is not said stands at 90 days and 32 MiB. */
export function parseHistoryLimit(text: string): HistoryLimit {
  let limit = DEFAULT_LIMIT;
  for (const part of text.split(",")) {
    const bytes = parseBytes(part);
    const seconds = parseDuration(part);
    if (bytes !== undefined && /B$/.test(part)) limit = { ...limit, bytes };
    else if (seconds !== undefined) limit = { ...limit, seconds };
  }
  return limit;
}

/**
 * Compresses all segments but the newest, merges those of each day that is over, then removes the oldest
 * ones beyond the limit that the log's writers were given; where counters are kept only those that they
 * count; and what killed processes left half done. Returns the segments that were removed. Reading commands
 * call it, `rec` never does. Stops where a writer holds the lock, and makes none wait for more than one
 * segment. A crash leaves a segment in one form or several, never in none.
 */
export async function maintainHistory(location: LogLocation): Promise<readonly Segment[]> {
  if (!await compressAll(location)) return [];
  await mergeSegments(location);
  const limit = await readLimit(location);
  const counted = await countBefore(location, await spentSegments(location, limit));
  using lock = await LogLock.acquire(location.folder, 0);
  if (!lock.isHeld) return [];
  const removed = (await spentSegments(location, limit))
    .filter(({ sequence }) => sequence <= counted);
  for (const { path } of removed) io.remove(path);
  return removed;
}

/** False where a writer holds the lock. */
async function compressAll(location: LogLocation): Promise<boolean> {
  const superseded = await findSuperseded(location);
  const segments = listSegments(location);
  // The newest may still get rows from a writer that had it open when it was the log.
  const newest = newestPlain(segments);
  const waiting = segments.filter((segment) => !segment.compressed && segment !== newest);
  for (const segment of [undefined, ...waiting]) {
    using lock = await LogLock.acquire(location.folder, 0);
    if (!lock.isHeld) return false;
    if (segment === undefined) {
      removeUnfinished(location);
      removeSuperseded(superseded);
    } else await compress(segment);
  }
  return true;
}

/** Whoever rotates holds the lock, so where it is ours a log that was begun is of a killed process. */
export function removeUnfinished({ folder }: LogLocation): void {
  const begun = `${folder}/rotation.tmp`;
  if (lstatIfThere(begun)?.isFile === true) io.remove(begun);
  removeLeftovers(folder);
  removeLeftovers(`${folder}/history`);
}

/**
 * The sequence up to which segments may be removed. Counters that are kept have to count them
 * first; where they can't, and it can't be told whether they have, none may.
 */
async function countBefore(location: LogLocation, spent: readonly Segment[]): Promise<number> {
  if (statIfThere(statePath(location)) === undefined) return Infinity;
  const last = spent.at(-1)?.sequence ?? 0;
  if (last === 0) return 0;
  const { countUpTo } = await import("../counters_file.ts");
  return await countUpTo(location, last);
}

async function readLimit(location: LogLocation): Promise<HistoryLimit> {
  using lock = await LogLock.acquire(location.folder, 0);
  return limitOf(lock);
}

function limitOf(lock: LogLock): HistoryLimit {
  return parseHistoryLimit(lock.readState()?.history ?? "");
}

/**
 * The segments beyond the limit, from the oldest on, by sequence: never the newest, nor one that is not
 * compressed yet, so that what counts is what the history takes for good.
 */
async function spentSegments(location: LogLocation, limit: HistoryLimit): Promise<Segment[]> {
  const segments = listSegments(location);
  const newest = segments.pop();
  if (newest === undefined) return [];
  const isOld = ageRule(newest, limit);
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const spent: Segment[] = [];
  for (const segment of segments) {
    if (!segment.compressed || bytes <= limit.bytes && !await isOld(segment)) break;
    bytes -= segment.bytes;
    spent.push(segment);
  }
  return spent;
}

/**
 * Tells whether a segment is older than the limit. Both its age and the present are taken from rows, a row in
 * the middle of each: neither a file's time, which a touch or a copy changes, nor a clock that is or was
 * wrong for a moment empties the history. The file's time only says where it is worth looking.
 */
function ageRule(
  newest: Segment,
  { seconds }: HistoryLimit,
): (segment: Segment) => Promise<boolean> {
  let present: number | undefined;
  return async (segment) => {
    if (segment.modified / 1000 >= Date.now() / 1000 - seconds) return false;
    present ??= Math.min(Date.now() / 1000, await typicalTime(newest) ?? 0);
    const time = await typicalTime(segment);
    return time !== undefined && time < present - seconds;
  };
}

/** The median of a segment's times, seconds since the epoch; `undefined` where it has no row that can be read. */
async function typicalTime(segment: Segment): Promise<number | undefined> {
  const times: number[] = [];
  try {
    await walkSegment(segment, (lines) => {
      const time = lines.isHeader ? NaN : rowTime(lines.text, lines.columns);
      if (!Number.isNaN(time)) times.push(time);
      return false;
    });
  } catch {
    return undefined; // a damaged one is for the person to remove
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** Another reader may have done it already. */
async function compress(segment: Segment): Promise<void> {
  if (statIfThere(segment.path) === undefined) return;
  let plainBytes = 0;
  {
    using packedFile = new Replacement(`${segment.path}.gz`, { of: "perfmon" });
    const plain = ReadableStream.from(counted());
    for await (const packed of plain.pipeThrough(new CompressionStream("gzip"))) {
      packedFile.write(packed);
    }
    packedFile.commit({ modified: segment.modified / 1000 });
  }
  // A program that has kept the log open through two rotations wrote to it just now.
  if (statIfThere(segment.path)?.size !== plainBytes) io.remove(`${segment.path}.gz`);
  else io.remove(segment.path);

  async function* counted(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of segmentPieces(segment)) {
      plainBytes += piece.length;
      yield piece.slice();
    }
  }
}
