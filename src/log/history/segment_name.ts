import { fileNames } from "../../files/folders.ts";
import type { LogLocation } from "../location.ts";

/** The name of a history segment: eight digits, so that names sort as sequences do. */
export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(8, "0")}.csv`;
}

/** The end of the name of a merged segment (`merged_name.ts`) behind its first sequence, its last one within. */
const MERGED = /^-(\d{8,})\.\d{8}T\d{6}Z-\d{8}T\d{6}Z\.\d+rows\.csv\.gz$/;

/**
 * The sequence in the name of a segment, compressed or not, the last one of a merged segment; `undefined` where
 * perfmon gives no such name.
 */
export function sequenceOf(name: string): number | undefined {
  const digits = /^\d{8,}/.exec(name)?.[0] ?? "";
  const rest = name.slice(digits.length);
  const last = rest === ".csv" || rest === ".csv.gz" ? digits : MERGED.exec(rest)?.[1];
  const sequence = Number(last);
  if (last === undefined || !Number.isSafeInteger(sequence)) return undefined;
  return segmentName(sequence) === `${last}.csv` && Number(digits) <= sequence
    ? sequence
    : undefined;
}

/** No log is rotated so often: a higher number was not given by perfmon, and is none to go on from. */
const PLAUSIBLE = 1e12;

/** The highest plausible sequence among the history's segments; 0 where there is none. */
export function lastSequence(location: LogLocation): number {
  let last = 0;
  for (const name of fileNames(`${location.folder}/history`)) {
    const sequence = sequenceOf(name) ?? 0;
    if (sequence < PLAUSIBLE) last = Math.max(last, sequence);
  }
  return last;
}
