import { isHeader, parseHeader } from "../../row/parse_row.ts";
import { FULL_HEADER } from "../../row/columns.ts";
import { io, pieces, readAt } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import { HEADER_LIMIT, LogLines } from "../log_lines.ts";
import type { LogState } from "../lock.ts";
import { lastSequence } from "../segment.ts";
import type { LogEnd } from "./write_rows.ts";

const NEWLINE = 0x0a;
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
  const header = headerAt(file, counted.header);
  if (header !== undefined && !isHeader(header)) {
    // An edit in place took the known header away.
    return recount(file, undefined, location);
  }
  const layout = header === undefined ? "basic" : header === FULL_HEADER ? "full" : "custom";
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
    columns: layout === "custom" ? parseHeader(header!) : undefined,
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
function endsLine(file: Deno.FsFile, offset: number): boolean {
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
  return { rows, header };
}

/** The text of the header line at an offset, without its end; `undefined` for offset -1. */
export function headerAt(file: Deno.FsFile, offset: number): string | undefined {
  if (offset < 0) return undefined;
  const bytes = readAt(file, offset, HEADER_LIMIT);
  const end = bytes.indexOf(NEWLINE);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
}
