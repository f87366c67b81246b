import { FileError } from "../../../files/file_error.ts";
import { ensureFolder } from "../../../files/folders.ts";
import { isSameFile, statIfThere } from "../../../files/if_there.ts";
import { followTrusted } from "../../../files/links.ts";
import { parentOf } from "../../../files/paths.ts";
import { replaceFile } from "../../../files/replace.ts";
import { removeLeftovers } from "../../../files/temporary.ts";
import { readTextFile, type TextFile } from "../../../files/text_file.ts";
import { asHooksErrors } from "./errors.ts";

/*
 * Text files that a person edits as well: settings, hooks.yaml. Their symbolic links are followed, because
 * many keep them among their dotfiles.
 */

/** The largest settings, and the largest hooks.yaml that is read, MiB: to parse ten times as much takes a minute. */
const LIMIT = 1, YAML_LIMIT = 0.25;

/**
 * Reads such a file; `undefined` where there is none. Throws a `HooksError` where it is no readable text, or has
 * more than 1 MiB, as YAML more than 256 KiB.
 */
export function readText(path: string): TextFile | undefined {
  const limit = /\.ya?ml$/.test(path) ? YAML_LIMIT : LIMIT;
  return asHooksErrors(() => readTextFile(path, { limit }));
}

/**
 * Replaces such a file in one step, and makes the folders that it needs. Without a mode a file has the
 * permissions that the umask gives. Throws a `HooksError` where that fails, or where the file does not
 * hold the text `before` any more that the new one was made from (`undefined`: is not there).
 */
export function writeText(
  path: string,
  text: string,
  { mode, before }: { readonly mode: number | undefined; readonly before: string | undefined },
): void {
  asHooksErrors(() => {
    makeFolderFor(path);
    replaceFile(path, text, {
      mode: mode ?? (0o666 & ~Deno.umask()),
      of: "person",
      check: () => requireUnchanged(path, before),
    });
  });
}

/** Deletes such a file, which a link stays that leads to it; throws as `writeText` does. */
export function deleteText(path: string, before: string): void {
  asHooksErrors(() => {
    requireUnchanged(path, before);
    try {
      Deno.removeSync(followTrusted(path).path);
    } catch (error) {
      throw FileError.from("delete", path, error);
    }
    tidyBeside(path);
  });
}

/** Removes what killed runs left beside such a file, and beside what it leads to. */
export function tidyBeside(path: string): void {
  try {
    removeLeftovers(parentOf(path));
    removeLeftovers(parentOf(followTrusted(path).path));
  } catch {
    // They do no harm.
  }
}

function makeFolderFor(path: string): void {
  try {
    ensureFolder(parentOf(followTrusted(path).path), 0o777);
  } catch (error) {
    throw FileError.from("write", path, error);
  }
}

/**
 * Throws where a file does not hold a text any more. What it last does is one look at the file, which tells
 * whether it is still the one that was read: so that next to no time is left for others to write in it
 * before it is replaced (`tests/campaigns/settings_race.ts`).
 */
function requireUnchanged(path: string, before: string | undefined): void {
  let info = statIfThere(path);
  for (;;) {
    if (readTextFile(path)?.text !== before) {
      const reason = "something else changed it meanwhile; run the command again";
      throw new FileError("change", path, reason);
    }
    const now = statIfThere(path);
    if (isUntouched(info, now)) return;
    info = now;
  }
}

function isUntouched(before: Deno.FileInfo | undefined, now: Deno.FileInfo | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return isSameFile(before, now) && before.size === now.size &&
    before.mtime?.getTime() === now.mtime?.getTime();
}
