import { isHeader } from "../core/parse_row.ts";
import type { Cut } from "./cut.ts";
import { listSegments, readSegment, type Segment } from "./history.ts";
import { ensureFolder, io, statIfThere, syncFolder, writeAll } from "./io.ts";
import { type LogLocation, parentOf } from "./location.ts";
import { LogLock } from "./lock.ts";
import { recount } from "./recount.ts";
import { cutOff } from "./rotate.ts";
import { openLog } from "./write.ts";

/**
 * Removes a log and its history, under the lock; the error log and settings stay. Throws where the
 * lock can't be had within a second, with nothing removed.
 */
export async function clearLog(location: LogLocation): Promise<void> {
  using _lock = await acquire(location);
  for (const segment of listSegments(location)) removeSegment(segment);
  removeIfThere(location.path);
}

/**
 * Removes the rows before the first one of a time or later, from log and history, under the lock;
 * rows out of order behind it stay. Throws where the lock can't be had within a second.
 */
export async function clearBefore(location: LogLocation, seconds: number): Promise<void> {
  using lock = await acquire(location);
  for (const segment of listSegments(location)) {
    const bytes = await readSegment(segment);
    const cut = findTime(bytes, seconds);
    if (cut.offset >= bytes.length) removeSegment(segment);
    else if (cut.offset > 0) rewriteSegment(segment, bytes, cut);
  }
  if (statIfThere(location.path)?.isFile !== true) return;
  using file = openLog(location);
  const { state } = recount(file, lock.readState(), location);
  const cut = findTime(Deno.readFileSync(location.path).subarray(0, state.size), seconds);
  if (cut.offset === 0) return;
  const after = cutOff(location, file, state, cut, false);
  // How many rows are left is for the next append to count: no file has this size.
  lock.writeState({ ...after, size: 0, rows: 0, header: -1 });
}

async function acquire(location: LogLocation): Promise<LogLock> {
  ensureFolder(location.folder);
  const lock = await LogLock.acquire(location.folder);
  if (lock.isHeld) return lock;
  lock[Symbol.dispose]();
  throw new Error(`Cannot clear "${location.path}": another process holds its lock; try again`);
}

/** The cut before the first row of `seconds` since the epoch or later, or at the end where there is none. */
function findTime(bytes: Uint8Array, seconds: number): Cut {
  let header = -1;
  for (let offset = 0; offset < bytes.length;) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline < 0 ? bytes.length : newline;
    const line = new TextDecoder().decode(bytes.subarray(offset, end));
    if (isHeader(line)) header = offset;
    else if (Number.parseFloat(line) >= seconds) return { offset, header };
    offset = end + 1;
  }
  return { offset: bytes.length, header };
}

/** Writes what is behind the cut as a plain segment of the same sequence, in one step. */
function rewriteSegment(segment: Segment, bytes: Uint8Array, cut: Cut): void {
  const plain = segment.path.replace(/\.gz$/, "");
  const temporary = `${plain}.tmp`;
  {
    using file = io.open(temporary, { write: true, create: true, truncate: true, mode: 0o600 });
    if (cut.header >= 0) {
      writeAll(file, bytes.subarray(cut.header, bytes.indexOf(0x0a, cut.header) + 1));
    }
    writeAll(file, bytes.subarray(cut.offset));
    file.syncSync();
  }
  Deno.utimeSync(temporary, segment.modified / 1000, segment.modified / 1000);
  io.rename(temporary, plain);
  syncFolder(parentOf(plain));
  if (segment.compressed) io.remove(segment.path);
}

/** A crash may have left a segment in both forms. */
function removeSegment({ path }: Segment): void {
  for (const each of [path, `${path}.gz`]) removeIfThere(each);
}

function removeIfThere(path: string): void {
  try {
    io.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
