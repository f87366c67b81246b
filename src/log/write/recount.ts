import { columnsFor, parseRow, splitRow } from "../../row/parse_row.ts";
import { BASIC_COLUMNS, FULL_COLUMNS } from "../../row/columns.ts";
import { io, pieces, readAt } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import { headerAt, LogLines } from "../log_lines.ts";
import type { LogState } from "../lock.ts";
import { lastSequence } from "../history/segment_name.ts";
import type { LogEnd } from "./write_rows.ts";

const NEWLINE = 0x0a;
/** The rows that tell the layout of a log without a header are looked for in so many bytes of its end. */
const LAST_ROWS = 1 << 18;
/** So long a line without its end is taken for one that is just being written, milliseconds. */
const SETTLE_MS = 20;

/**
 * The end of an open log: by the known state where it still fits (same file, same size), continued
 * from it where the file has grown by other programs' rows, counted anew otherwise. Throws where it
 * is no regular file.
 */
export function recount(
  file: Deno.FsFile,
  known: LogState | undefined,
  location: LogLocation,
): LogEnd {
  const { ino, isFile } = file.statSync();
  if (!isFile) throw new Error(`"${location.path}" is no regular file`);
  const size = settledSize(file);
  const inode = ino ?? 0;
  const continues = known?.inode === inode && known.size <= size && endsLine(file, known.size);
  const from = continues ? known : { size: 0, rows: 0, header: -1 };
  const counted = count(file, from, size);
  const columns = counted.header < 0 ? undefined : headerAt(file, counted.header)?.columns;
  if (counted.header >= 0 && columns === undefined) {
    // An edit in place took the known header away.
    return recount(file, undefined, location);
  }
  const headerDue = columns === undefined &&
    hasWideRow(file, Math.max(from.size, size - LAST_ROWS), size);
  const layout = columns !== undefined ? layoutOf(columns) : headerDue ? "full" : "basic";
  const sequence = known?.sequence ?? lastSequence(location);
  return {
    state: {
      inode,
      size,
      ...counted,
      layout,
      lastRow: -1,
      lastTime: "",
      sequence,
      retryAt: known?.retryAt ?? 0,
      cutAt: known?.cutAt ?? 0,
      copied: known?.copied ?? 0,
      history: known?.history ?? "",
    },
    torn: !endsLine(file, size),
    headerDue,
    columns: layout === "custom" ? columns : undefined,
  };
}

/**
 * The size of a file, bytes, looked at again where its last line has no end: one write over two pages is
 * seen in two steps by who holds no lock (ext4 sets the size after each), and half a row is no torn one.
 */
export function settledSize(file: Deno.FsFile): number {
  for (let waited = 0;; waited++) {
    const { size } = file.statSync();
    if (waited >= SETTLE_MS || endsLine(file, size)) return size;
    io.pause(1);
  }
}

/** True where `offset` is the beginning of a line. */
export function endsLine(file: Deno.FsFile, offset: number): boolean {
  return offset === 0 || readAt(file, offset - 1, 1)[0] === NEWLINE;
}

/** Counts the whole lines from `from.size` to `end` that are no header, and notes the last header. */
function count(
  file: Deno.FsFile,
  from: { size: number; rows: number; header: number },
  end: number,
): { rows: number; header: number } {
  let { rows, header } = from;
  const lines = new LogLines({ offset: from.size });
  for (const piece of pieces(file, { from: from.size, to: end })) {
    lines.add(piece);
    while (lines.next()) {
      if (lines.isHeader) header = lines.offset;
      else rows++;
    }
  }
  // A torn line that reads as a header is one to readers, once it is ended.
  if (lines.finish() && lines.isHeader) header = lines.offset;
  return { rows, header };
}

/** What a header with such columns asks for. */
export function layoutOf(columns: readonly string[]): LogState["layout"] {
  const isSame = (others: readonly string[]): boolean =>
    columns.length === others.length && columns.every((name, place) => name === others[place]);
  return isSame(FULL_COLUMNS) ? "full" : isSame(BASIC_COLUMNS) ? "basic" : "custom";
}

/** Whether a row between two offsets has more than the seed's columns, though no header stands before it. */
function hasWideRow(file: Deno.FsFile, from: number, to: number): boolean {
  const text = new TextDecoder().decode(readAt(file, from, to - from));
  return text.split(/\r?\n/).some((line) => {
    const cells = splitRow(line);
    return (columnsFor(cells.length, BASIC_COLUMNS)?.length ?? 0) > BASIC_COLUMNS.length &&
      parseRow(cells, BASIC_COLUMNS) !== undefined;
  });
}

/** Whether the header in force names other columns than today's, and more than the seed's. */
export function isOutdated(file: Deno.FsFile, { layout, header }: LogState): boolean {
  if (layout !== "custom") return false;
  return (headerAt(file, header)?.columns.length ?? 0) > BASIC_COLUMNS.length;
}
