import { isHeader, parseHeader, parseRow, splitRow } from "../../row/parse_row.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import type { Sample } from "../../row/sample.ts";
import { readAt } from "../../files/io.ts";

/** A header is no longer than this, bytes. */
const HEADER_LIMIT = 4096;

/**
 * The samples in the last `size` bytes of a log whose lines have a text in them, in its order; what is
 * no whole row is left out. The header is that of these bytes, else the one that the log begins with.
 */
export function readLogTail(path: string, size: number, text: string): Sample[] {
  using file = Deno.openSync(path, { read: true });
  const end = file.seekSync(0, Deno.SeekMode.End);
  const from = Math.max(0, end - size);
  const decoder = new TextDecoder();
  const lines = decoder.decode(readAt(file, from, end - from)).split("\n");
  const first = decoder.decode(readAt(file, 0, HEADER_LIMIT)).split("\n")[0] ?? "";
  let columns: readonly string[] = isHeader(first) ? parseHeader(first) : BASIC_COLUMNS;
  return lines.slice(from === 0 ? 0 : 1).flatMap((line) => {
    if (isHeader(line)) {
      columns = parseHeader(line);
      return [];
    }
    // To parse all of them would take longer than to look for the text.
    if (!line.includes(text)) return [];
    return parseRow(splitRow(line), columns) ?? [];
  });
}
