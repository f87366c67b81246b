import { decode } from "../row/decode.ts";
import { FULL_COLUMNS, type Layout } from "../row/columns.ts";
import { io, readAt, writeAll } from "../files/io.ts";

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
  /** What the governing header, or the rows without one, ask for; `custom`: not this version's columns. */
  readonly layout: Layout | "custom";
  /** Byte offset of the last row, and the text of its timestamp: what the log is known again by. */
  readonly lastRow: number;
  readonly lastTime: string;
  /** With fewer rows no rotation is tried, because the last one failed; 0 where it did not. */
  readonly retryAt: number;
  /** Sequence of the newest history segment; 0 where there is none. */
  readonly sequence: number;
  /** Bytes of that segment from where on its rows stand in the log too; 0 where it is cut there already. */
  readonly cutAt: number;
  /** Bytes of that segment up to where they do; what came later did so behind the rotation's back. */
  readonly copied: number;
  /** The history limit that the last writer was given, e.g. `90d`: reading commands prune by it. */
  readonly history: string;
}

/** The part of a state that says that the next append is to count: no log with a row has this size. */
export const NOTHING_COUNTED = {
  inode: 0,
  size: 0,
  rows: 0,
  header: -1,
} as const;

const VERSION = 3;
/** Beyond any log: 4 PiB; so far all whole numbers and those after them can be told apart. */
const MAX_FIGURE = 2 ** 52;
/** Bytes; wide enough for the largest figures and a history limit of 20 characters. */
const LINE_WIDTH = 400;
/** How long a writer waits for the lock before it goes on without, milliseconds. */
export const PATIENCE_MS = 1000;

/** The lock file in the folder of a log. */
export function lockPath(folder: string): string {
  return `${folder}/lock`;
}

/**
 * Opens the lock file; throws `NotFound` where it is missing. Whoever writes to one without a state has to
 * look first whether it is perfmon's own (`requireOwn`): somebody may have put a link there.
 */
export function openLock(folder: string): Deno.FsFile {
  return io.open(lockPath(folder), { read: true, write: true });
}

/** What stands in the lock file: the state, and which perfmon's it is. */
type StateLine = LogState & { version: number; columns: number };

/** The state in an open lock file, or `undefined` where there is none that can be read. */
export function readState(file: Deno.FsFile): LogState | undefined {
  try {
    const text = decode(readAt(file, 0, LINE_WIDTH));
    const { version, columns, ...state } = JSON.parse(text) as StateLine;
    if (!isState(state)) return undefined;
    // What another perfmon calls `full` may be other columns.
    const isOurs = version === VERSION && columns === FULL_COLUMNS.length;
    return isOurs ? state : { ...state, ...NOTHING_COUNTED };
  } catch {
    return undefined;
  }
}

/** Overwrites the state: one line of JSON, always of the same width, in one write. */
export function writeState(file: Deno.FsFile, state: LogState): void {
  const stamp = { version: VERSION, columns: FULL_COLUMNS.length };
  const line = JSON.stringify({ ...stamp, ...state }).padEnd(LINE_WIDTH - 1) + "\n";
  file.seekSync(0, Deno.SeekMode.Start);
  writeAll(file, new TextEncoder().encode(line));
}

/**
 * False for what only looks like a state: figures that no log can have would be added up to nonsense, or be
 * looked for where nothing is.
 */
function isState(state: LogState): boolean {
  const { size, rows, header, lastRow, retryAt, sequence, cutAt, copied } = state;
  const figures = [size, rows, header, lastRow, retryAt, sequence, cutAt, copied];
  return figures.every((figure) => Number.isInteger(figure) && figure < MAX_FIGURE) &&
    Math.min(size, rows, retryAt, sequence, cutAt, copied) >= 0 &&
    Math.min(header, lastRow) >= -1 &&
    Math.max(rows, header, lastRow) <= size && cutAt <= copied &&
    typeof state.lastTime === "string" &&
    typeof state.history === "string";
}
