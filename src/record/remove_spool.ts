import { io } from "../files/io.ts";
import type { LogLocation } from "../log/location.ts";
import { LogLock } from "../log/log_lock.ts";
import { closeSpool, listRecords, removeClosed } from "../log/spool.ts";
import { drain } from "./drain.ts";

/** A record that is being written when its spool is removed gets so long to become whole, milliseconds. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 50;

/** What the removal of a spool came to, in records. */
export interface RemovedSpool {
  readonly taken: number;
  /** Those that were removed with it, because they were not whole. */
  readonly lost: number;
}

/**
 * Takes what waits in one of a log's spools into the log and removes the spool. It is taken away from the
 * hooks first, so that nothing comes in behind the last look. Throws where it can't be drained, with
 * nothing removed, and where there are other files in it.
 */
export async function removeSpool(location: LogLocation, spool: string): Promise<RemovedSpool> {
  let taken = await drainAll(location); // of one that a killed run has left closed, too
  const closed = await close(location, spool);
  const isLeft = (): boolean =>
    listRecords(location).some(({ path, isBad }) => !isBad && path.startsWith(`${closed}/`));
  for (let waited = 0;; waited += PAUSE_MS) {
    taken += await drainAll(location);
    if (!isLeft() || waited >= PATIENCE_MS) break;
    io.pause(PAUSE_MS);
  }
  return { taken, lost: removeClosed(closed) };
}

/** Under the lock, so that no drain has listed what it would not find any more. */
async function close({ folder }: LogLocation, spool: string): Promise<string> {
  using _lock = await LogLock.acquire(folder);
  return closeSpool(spool);
}

/** Throws where the lock could not be had: then records may be left that are whole. */
async function drainAll(location: LogLocation): Promise<number> {
  const { taken, left, problems } = await drain(location);
  if (left > 0) throw new Error(problems.join("; "));
  return taken;
}
