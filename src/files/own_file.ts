import { FileError } from "./file_error.ts";
import { isSameFile, lstatIfThere } from "./if_there.ts";
import { io } from "./io.ts";
import { tryLock } from "./locks.ts";
import { ownerOfNew, setRights } from "./owner.ts";

/*
 * Files of perfmon's own: the lock, the error log, what lies beside a log. Their names are known to all, so
 * whoever can write in their folder can put a link there to a file of ours, or a FIFO.
 */

/** How such a file is opened, besides for reading. */
export interface OwnFileOptions {
  /** For writing at its end only. */
  readonly append?: boolean;
}

/**
 * Opens a file of perfmon's own for reading and writing, and creates it, for its owner alone, where it is
 * missing. Throws a `FileError` where something else has its name: a link, a FIFO, a file with a second
 * name. Throws `NotFound` where its folder is missing.
 */
export function openOwn(path: string, options: OwnFileOptions = {}): Deno.FsFile {
  const created = createOwn(path, options);
  if (created !== undefined) return created;
  const info = lstatIfThere(path);
  if (info === undefined) return openOwn(path, options); // removed meanwhile
  requireRegular(path, info);
  const file = io.open(path, modeOf(options));
  try {
    requireOwn(file, path);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Creates such a file; `undefined` where something has its name, also a link that leads nowhere. */
export function createOwn(path: string, options: OwnFileOptions = {}): Deno.FsFile | undefined {
  let file: Deno.FsFile;
  try {
    file = io.open(path, { ...modeOf(options), createNew: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
  setRights(file, path, { owner: ownerOfNew(path) });
  return file;
}

/**
 * Creates such a file for writing at its end, and locks it as long as it is open, in place of what has its name:
 * what a killed run has left, or a planted link, which goes and is not followed. Throws where another process
 * is writing it.
 */
export function createAnew(path: string): Deno.FsFile {
  const file = createOwn(path, { append: true }) ?? replaceLeftover(path);
  tryLock(file);
  return file;
}

function replaceLeftover(path: string): Deno.FsFile {
  if (lstatIfThere(path)?.isFile === true) {
    using left = openRegular(path);
    if (tryLock(left) === "busy") {
      throw new FileError("write", path, "another process is writing it");
    }
  }
  io.remove(path);
  return io.open(path, { ...modeOf({ append: true }), createNew: true, mode: 0o600 });
}

/** Opens a file that is there for reading and writing, unless it is a link or no regular file. */
export function openRegular(path: string): Deno.FsFile {
  const info = Deno.lstatSync(path);
  requireRegular(path, info);
  const file = io.open(path, modeOf({}));
  if (isSameFile(file.statSync(), info)) return file;
  file.close();
  throw new FileError("use", path, "something else was put in its place");
}

/** Whether an open file is what lies at a path still. */
export function isStillAt(file: Deno.FsFile, path: string): boolean {
  return isSameFile(file.statSync(), lstatIfThere(path));
}

/** Throws a `FileError` where an open file is not perfmon's own at its path: nothing may be written to it. */
export function requireOwn(file: Deno.FsFile, path: string): void {
  const info = Deno.lstatSync(path);
  requireRegular(path, info);
  if (!isSameFile(file.statSync(), info)) {
    throw new FileError("use", path, "something else was put in its place");
  }
  if ((info.nlink ?? 1) > 1) throw new FileError("use", path, "it has a second name elsewhere");
}

function requireRegular(path: string, info: Deno.FileInfo): void {
  if (info.isSymlink) throw new FileError("use", path, "it is a symbolic link");
  if (!info.isFile) throw new FileError("use", path, "it is no regular file");
}

function modeOf({ append = false }: OwnFileOptions): Deno.OpenOptions {
  return append ? { read: true, append } : { read: true, write: true };
}
