import { parseBytes, parseDuration } from "../text/units.ts";
import { fileNames, listSegments, type Segment, transform } from "./history.ts";
import { syncFolder } from "../files/folders.ts";
import { removeIfThere, statIfThere } from "../files/if_there.ts";
import { io, writeAll } from "../files/io.ts";
import type { LogLocation } from "./location.ts";
import { LogLock } from "./lock.ts";
import { statePath } from "./counters_file.ts";

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
 * Compresses all segments but the newest and removes the oldest ones beyond the limit that the log's
 * writers were given, where counters are kept only those that they count; and what killed processes
 * left half done. Reading commands call it, `rec` never does. Stops where a writer holds the lock, and
 * makes none wait for more than one segment. A crash leaves a segment in one form or both, never in none.
 */
export async function maintainHistory(
  location: LogLocation,
  segments: readonly Segment[] = listSegments(location),
): Promise<void> {
  if (segments.length === 0) return;
  const counted = await countBefore(location, segments);
  let kept: Segment[];
  {
    using lock = await LogLock.acquire(location.folder, 0);
    if (!lock.isHeld) return;
    removeLeftovers(location);
    const spent = spentSegments(location, segments, limitOf(lock));
    const removed = spent.filter(({ sequence }) => sequence <= counted);
    for (const { path } of removed) io.remove(path);
    kept = segments.slice(removed.length);
  }
  // The newest may still get rows from a writer that had it open when it was the log.
  for (const segment of kept.slice(0, -1)) {
    if (segment.compressed) continue;
    using lock = await LogLock.acquire(location.folder, 0);
    if (!lock.isHeld) return;
    await compress(segment);
  }
}

/** Whoever writes such a file holds the lock, so where it is ours they are of killed processes. */
function removeLeftovers({ folder }: LogLocation): void {
  for (const name of fileNames(`${folder}/history`)) {
    if (/^\d{8,}\.csv(\.gz)?\.tmp$/.test(name)) removeIfThere(`${folder}/history/${name}`);
  }
  if (statIfThere(`${folder}/rotation.tmp`)?.isFile === true) io.remove(`${folder}/rotation.tmp`);
}

/**
 * The sequence up to which segments may be removed. Counters that are kept have to count them
 * first; where they can't, and it can't be told whether they have, none may.
 */
async function countBefore(
  location: LogLocation,
  segments: readonly Segment[],
): Promise<number> {
  if (statIfThere(statePath(location)) === undefined) return Infinity;
  const limit = await readLimit(location);
  const last = spentSegments(location, segments, limit).at(-1)?.sequence ?? 0;
  if (last === 0) return 0;
  const { countUpTo } = await import("./counters_file.ts");
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
 * The segments beyond the limit, from the oldest on, by sequence. Age counts back from the newest
 * change of the log or its history, not from the clock alone: a clock that runs ahead must not empty
 * the history.
 */
function spentSegments(
  location: LogLocation,
  segments: readonly Segment[],
  limit: HistoryLimit,
): Segment[] {
  const newest = Math.max(modifiedTime(location.path), ...segments.map((each) => each.modified));
  const oldestAllowed = Math.min(newest, Date.now()) - 1000 * limit.seconds;
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  let count = 0;
  for (const segment of segments) {
    if (segment.modified >= oldestAllowed && bytes <= limit.bytes) break;
    bytes -= segment.bytes;
    count++;
  }
  return segments.slice(0, count);
}

function modifiedTime(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}

/** Another reader may have done it already. */
async function compress(segment: Segment): Promise<void> {
  if (statIfThere(segment.path) === undefined) return;
  const plain = Deno.readFileSync(segment.path);
  const packed = await transform(plain, new CompressionStream("gzip"));
  const temporary = `${segment.path}.gz.tmp`;
  {
    using file = io.open(temporary, { write: true, create: true, truncate: true, mode: 0o600 });
    writeAll(file, packed);
    file.syncSync();
  }
  const modified = segment.modified / 1000;
  Deno.utimeSync(temporary, modified, modified);
  io.rename(temporary, `${segment.path}.gz`);
  syncFolder(segment.path.slice(0, segment.path.lastIndexOf("/")));
  // A program that has kept the log open through two rotations wrote to it just now.
  if (statIfThere(segment.path)?.size !== plain.length) io.remove(`${segment.path}.gz`);
  else io.remove(segment.path);
}
