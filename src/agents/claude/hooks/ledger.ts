import { parentOf } from "../../../files/paths.ts";
import { messageOf } from "../../../text/message.ts";
import { HooksError } from "./errors.ts";
import type { JsonObject, Registration } from "./events.ts";
import { deleteFile, readTextFile, replaceFile } from "./files.ts";

/**
 * What perfmon remembers of the settings files it installed into, by their paths: `hooks.json` beside
 * the log. Hooks that are off wait here, because settings.json knows no `enabled`.
 */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

/** One settings file. */
export interface LedgerEntry {
  /** The hooks that `disable` took out and `enable` puts back. */
  readonly waiting: readonly Registration[];
}

/** Reads the ledger; empty where there is none. Throws a `HooksError` where it is damaged. */
export function readLedger(path: string): Ledger {
  const file = readTextFile(path);
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

/** Writes the ledger, for the person alone; an empty one is deleted, and its folder if nothing else is in it. */
export function writeLedger(path: string, ledger: Ledger): void {
  if (ledger.size === 0) return deleteLedger(path);
  makePrivateFolder(parentOf(path));
  const content = { version: 1, files: Object.fromEntries(ledger) };
  replaceFile(path, JSON.stringify(content, null, 2) + "\n", 0o600);
}

function deleteLedger(path: string): void {
  deleteFile(path);
  try {
    Deno.removeSync(parentOf(path));
  } catch {
    // The log's lock and history are there.
  }
}

function makePrivateFolder(folder: string): void {
  try {
    Deno.mkdirSync(parentOf(folder), { recursive: true });
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
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
