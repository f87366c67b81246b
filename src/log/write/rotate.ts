import { FULL_HEADER } from "../../row/columns.ts";
import { headerAt } from "../log_lines.ts";
import { type Cut, findCut } from "./cut.ts";
import { syncFolder } from "../../files/folders.ts";
import { removeIfThere } from "../../files/if_there.ts";
import { copyRange, io, writeAll } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import type { LogState } from "../lock.ts";
import { endsLine, isOutdated, layoutOf, recount, settledSize } from "./recount.ts";
import { cutLastSegment, keepSegment, removeCopy, type RotatedRows } from "./rotated_rows.ts";
import { createAnew, isStillAt } from "../../files/own_file.ts";
import { setRights } from "../../files/owner.ts";
import { openLog } from "./write_rows.ts";
import { parentOf } from "../../files/paths.ts";
import { createTemporary, type Temporary } from "../../files/temporary.ts";

/** When to rotate and what stays; rows, headers not counted. */
export interface RotationLimits {
  readonly maxLines: number;
  /** From 0 to maxLines - 1. */
  readonly keep: number;
}

/** Where no second name keeps the old log, rows that are on their way to it get so long to arrive. */
const LATE_ROWS_MS = 20;

/**
 * Moves all but the last `keep` rows of the log into a new history segment, or drops them where
 * `state.history` is `0`. Rows that stay do so under the header that they had. Unless the log has the
 * seed's columns only, it ends with today's header in force: in the file, where every perfmon finds it. The
 * caller holds the lock; `file` is the log, open for reading and appending. Returns the state of the new log.
 */
export function rotate(
  location: LogLocation,
  file: Deno.FsFile,
  state: LogState,
  keep: number,
): LogState {
  cutLastSegment(location, file, state);
  const now = measure(location, file, state);
  const cut = findCut(file, now, keep);
  // An edit in place has left fewer rows than were known.
  if (cut.offset === 0) return recount(file, undefined, location).state;
  const rows = Math.min(keep, now.rows);
  const next = cutOff(location, file, now, cut, now.history !== "0");
  if (isOutdated(file, now)) appendHeader(location);
  return { ...next, rows };
}

/** Ends a log with today's header, for the rows to come; the next append finds it behind what is known. */
function appendHeader(location: LogLocation): void {
  using log = openLog(location);
  const isTorn = !endsLine(log, settledSize(log));
  writeAll(log, new TextEncoder().encode(`${isTorn ? "\n" : ""}${FULL_HEADER}\n`));
}

/**
 * The state that the file has by now: rows may have come in beside the last one, and what is cut and
 * copied must end where a line ends; an edit in place may have moved the header.
 */
function measure(location: LogLocation, file: Deno.FsFile, state: LogState): LogState {
  if (file.statSync().size !== state.size) return recount(file, state, location).state;
  if (state.header < 0 || headerAt(file, state.header) !== undefined) return state;
  return recount(file, undefined, location).state;
}

/**
 * Begins a new log with what stands behind a cut; what stands before it becomes a history segment,
 * or is dropped. The state that comes back still has the old number of rows.
 *
 * No step of it loses a row when the process dies there: the old log stays under its name until the
 * new one, complete and synced, takes it over by rename; from then on it stands whole in the history.
 * Rows that writers without the lock (our own in need, other programs' `>>`) append to it meanwhile
 * are copied over, those that come later yet by the next rotation, which also cuts the segment to
 * what was rotated out: nobody who opened the log before this rotation should still be about to write then.
 * Until then rows stand twice, and readers drop them.
 */
export function cutOff(
  location: LogLocation,
  file: Deno.FsFile,
  state: LogState,
  cut: Cut,
  toHistory: boolean,
): LogState {
  const temporary = createLog(location, file);
  using target = temporary.file;
  let bytesBefore: number;
  let rotated: RotatedRows | undefined;
  try {
    copyRights(file, target, temporary.path);
    bytesBefore = copyKept(file, state, cut, target);
    if (toHistory) rotated = keepSegment(location, file, state, cut.offset);
    // Where the lock file was deleted, another process may be rotating, too.
    if (!isStillAt(file, location.path) || !isStillAt(target, temporary.path)) {
      throw new Error("another process has rotated it");
    }
    io.rename(temporary.path, location.path);
  } catch (error) {
    // What is left of it would take the room that may be what is missing.
    if (isStillAt(target, temporary.path)) removeIfThere(temporary.path);
    if (rotated !== undefined) removeCopy(rotated);
    throw error;
  }
  syncFolder(parentOf(location.path));
  let copied = copyLate(file, state.size, target);
  if (rotated?.linked !== true) {
    io.pause(LATE_ROWS_MS);
    copied = copyLate(file, copied, target);
  }
  return {
    ...state,
    inode: target.statSync().ino ?? 0,
    // Rows that came late are not in these figures: the next append finds the file longer and counts on.
    size: bytesBefore + state.size - cut.offset,
    header: movedHeader(state.header, cut, bytesBefore),
    lastRow: state.lastRow < cut.offset ? -1 : bytesBefore + state.lastRow - cut.offset,
    sequence: rotated?.sequence ?? state.sequence,
    retryAt: 0,
    cutAt: rotated?.linked === true ? cut.offset : 0,
    copied: rotated?.linked === true ? copied : 0,
  };
}

/**
 * Creates the new log, in the log's own folder, under the name that a killed rotation may have left; beside
 * the log, where others may write, only if the folder is on another file system.
 */
function createLog({ path, folder }: LogLocation, file: Deno.FsFile): Temporary {
  const isApart = Deno.statSync(folder).dev !== file.statSync().dev;
  if (isApart) return createTemporary(parentOf(path));
  const temporary = `${folder}/rotation.tmp`;
  return { path: temporary, file: createAnew(temporary) };
}

/** The new log is as readable as the old one, and its owner's, also where root rotates it. */
function copyRights(file: Deno.FsFile, target: Deno.FsFile, path: string): void {
  const { mode, uid, gid } = file.statSync();
  if (mode === null) return;
  try {
    setRights(target, path, { mode: mode & 0o777, owner: { uid, gid } });
  } catch {
    // Some file systems know no rights, and only root may give a file away.
  }
}

/** Copies the rows behind the cut, under the header in force there; returns at which byte they begin. */
function copyKept(file: Deno.FsFile, state: LogState, cut: Cut, target: Deno.FsFile): number {
  const header = cut.header < 0 ? undefined : headerAt(file, cut.header);
  // Without the quotes or the byte order mark that another program has given it.
  const text = header && (layoutOf(header.columns) === "full" ? FULL_HEADER : header.text);
  const line = new TextEncoder().encode(text === undefined ? "" : text + "\n");
  const { spared = new Uint8Array() } = cut;
  writeAll(target, spared);
  writeAll(target, line);
  copyRange(file, cut.offset, state.size, target);
  target.syncSync();
  return spared.length + line.length;
}

/** Where the governing header stands in the new log: among the rows kept, before them, or nowhere. */
function movedHeader(header: number, cut: Cut, bytesBefore: number): number {
  if (header >= cut.offset) return bytesBefore + header - cut.offset;
  return cut.header < 0 ? -1 : cut.spared?.length ?? 0;
}

/** Copies what was appended to the old log since it was measured; returns up to where. */
function copyLate(file: Deno.FsFile, from: number, target: Deno.FsFile): number {
  let copied = from;
  for (let size = settledSize(file); size > copied; size = settledSize(file)) {
    copyRange(file, copied, size, target);
    copied = size;
  }
  return copied;
}
