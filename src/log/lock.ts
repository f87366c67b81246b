import { ensureFolder, io, readAt, writeAll } from "./io.ts";
import { timeout } from "./timeout.ts";

/**
 * What is known of the log after a locked append, kept in the lock file so that no append has to
 * count rows. Whoever finds it not to fit the log counts anew.
 */
export interface LogState {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Physical lines that are no header. */
  readonly rows: number;
  /** Byte offset of the governing header's line; -1 where there is none. */
  readonly header: number;
  /** Sequence of the newest history segment; 0 where there is none. */
  readonly sequence: number;
  /** The history limit that the last writer was given, e.g. `90d`: reading commands prune by it. */
  readonly history: string;
}

const VERSION = "perfmon-1";
const LINE_WIDTH = 128;
/** How long a writer waits for the lock before it goes on without, milliseconds. */
const PATIENCE_MS = 1000;

/** An exclusive lock (flock(2)) on `lock` in the log's folder, or an open lock file without the lock. */
export class LogLock {
  private constructor(private readonly file: Deno.FsFile, readonly held: boolean) {}

  /**
   * Waits up to a second for the lock; what comes back may not hold it (`held`). Throws where the
   * lock file can't be opened. A waiter left behind ends with the process.
   */
  static async acquire(folder: string, patienceMs = PATIENCE_MS): Promise<LogLock> {
    const file = openLock(folder);
    if (file.tryLockSync(true)) return new LogLock(file, true);
    if (patienceMs <= 0) return new LogLock(file, false);
    // Waiting in the kernel is fair; polling starves behind writers that come and go.
    const held = await Promise.race([file.lock(true).then(() => true), timeout(patienceMs)]);
    return new LogLock(file, held === true);
  }

  /** The state as last written, or `undefined` where there is none that can be read. */
  readState(): LogState | undefined {
    const line = this.readLine();
    if (line.length !== LINE_WIDTH || !line.endsWith("\n")) return undefined;
    const [version, ...cells] = line.trimEnd().split(" ");
    const [inode, size, rows, header, sequence] = cells.slice(0, 5).map(Number);
    const history = cells[5];
    if (version !== VERSION || history === undefined) return undefined;
    const figures = [inode, size, rows, header, sequence];
    if (!figures.every((figure) => Number.isSafeInteger(figure))) return undefined;
    return {
      inode: inode!,
      size: size!,
      rows: rows!,
      header: header!,
      sequence: sequence!,
      history,
    };
  }

  /** Empty for a lock file that can't be read: a state that is not known costs a recount, no more. */
  private readLine(): string {
    try {
      return new TextDecoder().decode(readAt(this.file, 0, LINE_WIDTH));
    } catch {
      return "";
    }
  }

  /** Overwrites the state in one write of fixed width. */
  writeState(state: LogState): void {
    const { inode, size, rows, header, sequence, history } = state;
    const line = [VERSION, inode, size, rows, header, sequence, history].join(" ");
    this.file.seekSync(0, Deno.SeekMode.Start);
    writeAll(this.file, new TextEncoder().encode(line.padEnd(LINE_WIDTH - 1) + "\n"));
  }

  /** Closes the file, which releases the lock. */
  [Symbol.dispose](): void {
    this.file.close();
  }
}

function openLock(folder: string): Deno.FsFile {
  const options = { read: true, write: true, create: true, mode: 0o600 };
  const path = `${folder}/lock`;
  try {
    return io.open(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  ensureFolder(folder);
  return io.open(path, options);
}
