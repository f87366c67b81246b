import { ensureOwnFolder, syncFolder } from "../../files/folders.ts";
import { lstatIfThere, removeIfThere } from "../../files/if_there.ts";
import { copyRange, io, readAt } from "../../files/io.ts";
import { openRegular } from "../../files/own_file.ts";
import { ownerOfNew, setRights } from "../../files/owner.ts";
import { createTemporary } from "../../files/temporary.ts";
import type { LogLocation } from "../location.ts";
import type { LogState } from "../lock.ts";
import { endsLine } from "./recount.ts";
import { lastSequence, segmentName } from "../history/segment_name.ts";

const NEWLINE = 0x0a;

/** The history segment that a rotation made. */
export interface RotatedRows {
  readonly path: string;
  readonly sequence: number;
  /** It is the old log under a second name, and so has the kept rows too; otherwise a copy without these. */
  readonly linked: boolean;
}

/**
 * Keeps the old log as a new history segment: under a second name, so that nothing that is still
 * written to it can get lost. Where the file system has no hard links (exFAT, some network shares), or
 * the folder is on another one, its first `length` bytes are copied.
 */
export function keepSegment(
  location: LogLocation,
  file: Deno.FsFile,
  state: LogState,
  length: number,
): RotatedRows {
  const folder = `${location.folder}/history`;
  ensureOwnFolder(folder);
  const last = Math.max(state.sequence, lastSequence(location));
  const newest = `${folder}/${segmentName(last)}`;
  // A rotation that died after this step left the link: the segment is the log itself.
  if (lstatIfThere(newest)?.ino === state.inode) {
    return { path: newest, sequence: last, linked: true };
  }
  for (let sequence = last + 1;; sequence++) {
    const path = `${folder}/${segmentName(sequence)}`;
    if ([path, `${path}.gz`].some(lstatIfThere)) continue;
    try {
      io.link(location.path, path);
      syncFolder(folder);
      return { path, sequence, linked: true };
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      return copySegment(location, file, sequence, length);
    }
  }
}

function copySegment(
  location: LogLocation,
  file: Deno.FsFile,
  sequence: number,
  length: number,
): RotatedRows {
  const folder = `${location.folder}/history`;
  const path = `${folder}/${segmentName(sequence)}`;
  const temporary = createTemporary(folder);
  using target = temporary.file;
  try {
    copyRange(file, 0, length, target);
    setRights(target, temporary.path, { owner: ownerOfNew(path) });
    target.syncSync();
    io.rename(temporary.path, path);
  } catch (error) {
    removeIfThere(temporary.path);
    throw error;
  }
  syncFolder(folder);
  return { path, sequence, linked: false };
}

/** Takes back the copy of a rotation that failed: the next one would make another. */
export function removeCopy({ path, linked }: RotatedRows): void {
  if (!linked) removeIfThere(path);
}

/**
 * Cuts the newest segment to what was rotated out, after rows that came to it behind the back of its
 * rotation were appended to the log. Where that can't be done the segment stays as it is: rows in
 * it then stand twice, and readers drop them. The caller holds the lock; `log` is open for appending.
 */
export function cutLastSegment(location: LogLocation, log: Deno.FsFile, state: LogState): void {
  const { cutAt, copied } = state;
  if (cutAt <= 0 || copied < cutAt) return;
  try {
    const path = `${location.folder}/history/${segmentName(state.sequence)}`;
    using segment = openRegular(path);
    const { ino, size } = segment.statSync();
    if (ino === log.statSync().ino || size < copied) return;
    // The figures are of this segment only where they lie between lines.
    if (!endsLine(segment, cutAt) || !endsLine(segment, copied)) return;
    // A line that is still being written stays where it is.
    if (size > copied && readAt(segment, size - 1, 1)[0] !== NEWLINE) return;
    copyRange(segment, copied, size, log);
    if (segment.statSync().size === size) segment.truncateSync(cutAt);
  } catch {
    // Pruned or compressed meanwhile, or not to be written.
  }
}
