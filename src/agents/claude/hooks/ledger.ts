import { lockFolder } from "../../../files/folder_lock.ts";
import { ensureFolder } from "../../../files/folders.ts";
import { removeIfThere } from "../../../files/if_there.ts";
import { parentOf } from "../../../files/paths.ts";
import { ensureLogFolder } from "../../../log/resolve.ts";
import { replaceFile } from "../../../files/replace.ts";
import { removeLeftovers } from "../../../files/temporary.ts";
import { readTextFile } from "../../../files/text_file.ts";
import { messageOf } from "../../../text/message.ts";
import { asHooksErrors, HooksError } from "./errors.ts";
import type { JsonObject, Registration } from "./events.ts";

/**
 * What perfmon remembers of the settings files it installed into, by their paths: `hooks.json` beside
 * the log. Hooks that are off wait here, because settings.json knows no `enabled`.
 */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

/** What perfmon remembers of one settings file. */
export interface LedgerEntry {
  /** The hooks that `disable` took out and `enable` puts back. */
  readonly waiting: readonly Registration[];
}

/**
 * Does something to hooks and their ledger while no other perfmon does, for which it waits up to five
 * seconds. The ledger's folder is made where `makesFolder` says so; where it is missing otherwise, there is
 * nothing that another could change. Throws a `HooksError`.
 */
export function whileLocked<Result>(
  ledger: string,
  makesFolder: boolean,
  act: () => Result,
): Result {
  const lock = lockFolderOf(ledger, makesFolder);
  try {
    return act();
  } finally {
    removeIfEmpty(parentOf(ledger));
    lock?.[Symbol.dispose]();
  }
}

function lockFolderOf(ledger: string, makesFolder: boolean): Disposable | undefined {
  const folder = parentOf(ledger);
  for (;;) {
    if (makesFolder) makePrivateFolder(folder);
    try {
      const lock = lockFolder(folder);
      if (lock !== undefined) return lock;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        const isOther = error instanceof Deno.errors.NotADirectory;
        const reason = isOther ? "it is no folder; move it away" : messageOf(error);
        throw new HooksError(`Cannot lock "${folder}": ${reason}`, "inputOutput");
      }
      if (makesFolder) continue; // another perfmon has removed it just now
      return undefined;
    }
    throw new HooksError(
      `Cannot change "${ledger}": another perfmon is changing it; run the command again`,
      "inputOutput",
    );
  }
}

/** Reads the ledger; empty where there is none. Throws a `HooksError` where it is damaged. */
export function readLedger(path: string): Ledger {
  const file = asHooksErrors(() => readTextFile(path, { isOwn: true }));
  if (file === undefined) return new Map();
  try {
    const { files }: { files: Readonly<Record<string, unknown>> } = JSON.parse(file.text);
    return new Map(Object.entries(files).map(([name, entry]) => [name, checkedEntry(entry)]));
  } catch {
    throw new HooksError(
      `Cannot use "${path}": it is damaged; delete it and run "perfmon hooks install" again`,
      "data",
    );
  }
}

/** Writes the ledger, for the person alone; an empty one is deleted. */
export function writeLedger(path: string, ledger: Ledger): void {
  if (ledger.size === 0) return deleteLedger(path);
  makePrivateFolder(parentOf(path));
  const content = { version: 1, files: Object.fromEntries(ledger) };
  const text = JSON.stringify(content, null, 2) + "\n";
  asHooksErrors(() => replaceFile(path, text, { mode: 0o600, of: "perfmon" }));
}

function deleteLedger(path: string): void {
  try {
    removeIfThere(path);
  } catch (error) {
    throw new HooksError(`Cannot delete "${path}": ${messageOf(error)}`, "inputOutput");
  }
  removeLeftovers(parentOf(path));
}

/** Removes a folder where nothing is in it any more. */
function removeIfEmpty(folder: string): void {
  try {
    Deno.removeSync(folder);
  } catch {
    // The log's lock and history are there, or the ledger is.
  }
}

function makePrivateFolder(folder: string): void {
  try {
    ensureFolder(parentOf(folder), 0o777);
    ensureLogFolder(folder);
  } catch (error) {
    const reason = messageOf(error);
    throw new HooksError(`Cannot make the folder "${folder}": ${reason}`, "inputOutput");
  }
}

function checkedEntry(entry: unknown): LedgerEntry {
  if (!isObject(entry) || !Array.isArray(entry["waiting"])) throw new TypeError("no list");
  return { waiting: entry["waiting"].map(checkedRegistration) };
}

function checkedRegistration(value: unknown): Registration {
  if (!isObject(value)) throw new TypeError("no object");
  const { event, matcher, hook } = value;
  if (typeof event !== "string" || !isObject(hook)) throw new TypeError("no hook");
  return { event, ...(typeof matcher === "string" ? { matcher } : {}), hook };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
