import { isSameFile, statIfThere } from "./if_there.ts";
import { io } from "./io.ts";
import { tryLock } from "./locks.ts";

/** So often a lock that another process has is asked for, and the wait between, milliseconds. */
const TRIES = 250;
const PAUSE_MS = 20;

/**
 * Locks a folder itself, so that no file is needed for it: for those who read files in it, and write them
 * again. Waits up to five seconds; `undefined` where another process has it still. Where the file system
 * has no locks it goes on without. Throws `NotFound` where the folder is not there, or not any more, and
 * `NotADirectory` where something else is: by the dot, a FIFO is not waited for.
 */
export function lockFolder(path: string): Disposable | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    const folder = io.open(`${path}/.`, { read: true });
    // Whoever had it before may have removed the folder and made it again.
    const isFree = tryLock(folder) !== "busy";
    if (isFree && isSameFile(folder.statSync(), statIfThere(path))) return folder;
    folder.close();
    if (!isFree) io.pause(PAUSE_MS);
  }
  return undefined;
}
