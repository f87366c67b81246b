import { listSegments } from "../log/history.ts";
import type { LogLocation } from "../log/location.ts";
import type { Arguments } from "../cli/command.ts";
import { warn } from "../cli/output.ts";
import { plural } from "../text/units.ts";
import { locate } from "./selection.ts";

/** The time that a reader waits at most, about, for what hooks left in the spool, milliseconds. */
const PATIENCE_MS = 2000;

/** Takes what hooks left in the spool of a log into it, before a command reads it. */
export async function drainFirst(args: Arguments): Promise<void> {
  try {
    await drainQuietly(locate(args));
  } catch {
    // What is wrong with the log's path is for the command to say.
  }
}

/** Drains a log's spool, if there is something in it; what goes wrong is noted in the error log only. */
export async function drainQuietly(location: LogLocation): Promise<void> {
  if (!hasRecords(location.folder)) return;
  try {
    const { drain } = await import("../record/drain.ts");
    const { problems } = await drain(location, performance.now() + PATIENCE_MS);
    if (problems.length === 0) return;
    const { noteError } = await import("../log/write/errors.ts");
    noteError(location.folder, "drain", problems.join("; "));
  } catch {
    // The records stay; `perfmon rec drain` and `perfmon doctor` say why.
  }
}

/**
 * Whether a spool holds records. Told by listing the folder above it: where there is none, nothing
 * is thrown.
 */
function hasRecords(folder: string): boolean {
  try {
    const isThere = Array.from(Deno.readDirSync(folder)).some(({ name }) => name === "spool");
    return isThere && Array.from(Deno.readDirSync(`${folder}/spool`)).length > 0;
  } catch {
    return false;
  }
}

/**
 * Compresses and prunes the history of the log that a command has read: what `rec` has no time for.
 * The command's work is done by then, so that nothing of it fails because of this.
 */
export async function tidyHistory(args: Arguments): Promise<void> {
  try {
    const location = locate(args);
    if (listSegments(location).length === 0) return;
    const { maintainHistory } = await import("../log/tidy_history.ts");
    const removed = await maintainHistory(location);
    if (removed.length > 0) {
      const what = plural(removed.length, "segment");
      warn(`Removed the oldest ${what} of the history: beyond its limit (rec --history)`);
    }
  } catch {
    // A folder that can't be written keeps its segments as they are.
  }
}
