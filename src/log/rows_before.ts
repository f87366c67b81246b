import { rowTime } from "../row/parse_row.ts";
import { LogLines } from "./log_lines.ts";
import type { Cut } from "./write/cut.ts";

const NEWLINE = 0x0a;

/** The rows of a file that are before a time. */
export interface RowsBefore {
  /** How many there are. */
  readonly rows: number;
  /** Where what stays begins: at the first row of that time or later, or at the end. */
  readonly cut: Cut;
}

/**
 * Finds the rows before the first one of `seconds` since the epoch or later. A row whose time can't be read
 * is none of them: it is spared.
 */
export function rowsBefore(bytes: Uint8Array, seconds: number): RowsBefore {
  const spared = new SparedLines(bytes);
  let rows = 0;
  const lines = new LogLines();
  lines.add(bytes);
  while (lines.next() || lines.finish()) {
    if (lines.isHeader) {
      spared.header = lines.offset;
      continue;
    }
    const time = rowTime(lines.text, lines.columns);
    if (time >= seconds) return { rows, cut: spared.cutAt(lines.offset) };
    if (time < seconds) rows++;
    else spared.add(lines.offset, lines.nextOffset);
  }
  return { rows, cut: spared.cutAt(bytes.length) };
}

/** Lines of a file that stay before a cut, each behind the header that governs it. */
class SparedLines {
  /** Where the header in force stands; -1 for none. */
  header = -1;
  private written = -1;
  private readonly parts: Uint8Array[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  add(from: number, to: number): void {
    if (this.header !== this.written) this.parts.push(lineAt(this.bytes, this.header));
    this.written = this.header;
    const line = this.bytes.subarray(from, to);
    this.parts.push(line);
    if (line.at(-1) !== NEWLINE) this.parts.push(new Uint8Array([NEWLINE]));
  }

  cutAt(offset: number): Cut {
    if (this.parts.length === 0) return { offset, header: this.header };
    const spared = new Uint8Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      spared.set(part, at);
      at += part.length;
    }
    return { offset, header: this.header, spared };
  }
}

/** The line that begins at an offset, with its end; nothing at -1. */
export function lineAt(bytes: Uint8Array, offset: number): Uint8Array {
  return offset < 0 ? new Uint8Array() : bytes.subarray(offset, bytes.indexOf(NEWLINE, offset) + 1);
}
