import { clientVersion } from "../agents/claude/client_version.ts";
import { type DescribeInput, type ParsedEvent, parseWholeEvent } from "../agents/claude/event.ts";
import { OWN_CLIENT } from "../row/client.ts";
import type { HookEvent } from "../row/hook_event.ts";
import type { Sample } from "../row/sample.ts";
import { splitRecord, type SpoolRecord } from "../row/spool_record.ts";
import { appendLocked } from "../log/write/append.ts";
import type { LogLocation } from "../log/location.ts";
import { LogLock } from "../log/log_lock.ts";
import { listRecords, readRecord, removeRecord, type SpoolFile } from "../log/spool.ts";
import { dropTornRow } from "../log/write/torn_row.ts";
import { type Machine, readUsage, thisMachine } from "../sampler/spooled.ts";
import { REC_DEFAULTS, type RecOptions } from "../agents/rec_flags.ts";
import { parseRecOptions } from "./rec_options.ts";
import { toSample } from "./to_sample.ts";

/** The most records that are taken in under one lock, for which `rec` waits a second at most. */
const BATCH = 1000;
/** The age, seconds, after which a record that is not whole never will be. */
const BROKEN_AFTER = 86_400;
/** The largest record that is read, bytes; the largest payload seen had 10 MB. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** What a drain came to. */
export interface Drained {
  /** The number of records whose rows are in the log now. */
  readonly taken: number;
  /** Sentences about what was not as it should be. */
  readonly problems: readonly string[];
}

/** A record that is whole, and the options of the hook that left it. */
interface Row {
  readonly file: SpoolFile;
  readonly sample: Sample;
  readonly options: RecOptions;
}

/**
 * Takes the records of a log's spool into the log, in order of time. A record goes only when its row
 * is in the log for certain; a drain that is killed between the two leaves rows that the next one
 * writes again, byte for byte, and readers drop the doubles. A record that is not whole waits, because
 * its hook may still be writing; after a day it goes. Begins nothing more after `deadline` (as
 * `performance.now()` counts). Throws where the log can't be written.
 */
export async function drain(location: LogLocation, deadline = Infinity): Promise<Drained> {
  const problems = new Map<string, number>();
  const note = (problem: string): unknown =>
    problems.set(problem, (problems.get(problem) ?? 0) + 1);
  let taken = 0;
  const waiting = new Set<string>();
  do {
    using lock = await LogLock.acquire(location.folder);
    if (lock.outcome === "busy") {
      note("the lock was held by another process for a second: the records wait");
      break;
    }
    const files = listRecords(location).filter(({ name }) => !waiting.has(name));
    if (files.length === 0) break;
    const batch = files.slice(0, BATCH);
    const rows = await readRows(batch, note);
    if (rows.length > 0) {
      const problem = await append(location, lock, rows);
      if (problem !== undefined) note(problem);
    }
    for (const { name } of batch) waiting.add(name);
    for (const { file } of rows) removeRecord(file);
    taken += rows.length;
    if (files.length === batch.length) break;
  } while (performance.now() < deadline);
  return { taken, problems: [...problems].map(sentence) };
}

function sentence([problem, count]: [string, number]): string {
  return count === 1 ? problem : `${count} times: ${problem}`;
}

/** Reads the records that are whole, as rows; those that never will be are removed. */
async function readRows(
  files: readonly SpoolFile[],
  note: (problem: string) => void,
): Promise<Row[]> {
  const machine = thisMachine();
  const rows: Row[] = [];
  for (const listed of files) {
    const { text, file } = listed.bytes > SIZE_LIMIT
      ? { text: "", file: listed }
      : readRecord(listed);
    const record = splitRecord(text);
    const options = optionsOf(record?.options ?? "");
    // Parameters are recorded on request only, and what redacts them is loaded only then.
    const describe = options.params
      ? (await import("../agents/claude/redact.ts")).redactParameters
      : undefined;
    const parsed = record === undefined ? undefined : parseJson(record.json, describe);
    if (record !== undefined && parsed !== undefined) {
      rows.push({ file, sample: sampleOf(file, record, parsed.event, machine), options });
      if (parsed.problem !== undefined) note(parsed.problem);
    } else if (Date.now() / 1000 - file.modified > BROKEN_AFTER) {
      removeRecord(file);
      note("a record of the spool was not whole after a day, and is removed");
    }
  }
  return rows;
}

/**
 * Reads a record's JSON: the client writes one line; over several lines, as a person may, it is
 * read to its end.
 */
function parseJson(json: string, describe: DescribeInput | undefined): ParsedEvent | undefined {
  return parseWholeEvent(json, describe) ??
    parseWholeEvent(json.slice(0, json.indexOf("\n") + 1), describe);
}

function sampleOf(
  { timestamp, event }: SpoolFile,
  record: SpoolRecord,
  hook: HookEvent,
  machine: Machine,
): Sample {
  const occasion = {
    timestamp,
    event,
    toolName: hook.toolName,
    clientVersion: hook.client === OWN_CLIENT ? versionOf(record.agent) : undefined,
  };
  return toSample(occasion, readUsage(record, timestamp, machine), hook);
}

const versions = new Map<string, string | undefined>();

/** The client's version out of `$AI_AGENT`, remembered: the records of a spool name one or two. */
function versionOf(agent: string): string | undefined {
  if (!versions.has(agent)) versions.set(agent, clientVersion(agent));
  return versions.get(agent);
}

const known = new Map<string, RecOptions>([["", REC_DEFAULTS]]);

/** The options that a hook was installed with, remembered: most have none. */
function optionsOf(text: string): RecOptions {
  let options = known.get(text);
  if (options === undefined) known.set(text, options = parseRecOptions(text.split(" ")).options);
  return options;
}

/** Appends the rows in one write, by the options of the newest; as with `rec`, an end rotates the log. */
async function append(
  location: LogLocation,
  lock: LogLock,
  rows: readonly Row[],
): Promise<string | undefined> {
  const samples = rows.map(({ sample }) => sample);
  dropTornRow(location, samples);
  const ending = rows.findLast(({ file }) => file.event === "end")?.options;
  return await appendLocked(location, lock, () => samples, {
    layout: rows[0]?.options.layout ?? "full",
    history: rows.at(-1)?.options.history ?? REC_DEFAULTS.history,
    // Two drains at once must not rotate, and without locks nobody else would keep them from it.
    rotation: ending && lock.isHeld
      ? { maxLines: ending["max-lines"], keep: ending.keep }
      : undefined,
    durable: true,
  });
}
