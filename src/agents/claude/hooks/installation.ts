import { installedHooks, withHooks, withoutHooks } from "./claude_settings.ts";
import { HooksError } from "./errors.ts";
import type { Registration } from "./events.ts";
import { deleteFile, deleteLeftover, readTextFile, replaceFile } from "./files.ts";

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
  /** Permission bits of the settings file; `undefined` where there is none yet. */
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

/** What a step would change at a settings file. Throws a `HooksError` that names the file. */
export function planChange(path: string, step: Step): SettingsChange {
  const file = readTextFile(path);
  const before = { settings: file?.text, backup: readTextFile(backupPath(path))?.text };
  return { path, before, after: naming(path, () => step(before)), mode: file?.mode };
}

/**
 * Makes a planned change. A backup is put right before hooks come in and thrown away after they are
 * out, so that a run that is killed never leaves hooks with the wrong one. Throws a `HooksError`.
 */
export function applyChange({ path, before, after, mode }: SettingsChange): void {
  const putsIn = installedHooks(after.settings ?? "").length > 0;
  if (putsIn) replaceOrDelete(backupPath(path), before.backup, after.backup, mode);
  if (after.settings !== before.settings && readTextFile(path)?.text !== before.settings) {
    throw new HooksError(
      `Cannot change "${path}": something else changed it meanwhile; run the command again`,
      "inputOutput",
    );
  }
  replaceOrDelete(path, before.settings, after.settings, mode);
  if (!putsIn) replaceOrDelete(backupPath(path), before.backup, after.backup, mode);
}

/** The hooks of ours in a settings file; none where there is no file. Throws a `HooksError` that names the file. */
export function hooksAt(path: string): Registration[] {
  const text = readTextFile(path)?.text ?? "";
  return naming(path, () => installedHooks(text));
}

/** Where a settings file is kept as it was before the first install. */
export function backupPath(path: string): string {
  return `${path}.before-perfmon`;
}

function replaceOrDelete(
  path: string,
  before: string | undefined,
  after: string | undefined,
  mode: number | undefined,
): void {
  if (after === before) deleteLeftover(path);
  else if (after === undefined) deleteFile(path);
  else replaceFile(path, after, mode);
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
