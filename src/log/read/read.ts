import type { Sample } from "../../row/sample.ts";
import { lstatIfThere } from "../../files/if_there.ts";
import { pieces } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import { type HistoryRead, readHistory } from "./history_reader.ts";
import { LogReader } from "./log_reader.ts";

/** What a log and its history hold. */
export interface LogContents {
  /** History, imported calls, then log, in the order of their lines; rows that say the same once. */
  readonly samples: Sample[];
  /** The same, for `toCalls`: without an object for each, however many there are. */
  readonly rowList: Iterable<Sample>;
  /** Of these the recorded rows of no call, such as prompts. */
  readonly events: readonly Sample[];
  /** The imported ones. */
  readonly importedEvents: readonly Sample[];
  /** Physical lines of log and history that are no header, doubles left out. */
  readonly rows: number;
  /** Rows that could not be read. */
  readonly badRows: number;
  /** Where the first of them stands, `FILE:LINE`. */
  readonly firstBad?: string | undefined;
  /** Sentences about history segments that could not be read, or not to their end. */
  readonly skippedFiles: readonly string[];
  /** How many files of the history were left out because of their times. */
  readonly unread: number;
  /** Bytes of log and history as read, uncompressed. */
  readonly bytes: number;
  /** A sentence on where the calls are from, where that is no log. */
  readonly source?: string | undefined;
}

/** What is read of a log. */
export interface ReadOptions {
  /** Also what was rotated out of it. */
  readonly history: boolean;
  /** Also the calls that were imported beside it; one that was recorded too counts as recorded. */
  readonly imported?: boolean;
  /**
   * Without the files of the history whose names say that no row of theirs is of that time (seconds since the
   * epoch) or later; all of it unless told.
   */
  readonly since?: number | undefined;
  /** Whether several threads may read a long history; true unless told. */
  readonly threads?: boolean;
}

/**
 * Reads a log and, if asked, its history and the imported calls. Bad lines are counted, not thrown.
 * Throws `Deno.errors.NotFound` where there is nothing of it.
 */
export async function readLog(
  location: LogLocation,
  options: ReadOptions,
): Promise<LogContents> {
  // The log first: rows that a rotation moves meanwhile are then read twice, and not never.
  const reader = new LogReader();
  let bytes = readFile(location.path, reader);
  const rowsOfLog = reader.table.nextRow;
  const log = reader.takeBadRows();
  const { since, threads = true } = options;
  const history = options.history
    ? await readHistory(location, reader, { since, threads })
    : NO_HISTORY;
  const { skippedFiles, unread } = history;
  if (history.bytes !== undefined) bytes = (bytes ?? 0) + history.bytes;
  const { badRows: historyBad, firstBad } = reader.takeBadRows();
  const badRows = historyBad + log.badRows;
  const rows = reader.table.size + badRows;
  const withImported = options.imported === true && readImportedInto(location, reader);
  if (bytes === undefined && skippedFiles.length === 0 && !withImported) {
    throw new Deno.errors.NotFound(`There is no log at "${location.path}"`);
  }
  if (reader.table.isUncertain) return await readLog(location, { ...options, threads: false });
  const rowList = reader.rows(rowsOfLog);
  let samples: Sample[] | undefined;
  return {
    get samples(): Sample[] {
      return samples ??= [...rowList];
    },
    get events(): Sample[] {
      return eventsOf(reader, (row) => row < reader.table.importedFrom);
    },
    get importedEvents(): Sample[] {
      return eventsOf(reader, (row) => row >= reader.table.importedFrom);
    },
    rowList,
    rows,
    badRows,
    firstBad: firstBad ?? log.firstBad,
    skippedFiles,
    unread,
    bytes: bytes ?? 0,
  };
}

const NO_HISTORY: HistoryRead = { bytes: undefined, skippedFiles: [], unread: 0 };

/** The rows of no call, in the order of arrival. */
function eventsOf({ table }: LogReader, isWanted: (row: number) => boolean): Sample[] {
  return table.events.filter(isWanted).map((row) => table.row(row));
}

/** The log of imported calls beside a log: full layout, without a history. */
export function importedPath({ folder }: LogLocation): string {
  return `${folder}/imported.csv`;
}

/** Whether calls were imported beside a log. A link or a FIFO at their name was put there by somebody else. */
export function hasImported(location: LogLocation): boolean {
  return lstatIfThere(importedPath(location))?.isFile === true;
}

/** Reads the imported calls into a reader; false where nothing was imported. */
function readImportedInto(location: LogLocation, reader: LogReader): boolean {
  if (!hasImported(location)) return false;
  reader.table.importedFrom = reader.table.nextRow;
  return readFile(importedPath(location), reader) !== undefined;
}

/** So often a log is read again that rotations cut short meanwhile. */
const MAX_READS = 5;

/** Reads a file; returns its bytes, `undefined` where it is not there. */
function readFile(path: string, reader: LogReader): number | undefined {
  for (let reads = 1;; reads++) {
    try {
      using file = Deno.openSync(path);
      const { size } = file.statSync();
      const bytes = reader.read(path, pieces(file));
      // A rotation makes the open file a segment and takes from its end what stays in the log.
      if (bytes >= size || reads === MAX_READS) return bytes;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}
