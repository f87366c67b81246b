import { sequenceOf } from "./segment_name.ts";

/** What the name of a merged segment says of it. */
export interface Merged {
  /** The sequences of the segments that it was made of, the last one included. */
  readonly first: number;
  readonly last: number;
  /** No row of it is before `from`, or at `to` or later; seconds since the epoch, whole ones. */
  readonly from: number;
  readonly to: number;
  /** Physical lines that are no header. */
  readonly rows: number;
}

/** The last second that a name can say: the end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/**
 * The name of a merged segment: its sequences, the times of its rows (UTC), how many these are. Names sort as
 * sequences do, beside those of other segments. Times before 1970 and after 9999 are named as these.
 *
 *     00000012-00000014.20261116T090000Z-20261116T175912Z.1503rows.csv.gz
 */
export function mergedName({ first, last, from, to, rows }: Merged): string {
  const [begin, end] = [first, last].map((sequence) => String(sequence).padStart(8, "0"));
  return `${begin}-${end}.${timeText(from)}-${timeText(Math.ceil(to))}.${rows}rows.csv.gz`;
}

/** Reads such a name; `undefined` where it is none. */
export function parseMergedName(name: string): Merged | undefined {
  if (sequenceOf(name) === undefined) return undefined;
  const [sequences = "", times = "", rows = ""] = name.split(".");
  const [first, last] = sequences.split("-").map(Number);
  if (first === undefined || last === undefined) return undefined;
  const [from = "", to = ""] = times.split("-");
  return {
    first,
    last,
    from: parseTimeText(from, -Infinity),
    to: parseTimeText(to, Infinity),
    rows: parseInt(rows),
  };
}

function timeText(seconds: number): string {
  const named = Math.min(Math.max(seconds, 0), LAST_SECOND);
  return new Date(1000 * named).toISOString().slice(0, 19).replace(/[-:]/g, "") + "Z";
}

/** Seconds since the epoch; `unbounded` where the text is no time, or the first or last that it could say. */
function parseTimeText(text: string, unbounded: number): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const seconds = Date.parse(iso) / 1000;
  return seconds > 0 && seconds < LAST_SECOND ? seconds : unbounded;
}
