import { FULL_COLUMNS } from "../../row/columns.ts";
import { parseRow, splitRow } from "../../row/parse_row.ts";
import type { Sample } from "../../row/sample.ts";
import { pieces, readAt } from "../../files/io.ts";
import { columnsBehind, firstColumns, type LinesFrom, LogLines } from "../log_lines.ts";

const NEWLINE = 0x0a;

/**
 * The samples in the last `size` bytes of a log whose lines have a text in them, in its order; what is
 * no whole row is left out.
 */
export function readLogTail(path: string, size: number, text: string): Sample[] {
  using file = Deno.openSync(path, { read: true });
  const begin = tailBegin(file, size);
  const lines = new LogLines(begin);
  const samples: Sample[] = [];
  lines.add(readAt(file, begin.offset, size));
  while (lines.next() || lines.finish()) {
    const line = lines.text;
    // To parse all of them would take longer than to look for the text.
    if (lines.isHeader || !line.includes(text)) continue;
    const sample = parseRow(splitRow(line), lines.columns);
    if (sample !== undefined) samples.push(sample);
  }
  return samples;
}

/** Where the lines begin that stand whole in the last `size` bytes of an open log. */
export function tailBegin(file: Deno.FsFile, size: number): Required<LinesFrom> {
  const end = file.seekSync(0, Deno.SeekMode.End);
  let offset = Math.max(0, end - size);
  if (offset > 0) {
    const tail = readAt(file, offset, size);
    offset += tail.indexOf(NEWLINE) + 1;
  }
  // Nearly always a log has today's columns from its beginning on; what lies between is read in need only.
  const first = firstColumns(file);
  const columns = first === FULL_COLUMNS ? first : columnsBehind(pieces(file, { to: offset }));
  return { offset, columns };
}
