import { type LockOutcome, waitForLock } from "../files/locks.ts";
import { openOwn } from "../files/own_file.ts";
import { requireUnexposed } from "../files/ground.ts";
import { lockPath, type LogState, PATIENCE_MS, readState, writeState } from "./lock.ts";

/**
 * An exclusive lock (flock(2)) on `lock` in the log's folder, or an open lock file without the lock. A hook
 * does with the functions of `lock.ts`, which load less.
 */
export class LogLock {
  private constructor(readonly file: Deno.FsFile, readonly outcome: LockOutcome) {}

  /**
   * Waits up to a second for the lock; what comes back may not hold it (`isHeld`). Throws where the
   * lock file can't be opened, or a third person can write beside it, `NotFound` where its folder is missing.
   */
  static async acquire(folder: string, patienceMs = PATIENCE_MS): Promise<LogLock> {
    requireUnexposed(folder);
    const file = openOwn(lockPath(folder));
    return new LogLock(file, await waitForLock(file, patienceMs));
  }

  /** False where another process has the lock, or the file system has none (`outcome`). */
  get isHeld(): boolean {
    return this.outcome === "held";
  }

  /** The state as last written, or `undefined` where there is none that can be read. */
  readState(): LogState | undefined {
    return readState(this.file);
  }

  /** Overwrites the state. */
  writeState(state: LogState): void {
    writeState(this.file, state);
  }

  /**
   * Releases the lock and closes the file. By that alone the lock would last a moment longer where another thread is
   * starting a program, which has a copy of each open file until it runs.
   */
  [Symbol.dispose](): void {
    if (this.isHeld) this.file.unlockSync();
    this.file.close();
  }
}
