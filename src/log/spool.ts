import type { CallEvent } from "../row/sample.ts";
import { ensureOwnFolder, fileNames } from "../files/folders.ts";
import { requireUnexposed } from "../files/ground.ts";
import { lstatIfThere, removeIfThere, statIfThere } from "../files/if_there.ts";
import { io } from "../files/io.ts";
import type { LogLocation } from "./location.ts";

/** A hook event that waits in the spool, by its file's name and times. */
export interface SpoolFile {
  readonly name: string;
  readonly path: string;
  /** The session's id as the client's environment has it; the pid of the hook's parent where it has none. */
  readonly session: string;
  readonly event: CallEvent;
  /** A drain could make nothing of it and has said so. */
  readonly isBad: boolean;
  /**
   * Seconds since the epoch: of a start when its last byte was written, of an end when the file was
   * begun, so that the time between them holds as little of the hooks as possible.
   */
  readonly timestamp: number;
  /** When the file was begun, seconds since the epoch. */
  readonly began: number;
  /** When its last byte was written, seconds since the epoch. */
  readonly modified: number;
  readonly bytes: number;
}

/**
 * Names of records, as spool_line.ts of the hooks makes them: session, pid of the shell, number, event; and
 * what a drain puts behind the name of a bad one.
 */
const NAME = /^([^/]+)\.\d+\.[1-9]\.(start|end)(\.bad)?$/;

/**
 * The folder in which hooks that start no program leave their records: beside the log as it was named, for
 * they resolve no links.
 */
export function spoolFolder({ folder, linkFolders = [] }: LogLocation): string {
  return `${linkFolders[0] ?? folder}/spool`;
}

/** What a spool is called once no hook shall record into it any more. */
function closedName(spool: string): string {
  return `${spool}.closed`;
}

/** What one of a log's spools was called before it was closed, or is called still. */
export function openName(spool: string): string {
  return spool.replace(/\.closed$/, "");
}

/**
 * The folders that are there and in which records for a log may wait: its spool, those beside the links that
 * led to it, and of each what was closed and not removed. Beside a link they have to be this user's own:
 * anybody may have put a folder beside it. Where a link is in its place, somebody else's is not followed.
 */
export function spoolFolders({ folder, linkFolders = [] }: LogLocation): string[] {
  const own = [`${folder}/spool`, closedName(`${folder}/spool`)].filter(isFolder);
  const linked = linkFolders.map((each) => `${each}/spool`)
    .flatMap((spool) => [spool, closedName(spool)])
    .filter((spool) => statIfThere(spool)?.uid === Deno.uid() && isFolder(spool));
  // A link may lead to the folder beside the log, too.
  return [...new Map([...own, ...linked].map((path) => [Deno.realPathSync(path), path])).values()];
}

function isFolder(path: string): boolean {
  const info = lstatIfThere(path);
  if (info?.isSymlink !== true) return info?.isDirectory === true;
  // Whoever planted the link would choose what is read, and removed.
  return (info.uid === Deno.uid() || info.uid === 0) && statIfThere(path)?.isDirectory === true;
}

/**
 * The records that wait for a log, in order of time, of the same time starts first; none where there is no
 * spool. Foreign files are left out.
 */
export function listRecords(location: LogLocation): SpoolFile[] {
  return spoolFolders(location).flatMap(recordsIn).sort((a, b) =>
    a.timestamp - b.timestamp || rank(a) - rank(b) || (a.name < b.name ? -1 : 1)
  );
}

function recordsIn(folder: string): SpoolFile[] {
  return fileNames(folder).filter((name) => NAME.test(name))
    .flatMap((name) => lookAt(`${folder}/${name}`, name) ?? []);
}

function rank({ event }: SpoolFile): number {
  return event === "start" ? 0 : 1;
}

/** `undefined` where it is no file, or none any more: another drain has taken it in. */
function lookAt(path: string, name: string): SpoolFile | undefined {
  const info = lstatIfThere(path);
  if (info?.isFile !== true) return undefined;
  const { mtime, birthtime, size } = info;
  const [, session = "", event, bad] = NAME.exec(name) ?? [];
  const modified = (mtime?.getTime() ?? 0) / 1000;
  const began = Math.min((birthtime?.getTime() ?? Infinity) / 1000, modified);
  return {
    name,
    path,
    session,
    event: event === "start" ? "start" : "end",
    isBad: bad !== undefined,
    timestamp: event === "start" ? modified : began,
    began,
    modified,
    bytes: size,
  };
}

/**
 * Makes the spool, for the owner alone, where it is missing. Throws where that fails, and where a symbolic
 * link is in its place: what that leads to keeps its permissions.
 */
export function ensureSpool(location: LogLocation): void {
  const folder = spoolFolder(location);
  requireUnexposed(location.folder);
  if (lstatIfThere(folder)?.isSymlink === true) {
    throw new Error(`"${folder}" is a symbolic link: put a folder in its place`);
  }
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

/** Removes a record, unless that has been done. */
export function removeRecord({ path }: SpoolFile): void {
  removeIfThere(path);
}

/** Marks a record as one of which nothing can be made, by its name. */
export function markBad({ path }: SpoolFile): void {
  io.rename(path, `${path}.bad`);
}

/** What waits in a spool. */
export interface SpoolStatus {
  /** Where it waits, or would. */
  readonly folder: string;
  /** False where there is no folder for records. */
  readonly exists: boolean;
  readonly records: number;
  /** Of them those of which nothing can be made. */
  readonly bad: number;
  /** When the oldest was last written, seconds since the epoch. */
  readonly oldest: number | undefined;
}

/** What waits for a log. */
export function spoolStatus(location: LogLocation): SpoolStatus {
  const folders = spoolFolders(location);
  const records = listRecords(location);
  const usual = spoolFolder(location);
  const used = folders.filter((folder) =>
    records.some(({ path }) => path.startsWith(`${folder}/`))
  );
  return {
    folder: used[0] ?? (folders.includes(usual) ? usual : folders[0] ?? usual),
    exists: folders.length > 0,
    records: records.length,
    bad: records.filter(({ isBad }) => isBad).length,
    oldest: records.length === 0
      ? undefined
      : records.reduce((oldest, { modified }) => Math.min(oldest, modified), Infinity),
  };
}

/**
 * Takes a spool away from the hooks, in one step: a record that one of them is writing just now is written to
 * its end, others begin none any more. Returns what it is called now.
 */
export function closeSpool(spool: string): string {
  const closed = closedName(spool);
  if (!isFolder(spool)) return closed;
  removeClosed(closed);
  io.rename(spool, closed);
  return closed;
}

/**
 * Removes a closed spool and the records that are left in it; returns how many these were. Throws where there
 * are other files in it.
 */
export function removeClosed(closed: string): number {
  if (!isFolder(closed)) return 0;
  const left = recordsIn(closed);
  left.forEach(removeRecord);
  io.remove(closed);
  return left.length;
}
