import { rowTime } from "../../row/parse_row.ts";
import { fingerprint } from "./recent_lines.ts";
import { LogCursor, type LogRow } from "./log_cursor.ts";
import type { LogLocation } from "../location.ts";

/** How far a log was read: all segments up to one, and of what follows all rows up to one. */
export interface Position {
  /** 0 before the first segment. */
  readonly sequence: number;
  /** The last row; `undefined` where there was none. */
  readonly row: RowMark | undefined;
}

/** What a row is found again by. */
export interface RowMark {
  /** Seconds since the epoch; 0 of a bad row. */
  readonly timestamp: number;
  readonly fingerprint: string;
}

/** What a reading of new rows came to. */
export interface NewRows {
  readonly position: Position;
  /** Sentences about segments that could not be read. */
  readonly skippedFiles: readonly string[];
}

/**
 * Reads the rows behind a position, in order of the log and piece by piece; without a position all
 * there are. Rotations, before or meanwhile, take none away and give none twice. A last line without an
 * end waits for the next time.
 *
 * Where the position's row is gone (a log that was deleted, or rotated with `--history 0`), the rows
 * behind the last one that is no younger count as new.
 */
export async function readNewRows(
  location: LogLocation,
  from: Position | undefined,
  take: (rows: readonly LogRow[]) => void,
): Promise<NewRows> {
  const mark = from?.row;
  using cursor = new LogCursor(location, { history: true, after: from?.sequence ?? 0 });
  let last: LogRow | undefined;
  let isFound = mark === undefined;
  /** The rows behind the last one that is no younger than the mark: what is new if it is gone. */
  let younger: readonly LogRow[] = [];
  for await (const rows of cursor.read()) {
    last = rows.at(-1) ?? last;
    if (isFound || mark === undefined) {
      take(rows);
      continue;
    }
    const place = rows.findIndex((row) => isMarked(row, mark));
    isFound = place >= 0;
    if (isFound) take(rows.slice(place + 1));
    else {
      const older = rows.findLastIndex((row) => timeOf(row) <= mark.timestamp);
      younger = older < 0 ? [...younger, ...rows] : rows.slice(older + 1);
    }
  }
  if (!isFound) take(younger);
  return {
    position: { sequence: cursor.sequence, row: last === undefined ? mark : markOf(last) },
    skippedFiles: cursor.skippedFiles,
  };
}

function markOf(row: LogRow): RowMark {
  return { timestamp: timeOf(row), fingerprint: fingerprint(row.line) };
}

function isMarked(row: LogRow, mark: RowMark): boolean {
  return fingerprint(row.line) === mark.fingerprint && timeOf(row) === mark.timestamp;
}

function timeOf({ line, columns }: LogRow): number {
  return rowTime(line, columns) || 0;
}
