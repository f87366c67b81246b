import { followLinks, parentOf } from "../../../files/paths.ts";
import { HooksError } from "./errors.ts";

/** A file's text and permissions. */
export interface TextFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Reads a text file, a byte order mark included; `undefined` where there is none. Throws a
 * `HooksError` where it is no regular file, can't be read or is not UTF-8.
 */
export function readTextFile(path: string): TextFile | undefined {
  try {
    const info = Deno.statSync(path);
    if (!info.isFile) throw new HooksError(`Cannot use "${path}": it is no regular file`, "data");
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(Deno.readFileSync(path)), mode: (info.mode ?? 0o600) & 0o7777 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof TypeError) {
      throw new HooksError(`Cannot read "${path}": it is not UTF-8 text`, "data");
    }
    throw asHooksError("read", path, error);
  }
}

/**
 * Replaces a file in one step: whoever reads it, and whenever this is killed, it is the old or the
 * new one, whole. A symbolic link is followed, not replaced; missing folders are made. Throws a
 * `HooksError` where that fails or another perfmon is at it.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const target = followLinks(path);
  try {
    Deno.mkdirSync(parentOf(target), { recursive: true });
    writeAndRename(target, text, mode ?? (0o666 & ~Deno.umask()));
  } catch (error) {
    throw asHooksError("write", path, error);
  }
}

/** Deletes the file that a path leads to; nothing there is fine. Throws a `HooksError` where that fails. */
export function deleteFile(path: string): void {
  try {
    Deno.removeSync(followLinks(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw asHooksError("delete", path, error);
  }
  deleteLeftover(path);
}

/** Deletes what a `replaceFile` that was killed left beside a file; not what one that runs is at. */
export function deleteLeftover(path: string): void {
  const temporary = temporaryOf(followLinks(path));
  try {
    using file = Deno.openSync(temporary, { write: true });
    if (file.tryLockSync(true)) Deno.removeSync(temporary);
  } catch {
    // Almost always there is none, and it does no harm.
  }
}

/** True where something is, also behind symbolic links. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/*
 * One temporary name a file, locked: a run that was killed leaves at most this one behind, and the
 * next run takes it over. After the lock the name must still be ours, because the holder before us
 * may have renamed the file that we opened.
 */
function writeAndRename(target: string, text: string, mode: number): void {
  const temporary = temporaryOf(target);
  using file = Deno.openSync(temporary, { write: true, create: true, mode: 0o600 });
  if (!file.tryLockSync(true) || file.statSync().ino !== Deno.statSync(temporary).ino) {
    throw new HooksError(
      `Cannot change "${target}": another perfmon is changing it; run the command again`,
      "inputOutput",
    );
  }
  file.truncateSync();
  Deno.writeTextFileSync(temporary, text);
  keepOwner(temporary, target);
  Deno.chmodSync(temporary, mode);
  file.syncSync();
  Deno.renameSync(temporary, target);
  syncFolder(parentOf(target));
}

/** Under `sudo` the file stays the person's own. */
function keepOwner(temporary: string, target: string): void {
  try {
    const { uid, gid } = Deno.statSync(target);
    if (uid !== null && uid !== Deno.uid()) Deno.chownSync(temporary, uid, gid);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function temporaryOf(target: string): string {
  return `${parentOf(target)}/.${target.slice(target.lastIndexOf("/") + 1)}.perfmon-tmp`;
}

function syncFolder(folder: string): void {
  using handle = Deno.openSync(folder);
  handle.syncSync();
}

function asHooksError(verb: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof HooksError) return error;
  return new HooksError(`Cannot ${verb} "${path}": ${error.message}`, "inputOutput");
}
