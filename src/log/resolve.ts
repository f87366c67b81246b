import { ensureFolder } from "../files/folders.ts";
import { locationOf, type LogLocation } from "./location.ts";
import { openOwn } from "../files/own_file.ts";
import { lockPath } from "./lock.ts";
import { parentOf } from "../files/paths.ts";

/**
 * The log behind a path: symlinks resolved (also dangling ones), so that all writers share one lock,
 * and checked to be a regular file or nothing yet, because opening a FIFO can't be timed out. Throws
 * an `Error` that names what it is otherwise.
 */
export function resolveLog(path: string): LogLocation {
  let target = path;
  for (let links = 0; links < 40; links++) {
    const info = lstat(target);
    if (info?.isSymlink !== true) {
      if (info !== undefined && !info.isFile) {
        throw new Error(`Cannot use "${path}" as the log: it is ${kind(info)}, no regular file`);
      }
      return locationOf(target);
    }
    const link = Deno.readLinkSync(target);
    target = link.startsWith("/") ? link : `${parentOf(target)}/${link}`;
  }
  throw new Error(`Cannot use "${path}" as the log: too many symlinks`);
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
export function prepareFolder(location: LogLocation): void {
  resolveLog(location.path);
  ensureFolder(location.folder);
}
