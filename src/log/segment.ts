import { fileNames } from "../files/folders.ts";
import type { LogLocation } from "./location.ts";

/** The name of a history segment: eight digits, so that names sort as sequences do. */
export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(8, "0")}.csv`;
}

/** The sequence in the name of a segment, compressed or not; `undefined` where perfmon gives no such name. */
export function sequenceOf(name: string): number | undefined {
  const sequence = Number(/^\d{8,}/.exec(name)?.[0]);
  if (!Number.isSafeInteger(sequence)) return undefined;
  const plain = segmentName(sequence);
  return name === plain || name === `${plain}.gz` ? sequence : undefined;
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
