import { BASIC_COLUMNS, formatRow, FULL_COLUMNS } from "../../row/columns.ts";
import type { Sample } from "../../row/sample.ts";
import { io, readAt } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";

/** No row is longer, bytes. */
const ROW_LIMIT = 16 * 1024;
const NEWLINE = 0x0a;

/**
 * Takes the last line off a log where it has no end and is the beginning of a row that is about to be
 * written: a drain was killed in the middle of many rows, and the next one writes the same. The
 * caller holds the lock. Any other line stays, for the next append to end it.
 */
export function dropTornRow(location: LogLocation, samples: readonly Sample[]): void {
  using file = openIfThere(location.path);
  if (file === undefined) return;
  const size = file.seekSync(0, Deno.SeekMode.End);
  const from = Math.max(0, size - ROW_LIMIT);
  const end = readAt(file, from, size - from);
  const line = end.subarray(end.lastIndexOf(NEWLINE) + 1);
  if (line.length === 0) return;
  const text = new TextDecoder().decode(line);
  const isOurs = samples.some((sample) =>
    formatRow(sample, FULL_COLUMNS).startsWith(text) ||
    formatRow(sample, BASIC_COLUMNS).startsWith(text)
  );
  // Not if a writer without the lock has come in between.
  if (isOurs && file.seekSync(0, Deno.SeekMode.End) === size) file.truncateSync(size - line.length);
}

function openIfThere(path: string): Deno.FsFile | undefined {
  try {
    return io.open(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
