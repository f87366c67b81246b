import { ensureOwnFolder } from "../files/folders.ts";
import { followTrusted, type Target } from "../files/links.ts";
import { messageOf } from "../text/message.ts";
import { requireUnexposed } from "../files/ground.ts";
import { locationOf, type LogLocation } from "./location.ts";
import { openOwn } from "../files/own_file.ts";
import { lockPath } from "./lock.ts";

/**
 * The log behind a path: symlinks resolved (also dangling ones), so that all writers share one lock,
 * and checked to be a regular file or nothing yet, because opening a FIFO can't be timed out. Throws
 * an `Error` that names what it is otherwise, or that a link is of another user, who may have planted it.
 */
export function resolveLog(path: string): LogLocation {
  const { path: target, info, links } = follow(path);
  if (info === undefined || info.isFile) {
    const linkFolders = links.map((link) => locationOf(link).folder);
    return { ...locationOf(target), ...(links.length === 0 ? {} : { linkFolders }) };
  }
  throw new Error(`Cannot use "${path}" as the log: it is ${kind(info)}, no regular file`);
}

/** Where the system keeps devices and what it tells of processes: opening or reading these may take for ever. */
const SYSTEMS = /^\/(proc|sys|dev(?!\/shm\/))\//;

/**
 * Throws an `Error` where a log that is to be written is none that a row may go into, whatever its kind: one
 * named by a device or a process (/dev/stdout), or one beside which a third person can write.
 */
export function requirePlace(
  path: string,
  { path: target, folder, linkFolders = [] }: LogLocation,
): void {
  if ([path, target, ...linkFolders].some((each) => SYSTEMS.test(each))) {
    throw new Error(`Cannot use "${path}" as the log: it is the system's, no regular file`);
  }
  requireUnexposed(folder);
}

function follow(path: string): Target {
  try {
    return followTrusted(path);
  } catch (error) {
    throw new Error(`Cannot use "${path}" as the log: ${messageOf(error)}`);
  }
}

function kind(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  return info.isFifo ? "a FIFO" : "a device or a socket";
}

/**
 * Creates the lock file of a log, and its folder, because one of them is missing, which was the `error` of
 * the first try; throws that again where it was another.
 */
export function openFirstLock(location: LogLocation, error: unknown): Deno.FsFile {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  prepareFolder(location);
  return openOwn(lockPath(location.folder));
}

/** Creates the folder beside a log, once the log is known to be a regular file or nothing yet. */
function prepareFolder(location: LogLocation): void {
  resolveLog(location.path);
  ensureLogFolder(location.folder);
}

/** Creates the folder beside a log. Throws an `Error` where a third person can write there. */
export function ensureLogFolder(folder: string): void {
  requireUnexposed(folder);
  ensureOwnFolder(folder);
}
