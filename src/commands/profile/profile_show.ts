import { explain } from "../../cli/words.ts";
import { recordsCsv } from "../../summary/csv.ts";
import { PROFILE_COLUMNS, profileJson, toolRecord } from "../../profiles/profile_json.ts";
import { describeProfile, profileText } from "../../profiles/profile_text.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  LINES_FLAG,
  linesOf,
  OUTPUT_FLAGS,
  outputFormat,
  screen,
  UTC_FLAG,
  write,
  writeText,
} from "../../cli/output.ts";
import { profileNames, readProfile } from "../../profiles/profile_files.ts";
import { locate } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";

export const show: Command = {
  name: "profile show",
  summary: "Show a saved profile; without a name, list them",
  operands: "[NAME|FILE]",
  completes: "profile",
  maxOperands: 1,
  flags: [LINES_FLAG, FILE_FLAG, UTC_FLAG, ...OUTPUT_FLAGS],
  notes: [
    "CPU A CALL is that of the tool's processes, over the calls it is known of. TOTAL is the sum of durations, RSS " +
    "MEAN the client's resident set at the ends of calls. " + explain("calls", "fail", "quantiles"),
  ],
  examples: [
    ["profile show", "which ones there are"],
    ["profile show may --json", "one with all its durations"],
  ],
  run,
};

function run(args: Arguments): number {
  const [name] = args.operands;
  if (name === undefined) printList(args);
  else printProfile(args, name);
  return EXIT.ok;
}

const LIST_COLUMNS = ["name", "created_timestamp", "calls", "covers"];

function printList(args: Arguments): void {
  const format = outputFormat(args);
  const location = locate(args);
  const profiles = profileNames(location).map((name) => readProfile(location, name));
  const records = profiles.map(({ name, profile: { created, calls, covers } }) => (
    { name, created_timestamp: created, calls, covers }
  ));
  if (format === "json") write(JSON.stringify({ version: 1, profiles: records }, null, 2) + "\n");
  else if (format === "csv") write(recordsCsv(records, LIST_COLUMNS));
  else if (profiles.length === 0) write('No profile is saved; see "perfmon profile save --help"\n');
  else {
    const utc = args.has("utc");
    const lines = profiles.map(({ name, profile }) =>
      `${name}: ${describeProfile(profile, utc)}\n`
    );
    write(lines.join(""));
  }
}

function printProfile(args: Arguments, given: string): void {
  const format = outputFormat(args);
  const { name, profile } = readProfile(locate(args), given);
  if (format === "json") write(profileJson(profile));
  else if (format === "csv") write(recordsCsv(profile.tools.map(toolRecord), PROFILE_COLUMNS));
  else {
    const target = screen(args);
    const utc = args.has("utc");
    const head = `${name}: ${describeProfile(profile, utc)}`;
    const shown = { ...profile, tools: profile.tools.slice(0, linesOf(args)) };
    writeText(`${head}\n\n${profileText(shown, { ...target, utc })}`, target);
  }
}
