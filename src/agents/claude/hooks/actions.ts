import type { Registration } from "./events.ts";
import {
  applyChange,
  hooksAt,
  install,
  planChange,
  requireNoBackup,
  type SettingsChange,
  suspend,
  undoChange,
  uninstall,
  withoutRecipes,
} from "./installation.ts";
import { programLink, removeLink } from "./package_program.ts";
import { type LedgerEntry, readLedger, whileLocked, writeLedger } from "./ledger.ts";

/** What an action came to: done, found so already, or nothing there to act on. */
export type Outcome = "changed" | "already" | "absent";

/** What else an install does. */
export interface InstallSteps {
  /** Whether the shell hooks that perfmon replaces go. */
  readonly replacesRecipes?: boolean;
  /** Makes what the hooks need. */
  readonly prepare?: () => void;
}

/**
 * Works out what installing would change, and changes nothing. Throws a `HooksError` where the file
 * can't be read or edited, or somebody else's has the backup's name.
 */
export function planInstall(
  path: string,
  ledger: string,
  wanted: readonly Registration[],
  { replacesRecipes = false }: InstallSteps = {},
): SettingsChange {
  if (!hasInstalled(path, ledger)) requireNoBackup(path);
  const putIn = install(wanted);
  return planChange(path, replacesRecipes ? (state) => putIn(withoutRecipes(state)) : putIn);
}

/**
 * Installs the hooks; ones that wait for `enable` are forgotten. Throws a `HooksError`, also for a damaged
 * ledger, and what `prepare` throws; the settings are then as they were.
 */
export function installHooks(
  path: string,
  ledger: string,
  wanted: readonly Registration[],
  steps: InstallSteps = {},
): Outcome {
  return whileLocked(ledger, true, () => {
    const change = planInstall(path, ledger, wanted, steps);
    const known = readLedger(ledger).get(path);
    // First, so that the backup that a killed run leaves is known to be perfmon's.
    remember(ledger, path, known ?? { waiting: [] });
    try {
      applyChange(change);
    } catch (error) {
      remember(ledger, path, known);
      throw error;
    }
    try {
      remember(ledger, path, { waiting: [] });
      steps.prepare?.();
    } catch (error) {
      undoChange(change);
      remember(ledger, path, known);
      throw error;
    }
    return isSame(change) ? "already" : "changed";
  });
}

/** Takes the hooks out, waiting ones and the backup too. Throws a `HooksError`. */
export function removeHooks(path: string, ledger: string): Outcome {
  return whileLocked(ledger, false, () => {
    const known = readLedger(ledger).get(path);
    const change = planChange(path, hasInstalled(path, ledger) ? uninstall : (state) => state);
    applyChange(change);
    remember(ledger, path, undefined);
    if (readLedger(ledger).size === 0) removeLink(programLink(ledger));
    return isSame(change) && known === undefined ? "absent" : "changed";
  });
}

/** Takes the hooks out, to wait in the ledger for `enableHooks`. Throws a `HooksError`. */
export function disableHooks(path: string, ledger: string): Outcome {
  return whileLocked(ledger, false, () => {
    const present = hooksAt(path);
    if (present.length === 0) return isWaiting(path, ledger) ? "already" : "absent";
    const change = planChange(path, suspend);
    remember(ledger, path, { waiting: present });
    applyChange(change);
    return "changed";
  });
}

/** Puts the hooks back that `disableHooks` took out, with their options. Throws a `HooksError`. */
export function enableHooks(path: string, ledger: string): Outcome {
  return whileLocked(ledger, false, () => {
    if (hooksAt(path).length > 0) return "already";
    const waiting = readLedger(ledger).get(path)?.waiting ?? [];
    if (waiting.length === 0) return "absent";
    applyChange(planChange(path, install(waiting)));
    remember(ledger, path, { waiting: [] });
    return "changed";
  });
}

/** Whether perfmon installed into a settings file and was not removed since: the backup is its own then. */
function hasInstalled(path: string, ledger: string): boolean {
  return readLedger(ledger).has(path) || hooksAt(path).length > 0;
}

/** Whether hooks of a settings file wait for `enableHooks`. Throws a `HooksError`. */
export function isWaiting(path: string, ledger: string): boolean {
  return (readLedger(ledger).get(path)?.waiting ?? []).length > 0;
}

function remember(ledger: string, path: string, entry: LedgerEntry | undefined): void {
  const known = readLedger(ledger);
  const files = new Map(known);
  if (entry === undefined) files.delete(path);
  else files.set(path, entry);
  const isSame = JSON.stringify([...files]) === JSON.stringify([...known]);
  // An empty ledger is written again: that clears away what a killed run left.
  if (!isSame || files.size === 0) writeLedger(ledger, files);
}

function isSame({ before, after }: SettingsChange): boolean {
  return before.settings === after.settings;
}
