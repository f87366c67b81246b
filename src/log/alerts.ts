import { readAt, writeAll } from "../files/io.ts";
import { waitForLock } from "../files/locks.ts";
import { openOwn } from "../files/own_file.ts";

/** An alert is given once in so many seconds. */
const QUIET_SECONDS = 600;
/** How long another perfmon that gives an alert is waited for, milliseconds. */
const PATIENCE_MS = 200;
/** Beyond that a file is not ours, bytes: an entry has some 60. */
const SIZE_LIMIT = 64 * 1024;

/** Where it is remembered which alerts were given, in the folder of a log. */
export function alertsPath(folder: string): string {
  return `${folder}/alerts.json`;
}

/**
 * Of alerts by their keys those that were not given in the last ten minutes; they count as given from
 * now on (`now` in seconds since the epoch). Remembered in `alerts.json` of the log's folder, under a
 * lock of its own; where that can't be had in time, no alert is due. Throws where it can't be written.
 */
export async function claimAlerts(
  folder: string,
  keys: readonly string[],
  now: number,
): Promise<string[]> {
  using file = openOwn(alertsPath(folder));
  if (await waitForLock(file, PATIENCE_MS) === "busy") return [];
  // A clock that was set back leaves times in the future: these are over, too.
  const given = Object.entries(readTimes(file))
    .filter(([, time]) => Math.abs(now - time) < QUIET_SECONDS);
  const due = keys.filter((key) => !given.some(([known]) => known === key));
  if (due.length === 0) return [];
  const times = Object.fromEntries([...given, ...due.map((key) => [key, now])]);
  file.truncateSync();
  file.seekSync(0, Deno.SeekMode.Start);
  writeAll(file, new TextEncoder().encode(JSON.stringify(times) + "\n"));
  return due;
}

/** When alerts were given, by their keys; nothing where a killed run has left half a file. */
function readTimes(file: Deno.FsFile): Record<string, number> {
  try {
    const times: unknown = JSON.parse(new TextDecoder().decode(readAt(file, 0, SIZE_LIMIT)));
    const isMap = typeof times === "object" && times !== null && !Array.isArray(times);
    return isMap ? times as Record<string, number> : {};
  } catch {
    return {};
  }
}
