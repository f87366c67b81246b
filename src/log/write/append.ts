import { decode } from "../../row/decode.ts";
import { messageOf } from "../../text/message.ts";
import type { Layout } from "../../row/columns.ts";
import type { Sample } from "../../row/sample.ts";
import { readAt } from "../../files/io.ts";
import { waitForLock } from "../../files/locks.ts";
import type { LogLocation } from "../location.ts";
import { lockPath, type LogState, openLock, PATIENCE_MS, readState, writeState } from "../lock.ts";
import type { RotationLimits } from "./rotate.ts";
import { type LogEnd, openLog, writeRows } from "./write_rows.ts";

/** A rotation that failed is tried again after so many rows. */
const RETRY_ROWS = 50;

/** How a row is appended. */
export interface AppendOptions {
  /** The layout of a log that this row begins; one that is there keeps its own. */
  readonly layout: Layout;
  /** The history limit in force; `0` for none. */
  readonly history: string;
  /** Rotate where the log has grown beyond it; `undefined`: never. */
  readonly rotation?: RotationLimits | undefined;
  /** How long to wait for the lock, milliseconds; a second unless told. */
  readonly patienceMs?: number;
  /** Return only when the rows will last through a power cut (fdatasync(2)). */
  readonly durable?: boolean;
}

/**
 * Appends one row in one write, under the lock where it can be had in time, and rotates the
 * log if it is due. `makeSample` is called as late as possible. Returns a sentence about what was not
 * as it should be, though the row is written; throws where it is not. What is rarely needed is
 * loaded only then.
 */
export async function appendSample(
  location: LogLocation,
  makeSample: () => Sample,
  options: AppendOptions,
): Promise<string | undefined> {
  let lock: Deno.FsFile | undefined;
  let trouble: string | undefined;
  try {
    lock = openLock(location.folder);
  } catch (error) {
    try {
      lock = (await import("../resolve.ts")).openFirstLock(location, error);
    } catch (error) {
      trouble = `the lock can't be opened, appended without it: ${messageOf(error)}`;
    }
  }
  using file = lock;
  const outcome = file === undefined
    ? "none"
    : await waitForLock(file, options.patienceMs ?? PATIENCE_MS);
  if (file !== undefined && outcome === "held") {
    return await appendLocked(location, { file }, () => [makeSample()], options);
  }
  const { appendUnlocked } = await import("./append_unlocked.ts");
  appendUnlocked(location, file && readState(file), makeSample(), options.layout);
  if (trouble !== undefined) return trouble;
  return outcome === "busy"
    ? "the lock was held by another process, appended without it"
    : "the file system has no locks, appended without one";
}

/** Does the same under a lock that is held already, for any number of rows in one write; at least one. */
export async function appendLocked(
  location: LogLocation,
  lock: { readonly file: Deno.FsFile },
  makeSamples: () => readonly Sample[],
  options: AppendOptions,
): Promise<string | undefined> {
  using file = await openOrCreate(location);
  const known = readState(lock.file);
  const end = await findEnd(file, known, location);
  let state = { ...writeRows(file, end, makeSamples(), options.layout), history: options.history };
  let problem: string | undefined;
  const { rotation, durable } = options;
  if (durable) file.syncDataSync();
  const isDue = rotation !== undefined && state.rows > rotation.maxLines;
  // Never longer, whatever the lock file says.
  const isRetried = state.rows >= state.retryAt || state.retryAt > state.rows + RETRY_ROWS;
  if (isDue && isRetried) {
    try {
      state = (await import("./rotate.ts")).rotate(location, file, state, rotation.keep);
    } catch (error) {
      // What is in the way may stay there: not each call shall wait for another try.
      state = { ...state, retryAt: state.rows + RETRY_ROWS };
      problem = `the log can't be rotated: ${messageOf(error)}`;
    }
  }
  try {
    if (known === undefined) await requireOwnLock(location, lock.file);
    writeState(lock.file, state);
  } catch (error) { // the row is written by now, so that this is no more than a remark
    return `the row is written, but not the lock file: ${messageOf(error)}`;
  }
  return problem;
}

async function openOrCreate(location: LogLocation): Promise<Deno.FsFile> {
  try {
    return openLog(location);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return (await import("./create_log.ts")).openOrCreateLog(location);
  }
}

/** Throws where it is not certain yet that what is locked is perfmon's lock file. */
async function requireOwnLock({ folder }: LogLocation, lock: Deno.FsFile): Promise<void> {
  (await import("../../files/own_file.ts")).requireOwn(lock, lockPath(folder));
}

/** The known state where it fits the file still; otherwise its rows are counted. */
async function findEnd(
  file: Deno.FsFile,
  known: LogState | undefined,
  location: LogLocation,
): Promise<LogEnd> {
  const size = file.seekSync(0, Deno.SeekMode.End);
  const isSame = known?.size === size && hasLastRow(file, known);
  const isPlain = known?.layout === "full" || known?.layout === "basic";
  if (isSame && isPlain) return { state: known, torn: false, headerDue: false };
  // A file of the same size with another last row was edited in place: nothing known of it holds.
  const wasEdited = known?.size === size && !isSame;
  // Where it is the same, no more than the columns of its header is read.
  return (await import("./recount.ts")).recount(file, wasEdited ? undefined : known, location);
}

function hasLastRow(file: Deno.FsFile, { lastRow, lastTime }: LogState): boolean {
  if (lastRow < 0) return false;
  const expected = (lastRow > 0 ? "\n" : "") + lastTime;
  const end = lastRow + lastTime.length;
  return decode(readAt(file, end - expected.length, expected.length)) === expected;
}
