import { pathVariable } from "../../files/environment.ts";
import { reasonOf } from "../../files/file_error.ts";
import { commandName } from "../../agents/claude/command/command_name.ts";
import { plural } from "../../text/units.ts";
import { addImported, KnownCalls, readImported, removeImported } from "../../log/imported.ts";
import type { LogLocation } from "../../log/location.ts";
import { importedPath } from "../../log/read/read.ts";
import { listTranscripts, type Transcript, transcriptsFolder } from "../../log/transcripts.ts";
import { recordJson } from "../../summary/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { tell, write } from "../../cli/output.ts";
import { locate, readIfThere } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { type Found, readTranscripts, rowsOf } from "../../query/transcripts.ts";

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
    "Of turns they tell where each began and ended: the model's time, and tools, prompts and gates together. " +
    "That is never split further: perfmon report --by turn marks these turns, too.",
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
    tell(isRemoved ? `Removed "${path}"` : `There are no imported calls in "${path}"`);
    return isRemoved ? EXIT.ok : EXIT.no;
  }
  const transcripts = findTranscripts(args.text("from"));
  const found = readTranscripts(
    transcripts,
    await knownCalls(location),
    args.has("no-command") ? undefined : commandName,
  );
  const isNew = found.calls.length + found.events.length > 0;
  if (isNew) save(location, found);
  const sessions = new Set(found.calls.map(({ start }) => start.sessionId)).size;
  const turns = found.events.filter(({ event }) => event === "prompt").length;
  if (args.has("json")) {
    write(recordJson({
      log: importedPath(location),
      transcripts: transcripts.length,
      new_calls: found.calls.length,
      new_sessions: sessions,
      new_turns: turns,
      known_calls: found.known,
      malformed_lines: found.malformed,
    }));
    return EXIT.ok;
  }
  const malformed = found.malformed === 0
    ? ""
    : `; ${plural(found.malformed, "malformed line")} passed over`;
  const from = `from ${plural(transcripts.length, "transcript")}`;
  tell(
    `Imported ${plural(found.calls.length, "new call")} of ${plural(sessions, "session")}, ${
      plural(turns, "prompt")
    }, ${from}, ` +
      `${plural(found.known, "call")} known before${malformed}` +
      (isNew ? '\nSee "perfmon report --all"; imported calls are marked there' : ""),
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

function save(location: LogLocation, found: Found): void {
  try {
    addImported(location, rowsOf(found));
  } catch (error) {
    throw new CommandError(
      `Cannot write "${importedPath(location)}": ${reasonOf(error)}`,
      EXIT.inputOutput,
    );
  }
}
