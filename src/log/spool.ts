import type { EventKind } from "../row/sample.ts";
import { ensureOwnFolder } from "../files/folders.ts";
import { statIfThere } from "../files/if_there.ts";
import { io } from "../files/io.ts";
import type { LogLocation } from "./location.ts";

/** A hook event that waits in the spool, by its file's name and times. */
export interface SpoolFile {
  readonly name: string;
  readonly path: string;
  readonly event: EventKind;
  /**
   * Seconds since the epoch: of a start when its last byte was written, of an end when the file was
   * begun, so that the time between them holds as little of the hooks as possible.
   */
  readonly timestamp: number;
  /** When its last byte was written, seconds since the epoch. */
  readonly modified: number;
  readonly bytes: number;
}

/** Names of records, as src/hooks/spool_line.ts makes them: session, pid of the shell, number, event. */
const NAME = /^[^/]+\.\d+\.[1-9]\.(start|end)$/;

/** The folder in which hooks that start no program leave their records. */
export function spoolFolder(location: LogLocation): string {
  return `${location.folder}/spool`;
}

/**
 * The records of a spool in order of time, of the same time starts first; none where there is no
 * spool. Foreign files are left out.
 */
export function listRecords(location: LogLocation): SpoolFile[] {
  const folder = spoolFolder(location);
  const names = recordNames(folder);
  const records: SpoolFile[] = [];
  for (const name of names) {
    const record = lookAt(`${folder}/${name}`, name);
    if (record !== undefined) records.push(record);
  }
  records.sort((a, b) =>
    a.timestamp - b.timestamp || rank(a) - rank(b) || (a.name < b.name ? -1 : 1)
  );
  return records;
}

function recordNames(folder: string): string[] {
  try {
    const names: string[] = [];
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (isFile && NAME.test(name)) names.push(name);
    }
    return names;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

function rank({ event }: SpoolFile): number {
  return event === "start" ? 0 : 1;
}

function lookAt(path: string, name: string): SpoolFile | undefined {
  try {
    const { mtime, birthtime, size } = Deno.lstatSync(path);
    const event = name.endsWith(".start") ? "start" : "end";
    const modified = (mtime?.getTime() ?? 0) / 1000;
    const began = Math.min((birthtime?.getTime() ?? Infinity) / 1000, modified);
    const timestamp = event === "start" ? modified : began;
    return { name, path, event, timestamp, modified, bytes: size };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // another drain has taken it in
    throw error;
  }
}

/** Makes the spool, for the owner alone, where it is missing. Throws where that fails. */
export function ensureSpool(location: LogLocation): void {
  const folder = spoolFolder(location);
  ensureOwnFolder(folder);
  Deno.chmodSync(folder, 0o700);
}

/** A record with its text. */
export interface ReadRecord {
  readonly text: string;
  /** The record's file as it was when this text was written. */
  readonly file: SpoolFile;
}

/**
 * Reads a record. Its hook may have written on since it was listed: the times are those of the text, so
 * that another drain makes the same row of it.
 */
export function readRecord(file: SpoolFile): ReadRecord {
  const text = Deno.readTextFileSync(file.path);
  // Beyond ASCII the lengths differ, and it is looked at in vain.
  return { text, file: text.length === file.bytes ? file : lookAt(file.path, file.name) ?? file };
}

/** Removes a record. */
export function removeRecord({ path }: SpoolFile): void {
  io.remove(path);
}

/** What waits in a spool. */
export interface SpoolStatus {
  readonly records: number;
  /** When the oldest was last written, seconds since the epoch. */
  readonly oldest: number | undefined;
}

/** What waits in a log's spool; `undefined` where it has none. */
export function spoolStatus(location: LogLocation): SpoolStatus | undefined {
  if (!hasSpool(location)) return undefined;
  const times = listRecords(location).map(({ modified }) => modified);
  return {
    records: times.length,
    oldest: times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b)),
  };
}

/** True where hooks can leave records for this log. */
export function hasSpool(location: LogLocation): boolean {
  return statIfThere(spoolFolder(location))?.isDirectory === true;
}

/**
 * Removes a spool and what is left in it, records that are not whole. False where there is none; throws
 * where there are other files in it.
 */
export function removeSpool(location: LogLocation): boolean {
  if (!hasSpool(location)) return false;
  for (const record of listRecords(location)) removeRecord(record);
  io.remove(spoolFolder(location));
  return true;
}
