import {
  BASIC_COLUMNS,
  formatRow,
  FULL_COLUMNS,
  FULL_HEADER,
  type Layout,
} from "../../row/columns.ts";
import { isCallEvent, type Sample } from "../../row/sample.ts";
import { io } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import type { LogState } from "../lock.ts";

const NEWLINE = 0x0a;

/** An open log as far as the next row depends on it. */
export interface LogEnd {
  readonly state: LogState;
  /** Its last line lacks its end. */
  readonly torn: boolean;
  /** Today's header is to come before the next row, which then has all of today's columns. */
  readonly headerDue: boolean;
  /** The columns of a custom header; `undefined` where the layout tells them. */
  readonly columns?: readonly string[] | undefined;
}

/** Opens the log for reading and appending; throws `NotFound` where it is missing. */
export function openLog(location: LogLocation): Deno.FsFile {
  return io.open(location.path, { read: true, append: true });
}

/**
 * Appends rows in one write, with what must come before them: the end of a torn line, a header that is
 * due or that of a log that begins with `layout`. Rows of no call are left out of the seed's format. Returns
 * the state after it; throws where the system doesn't take it all.
 */
export function writeRows(
  file: Deno.FsFile,
  { state, torn, columns, headerDue: isDue }: LogEnd,
  samples: readonly Sample[],
  layout: Layout,
): LogState {
  const begins = state.size === 0;
  const headerDue = begins ? layout === "full" : isDue;
  const inForce = headerDue ? "full" : begins ? layout : state.layout;
  const names = inForce === "full" ? FULL_COLUMNS : columns ?? BASIC_COLUMNS;
  // What is no call's is told by its session alone, which the seed's format has no column for.
  const hasPlace = names.includes("session_id");
  const kept = hasPlace ? samples : samples.filter(({ event }) => isCallEvent(event));
  if (kept.length === 0) return state;
  const header = headerDue ? FULL_HEADER + "\n" : "";
  let text = (torn ? "\n" : "") + header;
  let row = "";
  for (const sample of kept) text += row = formatRow(sample, names);
  const bytes = new TextEncoder().encode(text);
  const written = file.writeSync(bytes);
  if (written < bytes.length) {
    takeBack(file, state.size, written);
    throw new Error("the system took only a part of the row: is the disk full?");
  }
  const size = state.size + bytes.length;
  return {
    ...state,
    size,
    rows: state.rows + kept.length + (torn ? 1 : 0),
    header: headerDue ? state.size + (torn ? 1 : 0) : state.header,
    layout: inForce,
    lastRow: state.size + bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1,
    lastTime: row.slice(0, row.indexOf(",")),
  };
}

/** Removes the torn row of a full disk, unless another program has appended behind it. */
function takeBack(file: Deno.FsFile, size: number, written: number): void {
  if (file.statSync().size === size + written) file.truncateSync(size);
}
