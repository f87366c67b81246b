import { fileNames } from "./folders.ts";
import { io } from "./io.ts";
import { tryLock } from "./locks.ts";
import { isSameFile, lstatIfThere } from "./if_there.ts";

/** A file that is being written, to be renamed to where it belongs. */
export interface Temporary {
  readonly path: string;
  /** Open for reading and appending, and locked as long as it is. */
  readonly file: Deno.FsFile;
}

/** Names of temporary files: nobody can guess one and put something there before. */
const NAME = /^\.[0-9a-f]{32}\.perfmon-tmp$/;
/** Where the file system has no locks, a file that was not written for so long is a leftover, milliseconds. */
const LEFTOVER_AFTER_MS = 86_400_000;

/**
 * Creates an empty file for the owner alone, under a name of its own, in a folder that has to be there;
 * removes what killed runs left in it. Whoever creates one renames or removes it.
 */
export function createTemporary(folder: string): Temporary {
  removeLeftovers(folder);
  for (;;) {
    const path = `${folder}/.${crypto.randomUUID().replaceAll("-", "")}.perfmon-tmp`;
    const file = io.open(path, { read: true, append: true, createNew: true, mode: 0o600 });
    // In the moment before it is locked another perfmon may take it for a leftover.
    if (tryLock(file) !== "busy" && isSameFile(file.statSync(), lstatIfThere(path))) {
      return { path, file };
    }
    file.close();
  }
}

/**
 * Removes from a folder the temporary files of killed runs: regular files of this very user, by their
 * names, which no process has locked. What can't be removed stays.
 */
export function removeLeftovers(folder: string): void {
  for (const name of namesIn(folder)) {
    if (!NAME.test(name)) continue;
    try {
      removeLeftover(`${folder}/${name}`);
    } catch {
      // It is gone, or it does no harm.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return fileNames(folder);
  } catch {
    return []; // it can be written, but not listed
  }
}

function removeLeftover(path: string): void {
  const info = lstatIfThere(path);
  if (info?.isFile !== true || info.uid !== Deno.uid()) return;
  using file = io.open(path, { read: true, write: true });
  if (!isSameFile(file.statSync(), info)) return;
  const outcome = tryLock(file);
  const age = Date.now() - (info.mtime?.getTime() ?? Infinity);
  if (outcome === "held" || outcome === "none" && age > LEFTOVER_AFTER_MS) io.remove(path);
}
