import { FileError } from "./file_error.ts";
import { syncFolder } from "./folders.ts";
import { io, writeAll } from "./io.ts";
import { followTrusted } from "./links.ts";
import { type Owner, ownerOfNew, setRights } from "./owner.ts";
import { parentOf } from "./paths.ts";
import { lstatIfThere } from "./if_there.ts";
import { createTemporary, type Temporary } from "./temporary.ts";

/** How a file is replaced. */
export interface ReplaceOptions {
  /** Permission bits; without them a file keeps its own, and a new one is for the owner alone. */
  readonly mode?: number | undefined;
  /**
   * Whose file it is. `writer`: of whoever writes it, e.g. an export. `person`: it stays its owner's, and a
   * new one is of the owner of its folder, e.g. settings. `perfmon`: as `person`, and at its name there is
   * no symbolic link but a planted one, which is replaced and not followed. `writer` unless told.
   */
  readonly of?: "writer" | "person" | "perfmon";
}

/** How a replacement is put in its place. */
export interface CommitOptions {
  /** Called right before, and stops it by throwing. */
  readonly check?: () => void;
  /** When it counts as changed, seconds since the epoch; now, if absent. */
  readonly modified?: number;
}

/**
 * A file that is written beside the one it replaces, under a name that nobody can guess, and put in its
 * place in one step when it is complete: whoever reads that name, and whenever this is killed, finds the
 * old file or the new one, whole. Of two at once the later one stays. What a killed run leaves goes with
 * the next in the same folder. All failures are `FileError`s.
 */
export class Replacement {
  readonly #path: string;
  readonly #target: string;
  readonly #mode: number;
  readonly #owner: Owner | undefined;
  readonly #temporary: Temporary;
  #committed = false;

  /** Begins it; the folder has to be there, and at the path a regular file or nothing. */
  constructor(path: string, { mode, of = "writer" }: ReplaceOptions = {}) {
    this.#path = path;
    const target = this.#attempt(() => of === "perfmon" ? ownTarget(path) : followTrusted(path));
    const { info } = target;
    if (info !== undefined && !info.isFile) {
      throw new FileError("write", path, "it is no regular file");
    }
    this.#target = target.path;
    this.#mode = mode ?? (info?.mode ?? 0o600) & 0o777;
    this.#owner = of === "writer" ? undefined : info ?? ownerOfNew(target.path);
    this.#temporary = this.#attempt(() => createTemporary(parentOf(target.path)));
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#attempt(() => writeAll(this.#temporary.file, bytes));
  }

  /** Puts the file in its place, synced. */
  commit({ check, modified }: CommitOptions = {}): void {
    const { path, file } = this.#temporary;
    this.#attempt(() => {
      setRights(file, path, { mode: this.#mode, owner: this.#owner });
      if (modified !== undefined) file.utimeSync(modified, modified);
      file.syncSync();
      check?.();
      io.rename(path, this.#target);
    });
    this.#committed = true;
    syncFolder(parentOf(this.#target));
  }

  /** Removes what was not committed. */
  [Symbol.dispose](): void {
    const { path, file } = this.#temporary;
    try {
      if (!this.#committed) io.remove(path);
    } catch {
      // The next replacement in this folder removes it.
    }
    file.close();
  }

  #attempt<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw FileError.from("write", this.#path, error);
    }
  }
}

/** What lies at a path of perfmon's own, where a link counts as nothing. */
function ownTarget(path: string): { path: string; info: Deno.FileInfo | undefined } {
  const info = lstatIfThere(path);
  return { path, info: info?.isSymlink === true ? undefined : info };
}

/** Replaces a file by a text in one step, as `Replacement` does. */
export function replaceFile(
  path: string,
  text: string,
  options: ReplaceOptions & CommitOptions = {},
): void {
  using file = new Replacement(path, options);
  file.write(text);
  file.commit(options);
}
