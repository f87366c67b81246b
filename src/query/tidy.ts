import { packageProgram, programLink, renewLink } from "../agents/claude/hooks/package_program.ts";
import { listSegments } from "../log/history/segments.ts";
import type { LogLocation } from "../log/location.ts";
import type { Arguments } from "../cli/command.ts";
import { warn } from "../cli/output.ts";
import { plural } from "../text/units.ts";
import { locate } from "./asked_log.ts";
import { ledgerPath } from "./surroundings.ts";

/** The time that a reader waits at most, about, for what hooks left in the spool, milliseconds. */
const PATIENCE_MS = 2000;

/** Takes what hooks left in the spool of a log into it, before a command reads it; says what is left. */
export async function drainFirst(args: Arguments): Promise<void> {
  let left = 0;
  try {
    left = await drainQuietly(locate(args));
  } catch {
    // What is wrong with the log's path is for the command to say.
  }
  if (left > 0) {
    const records = `${plural(left, "record")} of the spool`;
    warn(`This is without ${records}, which wait to be taken in: "perfmon rec drain" takes them`);
  }
}

/**
 * Drains a log's spool, if there is something in it; what goes wrong is noted in the error log only. Returns
 * how many records it had no time for.
 */
export async function drainQuietly(location: LogLocation): Promise<number> {
  if (![location.folder, ...location.linkFolders ?? []].some(hasRecords)) return 0;
  try {
    const { drain } = await import("../record/drain.ts");
    return (await drain(location, performance.now() + PATIENCE_MS)).left;
  } catch {
    return 0; // The records stay; `perfmon rec drain` and `perfmon doctor` say why.
  }
}

/**
 * Whether a spool in a folder, or one that was closed, holds records. Told by listing the folder: where there
 * is none, nothing is thrown.
 */
function hasRecords(folder: string): boolean {
  try {
    return Array.from(Deno.readDirSync(folder)).some(({ name }) =>
      (name === "spool" || name === "spool.closed") &&
      Array.from(Deno.readDirSync(`${folder}/${name}`)).length > 0
    );
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
    const { maintainHistory } = await import("../log/history/tidy_history.ts");
    const removed = await maintainHistory(location);
    if (removed.length > 0) {
      const count = removed.reduce((sum, { first, sequence }) => sum + sequence - first + 1, 0);
      const what = plural(count, "segment");
      warn(`Removed the oldest ${what} of the history: beyond its limit (rec --history)`);
    }
  } catch {
    // A folder that can't be written keeps its segments as they are.
  }
}

/**
 * Makes the hooks' link lead to this perfmon, where a package manager's upgrade has moved it: whatever a person
 * runs does so, no hook. Where it fails the hooks find perfmon on PATH, and `perfmon doctor` says so.
 */
export function renewHooksLink(): void {
  const running = Deno.execPath();
  if (packageProgram(running) === undefined) return;
  try {
    const link = programLink(ledgerPath());
    if (renewLink(link, running)) {
      warn(`"${link}", which the hooks start, leads to "${running}" now`);
    }
  } catch {
    // The folder can't be written, or nothing tells where it is.
  }
}
