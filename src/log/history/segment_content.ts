import { BASIC_COLUMNS } from "../../row/columns.ts";
import { decode } from "../../row/decode.ts";
import { rowTime } from "../../row/parse_row.ts";
import type { LogLines } from "../log_lines.ts";
import { type Segment, walkSegment } from "./segments.ts";

const DAY_SECONDS = 86_400;
const COMMA = 0x2c;
const TIMESTAMP = BASIC_COLUMNS[0];

/** What a segment holds, as far as a merge has to know. */
export interface Content {
  readonly segment: Segment;
  readonly rows: number;
  /** The least and the greatest time of its rows, seconds since the epoch; infinite where none has one. */
  readonly from: number;
  readonly to: number;
  /** The day (UTC) of its first row with a time, counted since the epoch; `undefined` where none has one. */
  readonly day: number | undefined;
  /** The header that it begins with, without its line end, and its bytes with it. */
  readonly header: string;
  readonly headerBytes: number;
}

/** The day (UTC) of a time in seconds since the epoch, counted since then. */
export function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS);
}

/**
 * What a segment holds; `undefined` where that can't be read to its end, has another header in its middle, or no row
 * with a time.
 */
export async function contentOf(segment: Segment): Promise<Content | undefined> {
  let [rows, from, to] = [0, Infinity, -Infinity];
  let day: number | undefined;
  let [header, headerBytes] = ["", 0];
  let hasOtherHeader = false;
  try {
    await walkSegment(segment, (lines) => {
      const time = lineTime(lines);
      if (!lines.isHeader) rows++;
      else if (lines.offset === 0) [header, headerBytes] = [lines.text, lines.nextOffset];
      else hasOtherHeader = true;
      if (Number.isNaN(time)) return hasOtherHeader;
      day ??= dayOf(time);
      from = Math.min(from, time);
      to = Math.max(to, time);
      return hasOtherHeader;
    });
  } catch {
    return undefined;
  }
  if (day === undefined || hasOtherHeader) return undefined;
  return { segment, rows, from, to, day, header, headerBytes };
}

/**
 * The time of a line, its whole seconds at least; NaN where it is no row. A number that stands first in the line is
 * its time, whatever follows: a torn row may make the file's span wider, never narrower.
 */
export function lineTime(lines: LogLines): number {
  const { bytes, start, end, columns } = lines;
  if (lines.isHeader) return NaN;
  const line = bytes.subarray(start, end); // a search in all bytes would go on behind the line
  const comma = line.indexOf(COMMA);
  if (columns[0] === TIMESTAMP && comma > 0) {
    const seconds = Number(decode(line.subarray(0, comma)));
    if (seconds > 0) return seconds;
  }
  return rowTime(lines.text, columns);
}
