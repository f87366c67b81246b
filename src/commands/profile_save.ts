import { plural } from "../core/units.ts";
import { recordsCsv } from "../report/csv.ts";
import { MOST_DURATIONS, type Profile, toProfile } from "../report/profile.ts";
import { PROFILE_COLUMNS, profileJson, toolRecord } from "../report/profile_json.ts";
import { describeProfile, profileText } from "../report/profile_text.ts";
import { type Arguments, type Command, CommandError, EXIT } from "./command.ts";
import { OUTPUT_FLAGS, outputFormat, screen, UTC_FLAG, warn, write, writeText } from "./output.ts";
import { profileNames, profilePath, readProfile, saveProfile } from "./profile_files.ts";
import { FILE_FLAG, locate, select, type Selection, SELECTION_FLAGS } from "./selection.ts";

export const save: Command = {
  name: "profile save",
  summary: "Save the figures by tool under a name",
  operands: "NAME",
  maxOperands: 1,
  flags: [
    { name: "replace", help: "Replace a profile of that name" },
    ...SELECTION_FLAGS,
  ],
  notes: [
    `A profile holds calls, failures, quantiles, CPU and memory by tool, and of up to ` +
    `${MOST_DURATIONS} calls of a tool each duration; of more, as many quantiles (type 7) at even ` +
    "steps. Imported calls are left out: their times hold the waits.",
  ],
  examples: [
    ["profile save may --since 30d", "the last 30 days as may"],
    ["profile save api --project api", "one project"],
  ],
  run: runSave,
};

async function runSave(args: Arguments): Promise<number> {
  const [name] = args.operands;
  if (name === undefined) {
    throw new CommandError('Missing NAME: give one, e.g. "perfmon profile save may"', EXIT.usage);
  }
  const path = profilePath(locate(args), name);
  const selection = await select(args);
  const profile = presentProfile(selection);
  if (profile.calls === 0) {
    throw new CommandError(
      `Cannot save "${name}": ${selection.emptiness || "no call in it was recorded and has ended"}`,
      EXIT.no,
    );
  }
  saveProfile(path, profile, args.has("replace"));
  if (selection.badRows !== undefined) warn(selection.badRows);
  const tools = plural(profile.tools.length, "tool");
  write(`Saved "${path}": ${plural(profile.calls, "call")} of ${tools}\n`);
  return EXIT.ok;
}

/** The profile of the recorded calls that were selected. */
export function presentProfile({ calls, covers, location, now }: Selection): Profile {
  return toProfile(calls.filter((call) => call.imported !== true), {
    created: now,
    log: location.path,
    covers,
  });
}

export const show: Command = {
  name: "profile show",
  summary: "Show a saved profile; without a name, list them",
  operands: "[NAME|FILE]",
  maxOperands: 1,
  flags: [FILE_FLAG, UTC_FLAG, ...OUTPUT_FLAGS],
  notes: ["CPU A CALL is that of the tool's processes, over the calls it is known of."],
  examples: [
    ["profile show", "which ones there are"],
    ["profile show may --json", "one with all its durations"],
  ],
  run: runShow,
};

function runShow(args: Arguments): number {
  const format = outputFormat(args);
  const location = locate(args);
  const [given] = args.operands;
  const target = screen(args);
  const utc = args.has("utc");
  if (given === undefined) {
    const profiles = profileNames(location).map((name) => readProfile(location, name));
    const records = profiles.map(({ name, profile: { created, calls, covers } }) => (
      { name, created_timestamp: created, calls, covers }
    ));
    if (format === "json") write(JSON.stringify({ version: 1, profiles: records }, null, 2) + "\n");
    else if (format === "csv") {
      write(recordsCsv(records, ["name", "created_timestamp", "calls", "covers"]));
    } else if (profiles.length === 0) {
      write('No profile is saved; see "perfmon profile save --help"\n');
    } else {
      const lines = profiles.map(({ name, profile }) =>
        `${name}: ${describeProfile(profile, utc)}`
      );
      write(lines.join("\n") + "\n");
    }
    return EXIT.ok;
  }
  const { name, profile } = readProfile(location, given);
  if (format === "json") write(profileJson(profile));
  else if (format === "csv") write(recordsCsv(profile.tools.map(toolRecord), PROFILE_COLUMNS));
  else {
    const table = profileText(profile, { ...target, utc });
    const head = `${name}: ${describeProfile(profile, utc)}`;
    writeText(`${head}\n\n${table}`, target);
  }
  return EXIT.ok;
}
