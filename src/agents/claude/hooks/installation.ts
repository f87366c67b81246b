import {
  allHooks,
  installedHooks,
  withHooks,
  withoutHooks,
  withoutLines,
} from "./claude_settings.ts";
import { FileError } from "../../../files/file_error.ts";
import { removeIfThere } from "../../../files/if_there.ts";
import { replaceFile } from "../../../files/replace.ts";
import { readTextFile } from "../../../files/text_file.ts";
import { asHooksErrors, HooksError } from "./errors.ts";
import type { Registration } from "./events.ts";
import { isRecipe } from "./inspect/recipes.ts";
import { deleteText, readText, tidyBeside, writeText } from "./text_files.ts";

/** A settings file and the backup beside it; `undefined` where there is no such file. */
export interface SettingsState {
  readonly settings: string | undefined;
  /** The settings file as it was before the first install. */
  readonly backup: string | undefined;
}

/** A change of a settings file that is not made yet. */
export interface SettingsChange {
  readonly path: string;
  readonly before: SettingsState;
  readonly after: SettingsState;
  /** The permission bits of the settings file; `undefined` where there is none yet. */
  readonly mode: number | undefined;
}

/** A step from one state of a settings file to the next; throws a `HooksError` and changes nothing. */
export type Step = (state: SettingsState) => SettingsState;

/**
 * Puts the wanted hooks in. The first time the file is kept as the backup; later, where nobody else
 * has changed the file since, the backup is what the hooks are put into anew.
 */
export function install(wanted: readonly Registration[]): Step {
  return ({ settings, backup }) => {
    const present = installedHooks(settings ?? "");
    if (present.length === 0) {
      return { settings: withHooks(settings ?? "", wanted), backup: settings };
    }
    const base = isInstalledOnto(backup, settings, present) ? backup : settings;
    return { settings: withHooks(base ?? "", wanted), backup };
  };
}

/**
 * Takes out the shell hooks that perfmon replaces, of the backup too: a removal does not bring them back.
 * A file without any is left to the byte.
 */
export function withoutRecipes({ settings, backup }: SettingsState): SettingsState {
  const stripped = (text: string | undefined): string | undefined =>
    text === undefined || !allHooks(text).some(({ hook }) => isRecipe(String(hook["command"])))
      ? text
      : withoutLines(text, isRecipe);
  return { settings: stripped(settings), backup: stripped(backup) };
}

/**
 * Takes our hooks out: where installing onto the backup gives the file as it is, the backup's bytes
 * come back. The backup stays for the time when the hooks do.
 */
export function suspend({ settings, backup }: SettingsState): SettingsState {
  if (settings === undefined) return { settings, backup };
  const present = installedHooks(settings);
  if (present.length === 0) return { settings, backup };
  return isInstalledOnto(backup, settings, present)
    ? { settings: backup, backup }
    : { settings: withoutHooks(settings, backup), backup };
}

/** Takes our hooks out for good, and the backup with them. */
export function uninstall(state: SettingsState): SettingsState {
  return { ...suspend(state), backup: undefined };
}

/** Throws a `HooksError` where a file has the backup's name that is not perfmon's, so that it is not lost. */
export function requireNoBackup(path: string): void {
  if (readBackup(path) === undefined) return;
  throw new HooksError(
    `Cannot keep "${path}" as it is: "${
      backupPath(path)
    }" is there, and not perfmon's; move it away`,
    "data",
  );
}

/** Works out what a step would change at a settings file. Throws a `HooksError` that names the file. */
export function planChange(path: string, step: Step): SettingsChange {
  const file = readText(path);
  const before = { settings: file?.text, backup: readBackup(path) };
  return { path, before, after: naming(path, () => step(before)), mode: file?.mode };
}

/**
 * Makes a planned change. A backup is put right before hooks come in and thrown away after they are
 * out, so that a run that is killed never leaves hooks with the wrong one. Throws a `HooksError` where it
 * can't, with the backup as it was, or where the settings are not what the change was planned for.
 */
export function applyChange(change: SettingsChange): void {
  const { path, before, after } = change;
  const putsIn = installedHooks(after.settings ?? "").length > 0;
  if (putsIn) writeBackup(change, before.backup, after.backup);
  try {
    writeSettings(change);
  } catch (error) {
    if (putsIn) writeBackup(change, after.backup, before.backup);
    throw error;
  }
  if (!putsIn) writeBackup(change, before.backup, after.backup);
  tidyBeside(path);
}

/** Takes a change that was made back, the backup too. Throws a `HooksError` as `applyChange` does. */
export function undoChange({ before, after, ...change }: SettingsChange): void {
  applyChange({ ...change, before: after, after: before });
}

/**
 * Reads the hooks that perfmon installed in a settings file; none where there is no file. Throws a
 * `HooksError` that names the file.
 */
export function hooksAt(path: string): Registration[] {
  const text = readText(path)?.text ?? "";
  return naming(path, () => installedHooks(text));
}

/** The path at which a settings file is kept as it was before the first install. */
function backupPath(path: string): string {
  return `${path}.before-perfmon`;
}

function writeSettings({ path, before, after, mode }: SettingsChange): void {
  if (after.settings === before.settings) return;
  if (after.settings !== undefined) {
    writeText(path, after.settings, { mode, before: before.settings });
  } else if (before.settings !== undefined) deleteText(path, before.settings);
}

/**
 * Reads the backup, which is perfmon's own: a link at its name, which may come with a cloned
 * repository, is none.
 */
function readBackup(path: string): string | undefined {
  return asHooksErrors(() => readTextFile(backupPath(path), { isOwn: true }))?.text;
}

function writeBackup(
  { path, mode }: SettingsChange,
  before: string | undefined,
  after: string | undefined,
): void {
  const backup = backupPath(path);
  if (after === before && after !== undefined) return;
  asHooksErrors(() => {
    if (after !== undefined) replaceFile(backup, after, { mode, of: "perfmon" });
    else removeBackup(backup);
  });
}

/** Deletes the backup; a link at its name goes, too, and what it leads to stays. */
function removeBackup(backup: string): void {
  try {
    removeIfThere(backup);
  } catch (error) {
    throw FileError.from("delete", backup, error);
  }
}

function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HooksError)) throw error;
    const message = `Cannot use "${path}": ${error.message}; mend it and run the command again`;
    throw new HooksError(message, error.reason);
  }
}

function isInstalledOnto(
  backup: string | undefined,
  settings: string | undefined,
  present: readonly Registration[],
): boolean {
  try {
    return withHooks(backup ?? "", present) === settings;
  } catch (error) {
    if (error instanceof HooksError) return false;
    throw error;
  }
}
