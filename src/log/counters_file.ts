import { ensureLogFolder } from "./resolve.ts";
import { CommandCounters } from "../calls/counters/command_counters.ts";
import { Counters, keepNewest } from "../calls/counters/counters.ts";
import {
  countersFromJson,
  countersToJson,
  figure,
  list,
  object,
  text,
} from "../calls/counters/counters_json.ts";
import { messageOf } from "../text/message.ts";
import { OWN_CLIENT } from "../row/client.ts";
import { parseRow, splitRow } from "../row/parse_row.ts";
import { fingerprint } from "./read/recent_lines.ts";
import type { Sample } from "../row/sample.ts";
import { errorLines, errorsPath, oldErrorsPath } from "./error_log.ts";
import { removeIfThere, statIfThere } from "../files/if_there.ts";
import { io } from "../files/io.ts";
import { type LogLocation, statePath } from "./location.ts";
import { type Position, readNewRows, type RowMark } from "./read/new_rows.ts";
import { reasonOf } from "../files/file_error.ts";
import { waitForLock } from "../files/locks.ts";
import { openOwn } from "../files/own_file.ts";
import { replaceFile } from "../files/replace.ts";
import { readTextFile } from "../files/text_file.ts";

/** What a log has come to so far, whether its rows are still there or not. */
export interface CountedLog {
  readonly counters: Counters;
  /** Up to where it counts; `undefined` where nothing was counted yet. */
  readonly position: Position | undefined;
  /** Rows that could not be read. */
  readonly badRows: number;
  readonly errors: CountedErrors;
  /** The newest rows that nothing but their text tells from others: some are written twice. */
  readonly lines: readonly string[];
}

/** How far the lines of the error log are counted. */
export interface CountedErrors {
  /** Lines of `errors.log` so far. */
  readonly count: number;
  /** The last of them. */
  readonly last: string;
}

const VERSION = 2;
/** Rows that are counted at once. */
const BATCH = 20_000;
/** So many of the newest rows without an id are known again; a rotation or a spool leaves fewer twice. */
const MAX_LINES = 1000;
/** How long to wait for another perfmon to have counted, milliseconds. */
const PATIENCE_MS = 30_000;

/** The counters can't be read, or not be kept. */
export class CountersError extends Error {
  override name = "CountersError";
}

/** True where a log's counters are kept: once an export has begun them. */
export function hasCounters(location: LogLocation): boolean {
  return statIfThere(statePath(location)) !== undefined;
}

/** How the counters are brought up to date. */
export interface UpdateOptions {
  /** Seconds since the epoch. */
  readonly now: number;
  /** Milliseconds to wait for another perfmon that counts; 30 s if absent. */
  readonly patienceMs?: number;
  /** Whether calls are counted by command, too, from now on. */
  readonly withCommands?: boolean;
  /** Adds what rows don't tell, before the counters are kept. */
  readonly complete?: (counters: Counters) => void | Promise<void>;
  /** Told what was not as it should be, in sentences. */
  readonly warn?: (sentence: string) => void;
}

/**
 * Counts what was recorded since the last time and keeps the result in `state.json`, replaced in one
 * step: the counters and the position up to which they count stand in one file, so that a crash
 * neither loses a row nor counts one twice. Then it hands them to `use`. Two at once wait for each
 * other until that is done, so that older figures never take the place of newer ones. A damaged file
 * is set aside and counting begins anew with all rows there are; throws a `CountersError` where a newer
 * perfmon wrote the file, where another perfmon is busy with it, or where it can't be written.
 */
export async function updateCounters<Result>(
  location: LogLocation,
  options: UpdateOptions,
  use: (counted: CountedLog) => Result | Promise<Result>,
): Promise<Result> {
  using _lock = await acquire(location, options.patienceMs ?? PATIENCE_MS);
  const before = load(location, options);
  const { counters } = before;
  if (options.withCommands === true) counters.commands ??= new CommandCounters();
  const lines = new Set(before.lines);
  let batch: Sample[] = [];
  let badRows = before.badRows;
  const count = (): void => {
    counters.add(batch);
    batch = [];
    keepNewest(lines, MAX_LINES);
  };
  const { position, skippedFiles } = await readNewRows(location, before.position, (rows) => {
    for (const { line, columns } of rows) {
      const sample = parseRow(splitRow(line), columns);
      if (sample?.toolUseId === undefined) {
        const known = lines.size;
        if (lines.add(fingerprint(line)).size === known) continue;
      }
      if (sample === undefined) badRows++;
      else if ((sample.client ?? OWN_CLIENT) === OWN_CLIENT) batch.push(sample);
    }
    if (batch.length >= BATCH) count();
  });
  count();
  if (options.warn !== undefined) skippedFiles.forEach(options.warn);
  await options.complete?.(counters);
  const errors = countErrors(location, before.errors);
  const after = { counters, position, badRows, errors, lines: [...lines] };
  save(location, after);
  return await use(after);
}

/**
 * Makes kept counters count the history up to a sequence, and returns up to where they do; 0 where
 * they can't be read or kept, or another perfmon is busy with them.
 */
export async function countUpTo(location: LogLocation, sequence: number): Promise<number> {
  const sequenceOf = (counted: CountedLog | undefined): number => counted?.position?.sequence ?? 0;
  try {
    const known = sequenceOf(parseState(location));
    if (known >= sequence) return known;
    return await updateCounters(
      location,
      { now: Date.now() / 1000, patienceMs: 0 },
      sequenceOf,
    );
  } catch (error) {
    if (error instanceof CountersError) return 0;
    throw error;
  }
}

/**
 * Keeps others from counting until it is disposed of, for those who remove rows and counters together.
 * Throws a `CountersError` where another perfmon is busy with the counters for a second.
 */
export async function lockCounters(location: LogLocation): Promise<Disposable> {
  return await acquire(location, 1000);
}

/** Forgets the counters: they begin at 0 again. The caller has locked them. */
export function removeCounters(location: LogLocation): void {
  removeIfThere(statePath(location));
  removeIfThere(damagedPath(location));
}

async function acquire(location: LogLocation, patienceMs: number): Promise<Disposable> {
  let file: Deno.FsFile;
  try {
    ensureLogFolder(location.folder);
    file = openOwn(`${location.folder}/state.lock`);
  } catch (error) {
    throw new CountersError(`Cannot keep counters in "${location.folder}": ${messageOf(error)}`);
  }
  // Where the file system has no locks it goes on without.
  if (await waitForLock(file, patienceMs) !== "busy") return file;
  file.close();
  throw new CountersError(
    `Cannot count "${location.path}": another perfmon is busy with it; try again`,
  );
}

function load(location: LogLocation, { now, warn }: UpdateOptions): CountedLog {
  const begin = (): CountedLog => ({
    counters: new Counters(now),
    position: undefined,
    badRows: 0,
    errors: { count: 0, last: "" },
    lines: [],
  });
  try {
    return parseState(location) ?? begin();
  } catch (error) {
    if (!(error instanceof DamagedState)) throw error;
    io.rename(statePath(location), damagedPath(location));
    warn?.(`${error.message}; it is now "${damagedPath(location)}", and counters begin anew`);
    return begin();
  }
}

function damagedPath(location: LogLocation): string {
  return `${statePath(location)}.damaged`;
}

class DamagedState extends CountersError {}

/** The text of the state file; `undefined` where it is not there. */
function readState(location: LogLocation): string | undefined {
  try {
    return readTextFile(statePath(location), { isOwn: true, isLenient: true })?.text;
  } catch (error) {
    throw new CountersError(`Cannot read "${statePath(location)}": ${reasonOf(error)}`);
  }
}

function parseState(location: LogLocation): CountedLog | undefined {
  const written = readState(location);
  if (written === undefined) return undefined;
  const path = statePath(location);
  try {
    const json = object(JSON.parse(written));
    if (figure(json["version"]) > VERSION) {
      throw new CountersError(
        `Cannot read "${path}": a newer perfmon wrote it; use that one, or remove the file, ` +
          `which sets the counters back`,
      );
    }
    const { count, last } = object(json["errors"]);
    return {
      counters: countersFromJson(json["counters"]),
      position: positionFrom(json["position"]),
      badRows: figure(json["badRows"]),
      errors: { count: figure(count), last: text(last) },
      lines: list(json["lines"]).map(text),
    };
  } catch (error) {
    if (error instanceof CountersError) throw error;
    throw new DamagedState(`Cannot read "${path}": it is damaged (${reason(error)})`);
  }
}

/** V8's own words about JSON quote it. */
function reason(error: unknown): string {
  return error instanceof SyntaxError ? "no JSON" : messageOf(error);
}

function positionFrom(value: unknown): Position | undefined {
  if (value === undefined) return undefined;
  const { sequence, row } = object(value);
  return { sequence: figure(sequence), row: row === undefined ? undefined : markFrom(object(row)) };
}

function markFrom({ timestamp, fingerprint }: Record<string, unknown>): RowMark {
  return { timestamp: figure(timestamp), fingerprint: text(fingerprint) };
}

function save(location: LogLocation, { counters, ...rest }: CountedLog): void {
  try {
    const state = { version: VERSION, counters: countersToJson(counters), ...rest };
    replaceFile(statePath(location), JSON.stringify(state), { of: "perfmon" });
  } catch (error) {
    throw new CountersError(`Cannot write "${statePath(location)}": ${reasonOf(error)}`);
  }
}

/** The lines that `errors.log` got since; of more than two files of it the oldest are gone. */
function countErrors({ folder }: LogLocation, { count, last }: CountedErrors): CountedErrors {
  const lines = [oldErrorsPath(folder), errorsPath(folder)].flatMap(errorLines);
  const fresh = lines.slice(last === "" ? 0 : lines.lastIndexOf(last) + 1);
  return { count: count + fresh.length, last: fresh.at(-1) ?? last };
}
