import { io } from "./io.ts";
import { followTrusted } from "./links.ts";
import { giveFolder } from "./owner.ts";
import { parentOf } from "./paths.ts";

/**
 * Creates a folder and its parents, readable to the owner only unless another mode is given; leaves one
 * that is there as it is. What root creates in another person's folder is that person's.
 */
export function ensureFolder(path: string, mode = 0o700): void {
  try {
    Deno.mkdirSync(path, { mode });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists && Deno.statSync(path).isDirectory) return;
    if (!(error instanceof Deno.errors.NotFound) || path === parentOf(path)) throw error;
    ensureFolder(parentOf(path), mode);
    return ensureFolder(path, mode);
  }
  giveFolder(path);
}

/** Does the same for a folder of perfmon's own. Throws where its name is a symbolic link of another user. */
export function ensureOwnFolder(path: string): void {
  followTrusted(path);
  ensureFolder(path);
}

/** The names in a folder, sorted; none where it is not there, or something else is in its place. */
export function fileNames(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

/** Makes a rename in the folder last through a power cut (fsync(2)); where the system can't, it is skipped. */
export function syncFolder(path: string): void {
  try {
    const folder = io.open(path, { read: true });
    try {
      folder.syncSync();
    } finally {
      folder.close();
    }
  } catch {
    // Some file systems do not sync folders; the rename itself has succeeded.
  }
}
