import { readAt } from "../../files/io.ts";
import type { LogState } from "../lock.ts";
import { behindMark, HEADER_LIMIT, headerColumns } from "../log_lines.ts";

const NEWLINE = 0x0a;

/** Where a log is cut in two. */
export interface Cut {
  /** Byte offset of the first row that stays; a line begins there. */
  readonly offset: number;
  /** Byte offset of the header in force there; -1 for none. */
  readonly header: number;
  /** Lines from before the cut that stay nevertheless, with the headers that they need. */
  readonly spared?: Uint8Array;
}

/**
 * Where the last `keep` rows begin, and the header in force there (-1 for none). Reads backwards from
 * the end, so its cost is that of the rows kept; only where a header stands among these it looks
 * further back for the one before.
 */
export function findCut(
  file: Deno.FsFile,
  state: LogState,
  keep: number,
): Cut {
  let offset = state.size;
  let rows = 0;
  for (const line of linesBackwards(file, state.size)) {
    const header = headerColumns(line.bytes) !== undefined;
    if (rows < keep) {
      if (!header) rows++;
      offset = line.offset;
      continue;
    }
    if (state.header < offset) return { offset, header: state.header };
    if (header) return { offset, header: line.offset };
  }
  return { offset, header: -1 };
}

/** The lines before `end`, the last one first, without their ends; those too long for a header may lack more of it. */
function* linesBackwards(
  file: Deno.FsFile,
  end: number,
): Generator<{ offset: number; bytes: Uint8Array }> {
  const size = 64 * 1024;
  let tail = new Uint8Array(0);
  for (let start = end; start > 0;) {
    const from = Math.max(0, start - size);
    const read = readAt(file, from, start - from);
    const bytes = new Uint8Array(read.length + tail.length);
    bytes.set(read);
    bytes.set(tail, read.length);
    start = from;
    let lineEnd = bytes.length;
    if (bytes[lineEnd - 1] === NEWLINE) lineEnd--;
    for (;;) {
      const before = lineEnd === 0 ? -1 : bytes.lastIndexOf(NEWLINE, lineEnd - 1);
      if (before < 0) break;
      yield { offset: from + before + 1, bytes: bytes.subarray(before + 1, lineEnd) };
      lineEnd = before;
    }
    // Of a line that goes on before it, so that it is not copied anew for each block.
    tail = bytes.subarray(0, Math.min(lineEnd + 1, bytes.length, HEADER_LIMIT));
    if (from === 0 && tail.length > 0) {
      yield { offset: 0, bytes: bytes.subarray(behindMark(bytes, 0, lineEnd), lineEnd) };
    }
  }
}
