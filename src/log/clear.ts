import { listSegments } from "./history.ts";
import { ensureFolder, io } from "./io.ts";
import type { LogLocation } from "./location.ts";
import { LogLock } from "./lock.ts";

/**
 * Removes a log and its history, under the lock; the error log and settings stay. Throws where the
 * lock can't be had within a second, with nothing removed.
 */
export async function clearLog(location: LogLocation): Promise<void> {
  ensureFolder(location.folder);
  using lock = await LogLock.acquire(location.folder);
  if (!lock.isHeld) {
    throw new Error(`Cannot clear "${location.path}": another process holds its lock; try again`);
  }
  for (const segment of listSegments(location)) {
    // A crash may have left it in both forms.
    for (const path of [segment.path, `${segment.path}.gz`]) removeIfThere(path);
  }
  removeIfThere(location.path);
}

function removeIfThere(path: string): void {
  try {
    io.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
