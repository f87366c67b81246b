import { isHeader } from "../core/row.ts";
import { readAt } from "./io.ts";
import type { LogState } from "./lock.ts";

const NEWLINE = 0x0a;
const CHUNK = 1 << 20;
/** No header is longer than this; longer lines are rows. */
const HEADER_LIMIT = 4096;

/** A log's state as it is now, and whether its last line lacks its end. */
export interface Inspection {
  readonly state: LogState;
  readonly torn: boolean;
}

/** The last sequence of the history, asked only where the known state doesn't tell. */
export type FindSequence = () => number;

/**
 * The state of an open log: the known one where it still fits (same file, same size), continued
 * where the file has grown by other programs' rows, counted anew otherwise.
 */
export function inspect(
  file: Deno.FsFile,
  known: LogState | undefined,
  history: string,
  findSequence: FindSequence,
): Inspection {
  const { ino, size } = file.statSync();
  const inode = ino ?? 0;
  if (known?.inode === inode && known.size === size) {
    return { state: { ...known, history }, torn: false };
  }
  const sequence = known?.sequence ?? findSequence();
  const canContinue = known?.inode === inode && known.size < size && endsLine(file, known.size);
  const from = canContinue ? known : { size: 0, rows: 0, header: -1 };
  const counted = count(file, from, size);
  return {
    state: { inode, size, ...counted, sequence, history },
    torn: !endsLine(file, size),
  };
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
  let offset = from.size;
  while (offset < end) {
    const chunk = readAt(file, offset, Math.min(CHUNK, end - offset));
    if (chunk.length === 0) break;
    let line = 0;
    for (let next = chunk.indexOf(NEWLINE); next >= 0; next = chunk.indexOf(NEWLINE, line)) {
      if (isHeaderLine(chunk.subarray(line, next))) header = offset + line;
      else rows++;
      line = next + 1;
    }
    // A line longer than a chunk can only be foreign rubbish: step over what was seen of it.
    offset += line > 0 ? line : chunk.length;
  }
  return { rows, header };
}

function isHeaderLine(bytes: Uint8Array): boolean {
  const mayBe = bytes[0] === 0x74 && bytes.length < HEADER_LIMIT; // "t" of "timestamp"
  return mayBe && isHeader(new TextDecoder().decode(bytes).trimEnd());
}

/** The text of the header line at an offset, without its end; `undefined` for offset -1. */
export function headerAt(file: Deno.FsFile, offset: number): string | undefined {
  if (offset < 0) return undefined;
  const bytes = readAt(file, offset, HEADER_LIMIT);
  const end = bytes.indexOf(NEWLINE);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
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
): { offset: number; header: number } {
  let offset = state.size;
  let rows = 0;
  for (const line of linesBackwards(file, state.size)) {
    const header = isHeaderLine(line.bytes);
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
    tail = bytes.subarray(0, Math.min(lineEnd + 1, bytes.length));
    if (from === 0 && tail.length > 0) yield { offset: 0, bytes: bytes.subarray(0, lineEnd) };
  }
}
