import { locationOf, type LogLocation } from "./location.ts";

/**
 * The log behind a path, its symlinks resolved, so that all writers share one lock. Whether it is a
 * regular file is looked at by `resolveLog`, and by whoever counts its rows: `stat` makes Dates, and
 * the first Date of a process loads its time zone, 0.5 ms.
 */
export async function findLog(path: string): Promise<LogLocation> {
  try {
    return locationOf(Deno.realPathSync(path));
  } catch {
    return (await import("./resolve.ts")).resolveLog(path); // not there yet, or a dangling link
  }
}
