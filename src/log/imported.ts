import { ensureLogFolder } from "./resolve.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../row/columns.ts";
import { isCallEvent, type Sample } from "../row/sample.ts";
import { isUniqueId } from "../row/tool_use_id.ts";
import { locationOf, type LogLocation } from "./location.ts";
import { columnsBehind } from "./log_lines.ts";
import { hasImported, importedPath, readLog } from "./read/read.ts";
import { Replacement } from "../files/replace.ts";

/** A call that was not recorded, but read from a transcript: its two rows. */
export interface ImportedCall {
  readonly start: Sample;
  readonly end: Sample;
}

/** The samples of the imported calls, in no certain order; none where nothing was imported. */
export async function readImported(location: LogLocation): Promise<readonly Sample[]> {
  if (!hasImported(location)) return [];
  try {
    return (await readLog(locationOf(importedPath(location)), { history: false })).samples;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** So far apart, seconds, a hook and a transcript may see one event. */
const TOLERANCE_SECONDS = 5;

/** Calls and turns that are known: a copy of a session has their ids and times under another session's name. */
export class KnownCalls {
  /** By event and id, the times of recorded rows, seconds since the epoch. */
  readonly #recorded = new Map<string, number[]>();
  /** The ids that are given once, and others with the time that a transcript has. */
  readonly #keys = new Set<string>();
  /** By event and session, the times of recorded rows of no call. */
  readonly #events = new Map<string, number[]>();
  /** The ids of prompts whose turns were recorded. */
  readonly #prompts = new Set<string>();

  /** Takes a row that a hook recorded. */
  addRecorded(row: Sample): void {
    const { toolUseId, event, timestamp, promptId } = row;
    if (!isCallEvent(event)) {
      if (promptId !== undefined && event !== "stop") this.#prompts.add(promptId);
      return void push(this.#events, eventKey(row), timestamp);
    }
    if (toolUseId === undefined) return;
    if (isUniqueId(toolUseId)) return void this.#keys.add(toolUseId);
    push(this.#recorded, `${event} ${toolUseId}`, timestamp);
  }

  /** Takes a row that is out of a transcript. */
  addImported(row: Sample): void {
    if (row.event === "start") this.#keys.add(importKey(row));
    else if (!isCallEvent(row.event)) this.#keys.add(importedEventKey(row));
  }

  /** Whether a row of no call is among them, or its turn was recorded. */
  hasEvent(row: Sample): boolean {
    return this.#keys.has(importedEventKey(row)) || this.#prompts.has(row.promptId ?? "") ||
      isNear(this.#events.get(eventKey(row)), row.timestamp);
  }

  /** Whether a call is among them. */
  has({ start, end }: ImportedCall): boolean {
    return this.#keys.has(importKey(start)) ||
      [start, end].some(({ event, timestamp }) =>
        isNear(this.#recorded.get(`${event} ${start.toolUseId}`), timestamp)
      );
  }
}

function push(times: Map<string, number[]>, key: string, time: number): void {
  const known = times.get(key);
  if (known === undefined) times.set(key, [time]);
  else known.push(time);
}

function isNear(times: readonly number[] | undefined, time: number): boolean {
  return times?.some((each) => Math.abs(each - time) <= TOLERANCE_SECONDS) === true;
}

function eventKey({ event, sessionId }: Sample): string {
  return `${event} ${sessionId}`;
}

/** A transcript has its times in milliseconds, and so have the copies of it. */
function importedEventKey({ event, timestamp }: Sample): string {
  return `${event} at ${timestamp.toFixed(3)}`;
}

function importKey({ toolUseId = "", timestamp }: Sample): string {
  return isUniqueId(toolUseId) ? toolUseId : `${toolUseId} ${timestamp.toFixed(3)}`;
}

/**
 * Adds rows of calls and of turns to the imported ones; the file is replaced in one step, readable to the owner
 * only.
 */
export function addImported(location: LogLocation, rows: readonly Sample[]): void {
  const path = importedPath(location);
  const before = hasImported(location) ? Deno.readFileSync(path) : new Uint8Array();
  ensureLogFolder(location.folder);
  using file = new Replacement(path, { of: "perfmon" });
  file.write(before);
  // An older perfmon may have begun it, with fewer columns.
  if (columnsBehind([before]) !== FULL_COLUMNS) file.write(FULL_HEADER + "\n");
  for (const row of rows) file.write(formatRow(row, FULL_COLUMNS));
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
