import { ensureLogFolder } from "./resolve.ts";
import { alertsPath } from "./alerts.ts";
import { hasCounters, lockCounters, removeCounters } from "./counters_file.ts";
import type { Cut } from "./write/cut.ts";
import { listSegments, readSegment, type Segment, segmentFault } from "./history/segments.ts";
import { removeIfThere, statIfThere } from "../files/if_there.ts";
import { io } from "../files/io.ts";
import { Replacement } from "../files/replace.ts";
import type { LogLocation } from "./location.ts";
import { type LogState, NOTHING_COUNTED } from "./lock.ts";
import { LogLock } from "./log_lock.ts";
import { findSuperseded, removeSuperseded } from "./history/superseded.ts";
import { parentOf } from "../files/paths.ts";
import { segmentName } from "./history/segment_name.ts";
import { removeUnfinished } from "./history/tidy_history.ts";
import { recount } from "./write/recount.ts";
import { cutLastSegment } from "./write/rotated_rows.ts";
import { cutOff } from "./write/rotate.ts";
import { lineAt, rowsBefore } from "./rows_before.ts";
import { knownState, withoutKept } from "./status.ts";
import { openLog } from "./write/write_rows.ts";

/** How many rows are left is for the next append to count. */
const NOTHING_KNOWN = { ...NOTHING_COUNTED, retryAt: 0, cutAt: 0, copied: 0 };

/**
 * Removes a log, its history, its counters and what was told of its sessions, under the lock; the
 * error log and settings stay. Throws where the lock can't be had within a second, or another perfmon counts, with nothing removed.
 */
export async function clearLog(location: LogLocation): Promise<void> {
  using lock = await acquire(location);
  using _counters = hasCounters(location) ? await lockCounters(location) : undefined;
  const known = lock.readState();
  for (const segment of listSegments(location)) removeSegment(segment);
  removeUnfinished(location);
  removeIfThere(location.path);
  // A new log may get the inode of this one.
  if (known !== undefined) lock.writeState({ ...known, ...NOTHING_KNOWN });
  removeCounters(location);
  removeIfThere(alertsPath(location.folder));
}

/** What of a log is before a time, in rows. */
export interface ClearedRows {
  readonly log: number;
  readonly history: number;
  /** Sentences about history segments that can't be read, and stay. */
  readonly skippedFiles: readonly string[];
}

/**
 * Removes the rows before the first one of a time or later, from log and history, under the lock; rows
 * without a time, and those out of order behind it, stay. Returns what it removed. Throws where the lock
 * can't be had within a second.
 */
export async function clearBefore(location: LogLocation, seconds: number): Promise<ClearedRows> {
  using lock = await acquire(location);
  const isThere = statIfThere(location.path)?.isFile === true;
  using file = isThere ? openLog(location) : undefined;
  removeSuperseded(await findSuperseded(location));
  const known = lock.readState();
  if (known !== undefined) {
    if (file !== undefined) cutLastSegment(location, file, known);
    lock.writeState({ ...known, ...NOTHING_KNOWN });
  }
  const { history, skippedFiles } = await inHistory(
    location,
    seconds,
    undefined,
    (segment, bytes, cut) => {
      if (isAll(bytes, cut)) removeSegment(segment);
      else rewriteSegment(segment, bytes, cut);
    },
  );
  if (file === undefined) return { log: 0, history, skippedFiles };
  const { state } = recount(file, lock.readState(), location);
  const bytes = Deno.readFileSync(location.path).subarray(0, state.size);
  const { rows, cut } = rowsBefore(bytes, seconds);
  if (rows > 0) cutOff(location, file, state, cut, false);
  return { log: rows, history, skippedFiles };
}

/** Counts what `clearBefore` would remove. */
export async function countBefore(location: LogLocation, seconds: number): Promise<ClearedRows> {
  const { history, skippedFiles } = await inHistory(location, seconds, await knownState(location));
  const isThere = statIfThere(location.path)?.isFile === true;
  const bytes = isThere ? Deno.readFileSync(location.path) : new Uint8Array();
  return { log: rowsBefore(bytes, seconds).rows, history, skippedFiles };
}

/** Counts the rows of the history before a time, and does something to each segment that has any. */
async function inHistory(
  location: LogLocation,
  seconds: number,
  known: LogState | undefined,
  act: (segment: Segment, bytes: Uint8Array, cut: Cut) => void = () => {},
): Promise<Omit<ClearedRows, "log">> {
  let history = 0;
  const skippedFiles: string[] = [];
  const twice = new Set((await findSuperseded(location)).map(({ part }) => part.path));
  const segments = listSegments(location).filter(({ path }) => !twice.has(path));
  for (const segment of segments) {
    let bytes: Uint8Array;
    try {
      bytes = withoutKept(await readSegment(segment), segment.sequence, known);
    } catch (error) {
      skippedFiles.push(`Cannot read "${segment.path}": ${segmentFault(error)}, and stays`);
      continue;
    }
    const { rows, cut } = rowsBefore(bytes, seconds);
    if (rows > 0 && !isAll(bytes, cut) && isBeside(segment, segments)) {
      const other = segmentName(segment.sequence);
      skippedFiles.push(
        `Cannot cut "${segment.path}": another segment in its folder ends with that number, and where "${other}" ` +
          `would be written its rows would be lost; it stays until one of them is moved away`,
      );
      continue;
    }
    history += rows;
    if (rows > 0) act(segment, bytes, cut);
  }
  return { history, skippedFiles };
}

/** Whether nothing stays of what is cut. */
function isAll(bytes: Uint8Array, cut: Cut): boolean {
  return cut.offset >= bytes.length && cut.spared === undefined;
}

/** Whether what stays of a merged segment would get the name of another one. */
function isBeside(segment: Segment, segments: readonly Segment[]): boolean {
  return segment.merged !== undefined &&
    segments.some((other) => other !== segment && other.sequence === segment.sequence);
}

async function acquire(location: LogLocation): Promise<LogLock> {
  ensureLogFolder(location.folder);
  const lock = await LogLock.acquire(location.folder);
  if (lock.outcome !== "busy") return lock;
  lock[Symbol.dispose]();
  throw new Error(`Cannot clear "${location.path}": another process holds its lock; try again`);
}

/** Writes what is behind the cut as a plain segment of the same sequence, in one step. */
function rewriteSegment(segment: Segment, bytes: Uint8Array, cut: Cut): void {
  const plain = `${parentOf(segment.path)}/${segmentName(segment.sequence)}`;
  {
    using file = new Replacement(plain, { of: "perfmon" });
    if (cut.spared !== undefined) file.write(cut.spared);
    file.write(lineAt(bytes, cut.header));
    file.write(bytes.subarray(cut.offset));
    file.commit({ modified: segment.modified / 1000 });
  }
  if (segment.compressed) io.remove(segment.path);
}

/** A crash may have left a segment in both forms. */
function removeSegment({ path }: Segment): void {
  for (const each of [path, `${path}.gz`]) removeIfThere(each);
}
