import { pathVariable } from "../../files/environment.ts";
import { reasonOf } from "../../files/file_error.ts";
import { messageOf } from "../../text/message.ts";
import { commandName } from "../../agents/claude/command/command_name.ts";
import type { DescribeInput } from "../../agents/claude/event.ts";
import { type TranscriptCall, TranscriptReader } from "../../agents/claude/transcript.ts";
import { formatBytes, plural } from "../../text/units.ts";
import { addImported, KnownCalls, readImported, removeImported } from "../../log/imported.ts";
import type { LogLocation } from "../../log/location.ts";
import { importedPath } from "../../log/read/read.ts";
import {
  listTranscripts,
  readAgentType,
  readLines,
  type Transcript,
  transcriptsFolder,
} from "../../log/transcripts.ts";
import { recordJson } from "../../summary/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { warn, write } from "../../cli/output.ts";
import { FILE_FLAG, locate, readIfThere } from "../../query/selection.ts";

export const command: Command = {
  name: "import",
  summary: "See calls of before perfmon: read Claude Code's own transcripts",
  flags: [
    {
      name: "from",
      value: "FOLDER",
      help: "The transcripts; default projects in $CLAUDE_CONFIG_DIR or ~/.claude",
    },
    { name: "no-command", help: "Leave out which command a call was (npm test)" },
    { name: "remove", help: "Remove the imported calls again" },
    { name: "json", help: "Print one JSON object: how much was found" },
    FILE_FLAG,
  ],
  notes: [
    "Transcripts of sessions and of their subagents tell when a call was asked for and when its result came: wall time, with the " +
    "gate in it (checks, hooks) and prompts; no CPU, no memory. Every table marks these calls with °; " +
    "--no-history leaves them out, and profiles never have them. A call that was recorded as well " +
    "counts as recorded.",
    "They are kept in performance.d/imported.csv beside the log, also when Claude Code deletes its " +
    "transcripts. Importing again adds what is new. Nothing but names, times and outcomes is read " +
    "into it, and of a command what rec --command records.",
  ],
  examples: [
    ["import", "all sessions that Claude Code still has"],
    ["import --remove", "take the imported calls out again"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const location = locate(args);
  if (args.has("remove")) {
    const isRemoved = removeImported(location);
    const path = importedPath(location);
    write(isRemoved ? `Removed "${path}"\n` : `There are no imported calls in "${path}"\n`);
    return isRemoved ? EXIT.ok : EXIT.no;
  }
  const transcripts = findTranscripts(args.text("from"));
  const found = readAll(
    transcripts,
    await knownCalls(location),
    args.has("no-command") ? undefined : commandName,
  );
  if (found.calls.length > 0) save(location, found.calls);
  const sessions = new Set(found.calls.map(({ start }) => start.sessionId)).size;
  if (args.has("json")) {
    write(recordJson({
      log: importedPath(location),
      transcripts: transcripts.length,
      new_calls: found.calls.length,
      new_sessions: sessions,
      known_calls: found.known,
      malformed_lines: found.malformed,
    }));
    return EXIT.ok;
  }
  const malformed = found.malformed === 0
    ? ""
    : `; ${plural(found.malformed, "malformed line")} passed over`;
  const from = `from ${plural(transcripts.length, "transcript")}`;
  write(
    `Imported ${plural(found.calls.length, "new call")} of ${
      plural(sessions, "session")
    } ${from}, ` +
      `${plural(found.known, "call")} known before${malformed}\n` +
      'See "perfmon report --all"; imported calls are marked there\n',
  );
  return EXIT.ok;
}

function findTranscripts(from: string | undefined): Transcript[] {
  const folder = from ?? transcriptsFolder(pathVariable);
  if (folder === undefined) {
    throw new CommandError(
      "Cannot find transcripts: HOME is not set; name their folder with --from",
      EXIT.noInput,
    );
  }
  const transcripts = listTranscripts(folder);
  if (transcripts.length === 0) {
    throw new CommandError(
      `Cannot find transcripts in "${folder}": it holds no PROJECT/SESSION.jsonl; name another folder with --from`,
      EXIT.noInput,
    );
  }
  return transcripts;
}

/** The calls that were recorded or imported before. */
async function knownCalls(location: LogLocation): Promise<KnownCalls> {
  const known = new KnownCalls();
  for (const row of (await readIfThere(location))?.rowList ?? []) known.addRecorded(row);
  for (const row of await readImported(location)) known.addImported(row);
  return known;
}

interface Found {
  /** Those that are not known yet. */
  readonly calls: TranscriptCall[];
  readonly known: number;
  readonly malformed: number;
}

function readAll(
  transcripts: readonly Transcript[],
  knownCalls: KnownCalls,
  command: DescribeInput | undefined,
): Found {
  const calls: TranscriptCall[] = [];
  let known = 0;
  let malformed = 0;
  const progress = new Progress(transcripts);
  for (const transcript of transcripts) {
    const { path } = transcript;
    const reader = new TranscriptReader(readAgentType(transcript), command);
    try {
      for (const lines of readLines(path)) {
        for (const call of lines.flatMap((line) => reader.add(line))) {
          if (knownCalls.has(call)) known++;
          else {
            knownCalls.addImported(call.start);
            calls.push(call);
          }
        }
      }
    } catch (error) {
      warn(`Cannot read "${path}" to its end: ${messageOf(error)}`);
    }
    malformed += reader.malformed;
    progress.next();
  }
  progress.end();
  return { calls, known, malformed };
}

function save(location: LogLocation, calls: readonly TranscriptCall[]): void {
  try {
    addImported(location, calls);
  } catch (error) {
    throw new CommandError(
      `Cannot write "${importedPath(location)}": ${reasonOf(error)}`,
      EXIT.inputOutput,
    );
  }
}

/** Tells on stderr how far it is, where that is a terminal and the work takes longer than a moment. */
class Progress {
  readonly #began = Date.now();
  readonly #bytes: number;
  #told = this.#began;
  #files = 0;
  #read = 0;

  constructor(private readonly transcripts: readonly Transcript[]) {
    this.#bytes = transcripts.reduce((sum, { size }) => sum + size, 0);
  }

  /** One more transcript is read. */
  next(): void {
    this.#read += this.transcripts[this.#files++]?.size ?? 0;
    if (Date.now() - this.#told < 100 || Date.now() - this.#began < 500) return;
    this.#told = Date.now();
    this.#show(
      `Transcript ${this.#files} of ${this.transcripts.length}, ` +
        `${formatBytes(this.#read)} of ${formatBytes(this.#bytes)}`,
    );
  }

  /** Takes the line away. */
  end(): void {
    if (this.#told > this.#began) this.#show("");
  }

  #show(text: string): void {
    if (!Deno.stderr.isTerminal()) return;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}
