import { lstatIfThere, statIfThere } from "./if_there.ts";
import { parentOf } from "./paths.ts";

/** Who may do what with a file. */
export interface Rights {
  /** Permission bits; as they are, if absent. */
  readonly mode?: number | undefined;
  /** User and group; as they are, if absent. */
  readonly owner?: Owner | undefined;
}

/** User and group ids. */
export interface Owner {
  readonly uid: number | null;
  readonly gid: number | null;
}

/**
 * Whom a new file is to belong to: root gives what it creates in another person's folder to that person,
 * who could not use it otherwise. `undefined`: to whoever creates it.
 */
export function ownerOfNew(path: string): Owner | undefined {
  if (Deno.uid() !== 0) return undefined;
  const { uid, gid } = Deno.statSync(parentOf(path));
  return uid === 0 ? undefined : { uid, gid };
}

/**
 * Sets the rights of an open file. They are those of the file itself, whatever somebody has put under its
 * name meanwhile. Throws where the system refuses, as it does to all but root who give a file away.
 */
export function setRights(file: Deno.FsFile, path: string, { mode, owner }: Rights): void {
  if (mode === undefined && owner === undefined) return;
  const before = file.statSync();
  const changesOwner = owner !== undefined &&
    (owner.uid !== before.uid || owner.gid !== before.gid);
  const changesMode = mode !== undefined && mode !== (before.mode ?? 0) % 0o10000;
  if (!changesOwner && !changesMode) return;
  const itself = pathOfOpen(before, path);
  if (changesOwner) Deno.chownSync(itself, owner.uid, owner.gid);
  if (mode !== undefined) Deno.chmodSync(itself, mode);
}

/** Gives a folder that root has just created to the owner of the one that it is in. */
export function giveFolder(path: string): void {
  const owner = ownerOfNew(path);
  if (owner === undefined) return;
  using folder = Deno.openSync(path, { read: true });
  const info = folder.statSync();
  // What somebody has put there since is not ours to give.
  if (info.isDirectory && info.uid === 0) setRights(folder, path, { owner });
}

/**
 * A path that leads to an open file and nothing else: Deno changes rights by path only, which could be
 * another file's by now.
 */
function pathOfOpen({ dev, ino }: Deno.FileInfo, path: string): string {
  const isIt = (info: Deno.FileInfo | undefined): boolean => info?.dev === dev && info.ino === ino;
  for (const { name } of descriptors()) {
    const itself = `/proc/self/fd/${name}`;
    if (isIt(statIfThere(itself))) return itself;
  }
  if (isIt(lstatIfThere(path))) return path;
  throw new Error("something else was put in its place meanwhile");
}

/** The open files of this process; none where the system does not list them. */
function descriptors(): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync("/proc/self/fd")];
  } catch {
    return [];
  }
}
