import { type Cut, findCut } from "./cut.ts";
import { copyRange, ensureFolder, io, syncFolder, writeAll } from "./io.ts";
import { type LogLocation, parentOf } from "./location.ts";
import type { LogState } from "./lock.ts";
import { headerAt, recount } from "./recount.ts";
import { lastSequence, segmentName } from "./segment.ts";

/** When to rotate and what stays; rows, headers not counted. */
export interface RotationLimits {
  readonly maxLines: number;
  /** From 0 to maxLines - 1. */
  readonly keep: number;
}

/**
 * Moves all but the last `keep` rows of the log into a new history segment, or drops them where
 * `state.history` is `0`. The caller holds the lock; `file` is the log, open for reading and
 * appending. Returns the state of the new log.
 */
export function rotate(
  location: LogLocation,
  file: Deno.FsFile,
  state: LogState,
  keep: number,
): LogState {
  // Rows that came in beside the last one: what is cut and copied must end where a line ends.
  const now = file.statSync().size === state.size ? state : recount(file, state, location).state;
  const rows = Math.min(keep, now.rows);
  return { ...cutOff(location, file, now, findCut(file, now, keep), now.history !== "0"), rows };
}

/**
 * Begins a new log with what stands behind a cut; what stands before it becomes a history segment,
 * or is dropped. The state that comes back still has the old number of rows.
 *
 * No step of it loses a row when the process dies there: the old log stays under its name until the
 * new one, complete and synced, takes it over by rename; from then on it stands whole in the history.
 * It is cut to what was rotated out as the very last step, after rows that writers without the lock
 * (our own in need, other programs' `>>`) appended to it meanwhile were copied over. At worst rows
 * stand twice, and readers drop them.
 */
export function cutOff(
  location: LogLocation,
  file: Deno.FsFile,
  state: LogState,
  cut: Cut,
  toHistory: boolean,
): LogState {
  const header = headerAt(file, cut.header);
  const temporary = `${location.folder}/rotation.tmp`;
  using target = io.open(temporary, { read: true, append: true, create: true, mode: 0o600 });
  // The lock is ours, so a file of that name is what a killed rotation left behind.
  target.truncateSync(0);
  if (header !== undefined) writeAll(target, new TextEncoder().encode(header + "\n"));
  const headerBytes = target.statSync().size;
  copyRange(file, cut.offset, state.size, target);
  target.syncSync();

  const sequence = toHistory ? linkSegment(location, state) : state.sequence;
  io.rename(temporary, location.path);
  syncFolder(parentOf(location.path));
  copyLate(file, state.size, target);
  if (toHistory) file.truncateSync(cut.offset);

  return {
    ...state,
    inode: target.statSync().ino ?? 0,
    // Rows that came late are not in these figures: the next append finds the file longer and counts on.
    size: headerBytes + state.size - cut.offset,
    header: movedHeader(state.header, cut, headerBytes),
    lastRow: state.lastRow < cut.offset ? -1 : headerBytes + state.lastRow - cut.offset,
    sequence,
  };
}

/** Where the governing header stands in the new log: among the rows kept, at its beginning, or nowhere. */
function movedHeader(header: number, cut: Cut, headerBytes: number): number {
  if (header >= cut.offset) return headerBytes + header - cut.offset;
  return cut.header < 0 ? -1 : 0;
}

/** Gives the log a second name in the history, and returns its sequence. */
function linkSegment(location: LogLocation, state: LogState): number {
  const folder = `${location.folder}/history`;
  let sequence = state.sequence + 1;
  for (;; sequence = lastSequence(location) + 1) {
    const segment = `${folder}/${segmentName(sequence)}`;
    try {
      io.link(location.path, segment);
      syncFolder(folder);
      return sequence;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) ensureFolder(folder);
      else if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      // A rotation that died after this step left the link: the segment is the log itself.
      else if (Deno.statSync(segment).ino === state.inode) return sequence;
    }
  }
}

/** Copies what was appended to the old log since it was measured. */
function copyLate(file: Deno.FsFile, from: number, target: Deno.FsFile): void {
  let copied = from;
  for (let size = file.statSync().size; size > copied; size = file.statSync().size) {
    copyRange(file, copied, size, target);
    copied = size;
  }
}
