import type { LogLocation } from "./location.ts";

/** The name of a history segment: eight digits, so that names sort as sequences do. */
export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(8, "0")}.csv`;
}

/** The highest sequence among the history's segments, compressed or not; 0 where there is none. */
export function lastSequence(location: LogLocation): number {
  let last = 0;
  try {
    for (const entry of Deno.readDirSync(`${location.folder}/history`)) {
      const match = /^(\d{8,})\.csv/.exec(entry.name);
      if (match !== null) last = Math.max(last, Number(match[1]));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return last;
}
