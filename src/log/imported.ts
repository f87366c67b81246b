import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../row/columns.ts";
import type { Sample } from "../row/sample.ts";
import { ensureFolder } from "../files/folders.ts";
import { locationOf, type LogLocation } from "./location.ts";
import { columnsBehind } from "./log_lines.ts";
import { importedPath, readLog } from "./read/read.ts";
import { Replacement } from "../files/replace.ts";

/** A call that was not recorded, but read from a transcript: its two rows. */
export interface ImportedCall {
  readonly start: Sample;
  readonly end: Sample;
}

/** The samples of the imported calls, in no certain order; none where nothing was imported. */
export async function readImported(location: LogLocation): Promise<readonly Sample[]> {
  try {
    return (await readLog(locationOf(importedPath(location)), { history: false })).samples;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** What an imported call is known again by: copies of a session have its ids and times under another name. */
export function importKey({ toolUseId, timestamp }: Sample): string {
  return `${toolUseId} ${timestamp.toFixed(3)}`;
}

/** Adds calls to the imported ones; the file is replaced in one step, readable to the owner only. */
export function addImported(location: LogLocation, calls: readonly ImportedCall[]): void {
  const path = importedPath(location);
  const before = readIfThere(path) ?? new Uint8Array();
  ensureFolder(location.folder);
  using file = new Replacement(path, { of: "perfmon" });
  file.write(before);
  // An older perfmon may have begun it, with fewer columns.
  if (columnsBehind([before]) !== FULL_COLUMNS) file.write(FULL_HEADER + "\n");
  for (const { start, end } of calls) {
    file.write(formatRow(start, FULL_COLUMNS) + formatRow(end, FULL_COLUMNS));
  }
  file.commit();
}

/** Removes all imported calls; false where there are none. */
export function removeImported(location: LogLocation): boolean {
  try {
    Deno.removeSync(importedPath(location));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
