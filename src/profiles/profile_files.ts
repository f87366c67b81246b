import { ensureFolder } from "../files/folders.ts";
import { parentOf } from "../files/paths.ts";
import { ensureLogFolder } from "../log/resolve.ts";
import type { LogLocation } from "../log/location.ts";
import { reasonOf } from "../files/file_error.ts";
import { replaceFile } from "../files/replace.ts";
import { readTextFile } from "../files/text_file.ts";
import type { Profile } from "./profile.ts";
import { parseProfile, profileJson } from "./profile_json.ts";
import { hintOf } from "../cli/near_name.ts";
import { CommandError, EXIT } from "../cli/command.ts";
import { quoteForPaste } from "../text/shell_words.ts";

/** A saved profile, and what a person calls it. */
export interface NamedProfile {
  readonly name: string;
  readonly profile: Profile;
}

/**
 * The names that a profile may have: letters, digits, `.`, `_` and `-`, because a name is part of a
 * file's name.
 */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The path of a profile beside a log; throws a `CommandError` (64) for what can't be a name. */
export function profilePath(location: LogLocation, name: string): string {
  if (!NAME.test(name)) {
    throw new CommandError(
      `Cannot use "${name}" as the name of a profile: give letters, digits, ".", "_" and "-", ` +
        "64 at most, the first no sign",
      EXIT.usage,
    );
  }
  return `${location.folder}/profiles/${name}.json`;
}

/** The names of the profiles beside a log, sorted. */
export function profileNames(location: LogLocation): string[] {
  try {
    return [...Deno.readDirSync(`${location.folder}/profiles`)]
      .map(({ name }) => name).filter((name) => /^[^.].*\.json$/.test(name))
      .map((name) => name.slice(0, -".json".length)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Reads a profile by its name, or from a file (a path with `/`, or one that ends in `.json`). Throws a
 * `CommandError`: 66 where there is none, with the nearest name, 65 where it is broken.
 */
export function readProfile(location: LogLocation, given: string): NamedProfile {
  const isFile = given.includes("/") || given.endsWith(".json");
  const path = isFile ? given : profilePath(location, given);
  try {
    return { name: given, profile: parseProfile(textOf(path)) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw isFile
        ? new CommandError(`Cannot find the profile "${given}"`, EXIT.noInput)
        : unknownProfile(given, profileNames(location));
    }
    throw new CommandError(`Cannot read the profile "${path}": ${reasonOf(error)}`, EXIT.data);
  }
}

function textOf(path: string): string {
  const file = readTextFile(path, { alsoOpen: true });
  if (file === undefined) throw new Deno.errors.NotFound(`There is no "${path}"`);
  return file.text;
}

function unknownProfile(given: string, names: readonly string[]): CommandError {
  const hint = names.length === 0
    ? `none is saved yet; "perfmon profile save ${quoteForPaste(given)}" saves one`
    : hintOf(given, names);
  return new CommandError(`Cannot find the profile "${given}": ${hint}`, EXIT.noInput);
}

/**
 * Saves a profile, readable to the owner only. Throws a `CommandError`: 1 where there is one of that name
 * and it is not to be replaced, 74 where it can't be written.
 */
export function saveProfile(path: string, profile: Profile, replace: boolean): void {
  try {
    if (!replace && isThere(path)) {
      throw new CommandError(
        `Cannot save "${path}": it is there already; give --replace, or another name`,
        EXIT.no,
      );
    }
    const folder = parentOf(path);
    ensureLogFolder(parentOf(folder));
    ensureFolder(folder);
    replaceFile(path, profileJson(profile), { of: "perfmon" });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot save "${path}": ${reasonOf(error)}`, EXIT.inputOutput);
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
