import { alertsPath } from "./alerts.ts";
import { hasCounters, lockCounters, removeCounters } from "./counters_file.ts";
import type { Cut } from "./write/cut.ts";
import { listSegments, readSegment, type Segment } from "./history.ts";
import { ensureFolder } from "../files/folders.ts";
import { removeIfThere, statIfThere } from "../files/if_there.ts";
import { io } from "../files/io.ts";
import { Replacement } from "../files/replace.ts";
import { type LogLocation } from "./location.ts";
import { NOTHING_COUNTED } from "./lock.ts";
import { LogLines } from "./log_lines.ts";
import { LogLock } from "./log_lock.ts";
import { removeUnfinished } from "./tidy_history.ts";
import { recount } from "./write/recount.ts";
import { cutLastSegment } from "./write/rotated_rows.ts";
import { cutOff } from "./write/rotate.ts";
import { rowTime } from "../row/parse_row.ts";
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

/**
 * Removes the rows before the first one of a time or later, from log and history, under the lock;
 * rows out of order behind it stay. Throws where the lock can't be had within a second.
 */
export async function clearBefore(location: LogLocation, seconds: number): Promise<void> {
  using lock = await acquire(location);
  const isThere = statIfThere(location.path)?.isFile === true;
  using file = isThere ? openLog(location) : undefined;
  const known = lock.readState();
  if (known !== undefined) {
    if (file !== undefined) cutLastSegment(location, file, known);
    lock.writeState({ ...known, ...NOTHING_KNOWN });
  }
  for (const segment of listSegments(location)) {
    const bytes = await readSegment(segment);
    const cut = findTime(bytes, seconds);
    if (cut.offset >= bytes.length) removeSegment(segment);
    else if (cut.offset > 0) rewriteSegment(segment, bytes, cut);
  }
  if (file === undefined) return;
  const { state } = recount(file, lock.readState(), location);
  const cut = findTime(Deno.readFileSync(location.path).subarray(0, state.size), seconds);
  if (cut.offset === 0) return;
  cutOff(location, file, state, cut, false);
}

async function acquire(location: LogLocation): Promise<LogLock> {
  ensureFolder(location.folder);
  const lock = await LogLock.acquire(location.folder);
  if (lock.outcome !== "busy") return lock;
  lock[Symbol.dispose]();
  throw new Error(`Cannot clear "${location.path}": another process holds its lock; try again`);
}

/**
 * The cut before the first row of `seconds` since the epoch or later, or at the end where there is none. Rows
 * right before it whose time can't be read stay.
 */
function findTime(bytes: Uint8Array, seconds: number): Cut {
  let header = -1;
  /** The cut before the rows without a time that were passed last. */
  let before: Cut | undefined;
  const lines = new LogLines();
  lines.add(bytes);
  while (lines.next() || lines.finish()) {
    const { offset } = lines;
    const time = lines.isHeader ? NaN : rowTime(lines.text, lines.columns);
    if (time >= seconds) return before ?? { offset, header };
    if (time < seconds) before = undefined;
    else if (lines.isHeader) header = offset;
    else before ??= { offset, header };
  }
  return before ?? { offset: bytes.length, header };
}

/** Writes what is behind the cut as a plain segment of the same sequence, in one step. */
function rewriteSegment(segment: Segment, bytes: Uint8Array, cut: Cut): void {
  const plain = segment.path.replace(/\.gz$/, "");
  {
    using file = new Replacement(plain, { of: "perfmon" });
    if (cut.header >= 0) {
      file.write(bytes.subarray(cut.header, bytes.indexOf(0x0a, cut.header) + 1));
    }
    file.write(bytes.subarray(cut.offset));
    file.commit({ modified: segment.modified / 1000 });
  }
  if (segment.compressed) io.remove(segment.path);
}

/** A crash may have left a segment in both forms. */
function removeSegment({ path }: Segment): void {
  for (const each of [path, `${path}.gz`]) removeIfThere(each);
}
