import { io, statIfThere, syncFolder, writeAll } from "./io.ts";
import { parentOf } from "./paths.ts";

/**
 * A file that is written beside the one it replaces, in one step, when it is complete: whoever reads
 * that name, and whenever this is killed, finds the old file or the new one, whole. A symbolic link is
 * followed. A temporary file that a killed run left behind is taken over by the next.
 */
export class Replacement {
  readonly #target: string;
  readonly #temporary: string;
  readonly #file: Deno.FsFile;
  #committed = false;

  /**
   * Begins it; the folder has to be there. Without a `mode` a file that is there keeps its
   * permissions, and a new one is the owner's alone. Throws where the path is no regular file, can't be written, or another perfmon
   * is writing it.
   */
  constructor(path: string, mode?: number) {
    const info = statIfThere(path);
    if (info?.isFile === false) throw new Error("it is no regular file");
    this.#target = info === undefined ? path : Deno.realPathSync(path);
    const name = this.#target.slice(this.#target.lastIndexOf("/") + 1);
    this.#temporary = `${parentOf(this.#target)}/.${name}.perfmon-tmp`;
    this.#file = io.open(this.#temporary, { write: true, create: true, mode: 0o600 });
    const isOurs = this.#file.tryLockSync(true) &&
      this.#file.statSync().ino === statIfThere(this.#temporary)?.ino;
    if (!isOurs) {
      this.#file.close();
      throw new Error("another perfmon is writing it");
    }
    this.#file.truncateSync();
    Deno.chmodSync(this.#temporary, mode ?? (info?.mode ?? 0o600) & 0o777);
  }

  write(text: string): void {
    writeAll(this.#file, new TextEncoder().encode(text));
  }

  /** Puts the file in its place, synced. */
  commit(): void {
    this.#file.syncSync();
    io.rename(this.#temporary, this.#target);
    this.#committed = true;
    syncFolder(parentOf(this.#target));
  }

  /** Removes what was not committed. */
  [Symbol.dispose](): void {
    if (!this.#committed) io.remove(this.#temporary);
    this.#file.close();
  }
}
