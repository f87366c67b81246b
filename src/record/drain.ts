import { clientVersion, knowsAsync } from "../agents/claude/client_version.ts";
import { type Describers, type ParsedEvent, parseWholeEvent } from "../agents/claude/event.ts";
import { withEnvironment } from "../agents/claude/session.ts";
import { OWN_CLIENT } from "../row/client.ts";
import type { HookEvent } from "../row/hook_event.ts";
import { isCallEvent, type Sample } from "../row/sample.ts";
import { splitRecord, type SpoolRecord } from "../row/spool_record.ts";
import { appendLocked } from "../log/write/append.ts";
import type { LogLocation } from "../log/location.ts";
import { LogLock } from "../log/log_lock.ts";
import { listRecords, markBad, readRecord, removeRecord, type SpoolFile } from "../log/spool.ts";
import { noteError } from "../log/write/errors.ts";
import { dropTornRow } from "../log/write/torn_row.ts";
import { ensureLogFolder } from "../log/resolve.ts";
import { messageOf } from "../text/message.ts";
import { type Machine, readUsage, thisMachine, withHookCpu } from "../sampler/spooled.ts";
import { REC_DEFAULTS, type RecOptions } from "../agents/rec_flags.ts";
import { describers } from "./describers.ts";
import { parseRecOptions } from "./rec_options.ts";
import { toSample } from "./to_sample.ts";

/** The most records that are taken in under one lock, for which `rec` waits a second at most. */
const BATCH = 1000;
/** The time, seconds, after which a record that nobody writes to any more is bad unless it is whole. */
const BAD_AFTER = 60;
/** The time after which a bad record goes. */
const GONE_AFTER = 86_400;
/** The largest record that is read, bytes; the largest payload seen had 10 MB. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** What a drain came to. */
export interface Drained {
  /** The number of records whose rows are in the log now. */
  readonly taken: number;
  /** The number of those for which there was no time, or no lock. */
  readonly left: number;
  /** Sentences about what was not as it should be; they stand in the error log by now. */
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
 * its hook may still be writing. One of which nothing can be made is named, once, and holds up no other; it is
 * tried again and goes after a day. Begins nothing more after `deadline` (as `performance.now()` counts).
 * Throws where the log can't be written.
 */
export async function drain(location: LogLocation, deadline = Infinity): Promise<Drained> {
  const problems = new Problems(location.folder);
  let taken = 0;
  let left = 0;
  // Listed once: what comes meanwhile waits for the next drain.
  let files: readonly SpoolFile[] | undefined;
  ensureLogFolder(location.folder); // a spool beside a link may be there without
  for (let from = 0; from === 0 || left > 0 && performance.now() < deadline; from += BATCH) {
    using lock = await LogLock.acquire(location.folder);
    files ??= listRecords(location);
    left = files.length - from;
    if (left === 0) break;
    if (lock.outcome === "busy") {
      problems.add("the lock was held by another process for a second: the records wait");
      break;
    }
    const batch = files.slice(from, from + BATCH);
    const rows = await readRows(batch, problems);
    if (rows.length > 0) {
      const problem = await append(location, lock, rows);
      if (problem !== undefined) problems.add(problem);
    }
    for (const { file } of rows) removeRecord(file);
    taken += rows.length;
    left -= batch.length;
  }
  return { taken, left, problems: problems.close() };
}

/** What is not as it should be in a drain; all of it is noted in the error log of a folder. */
class Problems {
  private readonly counts = new Map<string, number>();
  private readonly noted: string[] = [];

  constructor(private readonly folder: string) {}

  /** Adds a sentence that may come again, and is noted with its number at the end. */
  add(sentence: string): void {
    this.counts.set(sentence, (this.counts.get(sentence) ?? 0) + 1);
  }

  /** Notes a sentence at once: whoever acts on it can be killed. */
  note(sentence: string): void {
    noteError(this.folder, "drain", sentence);
    this.noted.push(sentence);
  }

  /** Notes what is left, and returns all sentences. */
  close(): readonly string[] {
    for (const [sentence, count] of this.counts) {
      this.note(count === 1 ? sentence : `${count} times: ${sentence}`);
    }
    return this.noted;
  }
}

/** Reads the records that are whole, as rows; others are marked, and removed when they are old. */
async function readRows(
  files: readonly SpoolFile[],
  problems: Problems,
): Promise<Row[]> {
  const machine = thisMachine();
  const rows: Row[] = [];
  for (const file of files) {
    let fault: string | undefined;
    try {
      const row = await readRow(file, machine, problems);
      if (row !== undefined) {
        rows.push(row);
        continue;
      }
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue; // another drain has taken it in
      fault = messageOf(error);
    }
    putAside(file, fault, problems);
  }
  return rows.sort((a, b) => a.sample.timestamp - b.sample.timestamp);
}

/** Marks or removes a record that gave no row, because of its fault, or because it is not whole. */
function putAside(
  file: SpoolFile,
  fault: string | undefined,
  problems: Problems,
): void {
  const age = Date.now() / 1000 - file.modified;
  if (age > GONE_AFTER) {
    try {
      removeRecord(file);
      problems.add("a record of the spool was not whole after a day, and is removed");
    } catch {
      // Its folder may not be written; that was said when it was marked.
    }
  } else if (!file.isBad && (fault !== undefined || age > BAD_AFTER)) {
    const what = fault === undefined ? "is not whole" : `can't be read: ${fault}`;
    problems.note(`the spool's "${file.name}" is passed over, and goes after a day: it ${what}`);
    try {
      markBad(file);
    } catch {
      // Then it is named each time.
    }
  }
}

/** Reads a record as a row; `undefined` where it is not whole. Throws where it can't be read. */
async function readRow(
  listed: SpoolFile,
  machine: Machine,
  problems: Problems,
): Promise<Row | undefined> {
  if (listed.bytes > SIZE_LIMIT) return undefined;
  const { text, file } = readRecord(listed);
  const record = splitRecord(text);
  if (record === undefined) return undefined;
  const options = optionsOf(record.options);
  const parsed = parseJson(record.json, await describers(options));
  if (parsed === undefined) return undefined;
  const hook = withEnvironment(parsed.event, (name) => storedVariable(name, file, record));
  const sample = sampleOf({ file, record, hook, options }, machine);
  if (parsed.problem !== undefined) problems.add(parsed.problem);
  return { file, sample, options };
}

/** A variable of the hook's environment, as far as its record tells. */
function storedVariable(
  name: string,
  file: SpoolFile,
  { project, isCopilot }: SpoolRecord,
): string | undefined {
  if (name === "CLAUDE_PROJECT_DIR") return project;
  if (name === "COPILOT_CLI") return isCopilot ? "1" : undefined;
  return name === "CLAUDE_CODE_SESSION_ID" ? file.session : undefined;
}

/**
 * Reads a record's JSON: the client writes one line; over several lines, as a person may, it is
 * read to its end.
 */
function parseJson(json: string, describers: Describers): ParsedEvent | undefined {
  return parseWholeEvent(json, describers) ??
    parseWholeEvent(json.slice(0, json.indexOf("\n") + 1), describers);
}

/** A record taken apart, with the file it stood in. */
interface Stored {
  readonly file: SpoolFile;
  readonly record: SpoolRecord;
  readonly hook: HookEvent;
  readonly options: RecOptions;
}

function sampleOf({ file, record, hook, options }: Stored, machine: Machine): Sample {
  const { began, event } = file;
  const version = versionOf(record.agent);
  // A start that the client did not wait for is as early as its end is, as with `rec`.
  const timestamp = options.async && knowsAsync(version) ? began : file.timestamp;
  const occasion = {
    timestamp,
    event: isCallEvent(hook.event) ? event : hook.event ?? event,
    toolName: hook.toolName,
    clientVersion: hook.client === OWN_CLIENT ? version : undefined,
  };
  const usage = readUsage(record, timestamp, machine);
  return toSample(occasion, event === "start" ? withHookCpu(usage, record) : usage, hook);
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
