import { within } from "./within.ts";

/** What came of asking for a lock: it is ours, another process has it, or the file system has no locks. */
export type LockOutcome = "held" | "busy" | "none";

/** Takes the exclusive lock (flock(2)) on an open file, where that can be had at once. */
export function tryLock(file: Deno.FsFile): LockOutcome {
  try {
    return file.tryLockSync(true) ? "held" : "busy";
  } catch {
    // ENOSYS (Lustre mounted without flock), ENOLCK (NFS without its lock daemon) and their like.
    return "none";
  }
}

/**
 * Takes the exclusive lock on an open file, for which it waits so many milliseconds. A waiter that is
 * left behind ends with the process.
 */
export async function waitForLock(file: Deno.FsFile, patienceMs: number): Promise<LockOutcome> {
  const outcome = tryLock(file);
  if (outcome !== "busy" || patienceMs <= 0) return outcome;
  // Waiting in the kernel is fair; polling starves behind writers that come and go.
  const isHeld = await within(patienceMs, file.lock(true).then(() => true));
  return isHeld === true ? "held" : "busy";
}
