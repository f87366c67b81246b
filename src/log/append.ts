import {
  BASIC_COLUMNS,
  formatRow,
  FULL_COLUMNS,
  FULL_HEADER,
  isHeader,
  type Layout,
  parseHeader,
} from "../core/row.ts";
import type { Sample } from "../core/sample.ts";
import { headerAt, inspect, type Inspection } from "./inspect.ts";
import { ensureFolder, io } from "./io.ts";
import { type LogLocation, parentOf } from "./location.ts";
import { LogLock, type LogState } from "./lock.ts";
import { lastSequence, rotate, type RotationLimits } from "./rotate.ts";

/** How a row is appended. */
export interface AppendOptions {
  /** The layout of a log that this row begins; one that is there keeps its own. */
  readonly layout: Layout;
  /** The history limit in force; `0` for none. */
  readonly history: string;
  /** Rotate where the log has grown beyond it; `undefined`: never. */
  readonly rotation?: RotationLimits | undefined;
}

/**
 * Appends one row in one write, under the lock where it can be had within a second, and rotates the
 * log if it is due. `makeSample` is called as late as possible. Returns a sentence about what was not
 * as it should be, though the row is written; throws where it is not.
 */
export async function appendSample(
  location: LogLocation,
  makeSample: () => Sample,
  options: AppendOptions,
): Promise<string | undefined> {
  let lock: LogLock;
  try {
    lock = await LogLock.acquire(location.folder);
  } catch (error) {
    appendUnlocked(location, undefined, makeSample(), options);
    return `the lock can't be opened, appended without it: ${message(error)}`;
  }
  using held = lock;
  if (!held.held) {
    appendUnlocked(location, held.readState(), makeSample(), options);
    return "the lock was held by another process for a second, appended without it";
  }
  using file = openLog(location);
  const state = write(file, held.readState(), location, makeSample, options);
  let next = state;
  let problem: string | undefined;
  const { rotation } = options;
  if (rotation !== undefined && state.rows > rotation.maxLines) {
    try {
      next = rotate(location, file, state, rotation.keep);
    } catch (error) {
      problem = `the log can't be rotated: ${message(error)}`;
    }
  }
  return keepState(held, next) ?? problem;
}

/** The row is written by now, so that a lock file which can't be is no more than a remark. */
function keepState(lock: LogLock, state: LogState): string | undefined {
  try {
    lock.writeState(state);
    return undefined;
  } catch (error) {
    return `the row is written, but not the lock file: ${message(error)}`;
  }
}

function write(
  file: Deno.FsFile,
  known: LogState | undefined,
  location: LogLocation,
  makeSample: () => Sample,
  options: AppendOptions,
): LogState {
  const { state, torn, governing } = inspectLog(file, known, location, options.history);
  const begins = state.size === 0;
  const columns = governingColumns(governing, begins ? options.layout : "basic");
  const header = begins && options.layout === "full" ? FULL_HEADER + "\n" : "";
  const bytes = new TextEncoder().encode(
    (torn ? "\n" : "") + header + formatRow(makeSample(), columns),
  );
  const written = file.writeSync(bytes);
  if (written < bytes.length) {
    takeBack(file, state.size, written);
    throw new Error("the system took only a part of the row: is the disk full?");
  }
  return {
    ...state,
    size: state.size + bytes.length,
    rows: state.rows + (torn ? 2 : 1),
    header: header === "" ? state.header : 0,
  };
}

/** The log's state and its governing header, if any; counted anew where an edit took the header away. */
function inspectLog(
  file: Deno.FsFile,
  known: LogState | undefined,
  location: LogLocation,
  history: string,
): Inspection & { governing: string | undefined } {
  const found = inspect(file, known, history, () => lastSequence(location));
  const governing = headerAt(file, found.state.header);
  if (governing === undefined || isHeader(governing)) return { ...found, governing };
  return inspectLog(file, undefined, location, history);
}

/** The last header in the file, or its absence, governs; `layout` is that of a file without one. */
function governingColumns(header: string | undefined, layout: Layout): readonly string[] {
  if (header !== undefined) return parseHeader(header);
  return layout === "full" ? FULL_COLUMNS : BASIC_COLUMNS;
}

/** Removes the torn row of a full disk, unless another program has appended behind it. */
function takeBack(file: Deno.FsFile, size: number, written: number): void {
  if (file.statSync().size === size + written) file.truncateSync(size);
}

function appendUnlocked(
  location: LogLocation,
  known: LogState | undefined,
  sample: Sample,
  options: AppendOptions,
): void {
  // A rotation may take the file away between opening and writing: then the row goes to the new one
  // too, and readers drop the double.
  for (let tries = 0; tries < 5; tries++) {
    using file = openLog(location);
    write(file, known, location, () => sample, options);
    if (file.statSync().ino === Deno.statSync(location.path).ino) return;
  }
}

function openLog(location: LogLocation): Deno.FsFile {
  const options = { read: true, append: true, create: true, mode: 0o600 };
  try {
    return io.open(location.path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  ensureFolder(parentOf(location.path));
  return io.open(location.path, options);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
