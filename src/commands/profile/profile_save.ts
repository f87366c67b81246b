import { plural } from "../../text/units.ts";
import { MOST_DURATIONS } from "../../profiles/profile.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { tell, warn } from "../../cli/output.ts";
import { profilePath, saveProfile } from "../../profiles/profile_files.ts";
import { locate } from "../../query/asked_log.ts";
import { select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { presentProfile } from "../../profiles/comparison.ts";

export const save: Command = {
  name: "profile save",
  readsLog: true,
  summary: "Save the figures by tool under a name",
  operands: "NAME",
  completes: "profile",
  maxOperands: 1,
  flags: [
    { name: "replace", help: "Replace a profile of that name" },
    { name: "no-command", help: "Hold nothing on commands, which is so without --command, too" },
    ...SELECTION_FLAGS,
  ],
  notes: [
    `A profile holds calls, failures, quantiles, CPU and memory by tool, and of up to ` +
    `${MOST_DURATIONS} calls of a tool each duration; of more, as many quantiles (type 7) at even ` +
    "steps. Imported calls are left out: their times hold the gate.",
  ],
  examples: [
    ["profile save may --since 30d", "the last 30 days as may"],
    ["profile save api --project api", "one project"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [name] = args.operands;
  if (name === undefined) {
    throw new CommandError('Missing NAME: give one, e.g. "perfmon profile save may"', EXIT.usage);
  }
  if (args.has("no-command") && args.text("command") !== undefined) {
    throw new CommandError(
      "Cannot save a profile of commands (--command) that holds nothing on them (--no-command): " +
        "give one of the two",
      EXIT.usage,
    );
  }
  const path = profilePath(locate(args), name);
  const selection = await select(args, { reach: "window" });
  const profile = presentProfile(selection);
  if (profile.calls === 0) {
    throw new CommandError(
      `Cannot save "${name}": ${reasonAgainst(selection)}`,
      EXIT.no,
    );
  }
  saveProfile(path, profile, args.has("replace"));
  if (selection.badRows !== undefined) warn(selection.badRows);
  const tools = plural(profile.tools.length, "tool");
  tell(`Saved "${path}": ${plural(profile.calls, "call")} of ${tools}`);
  return EXIT.ok;
}

/** Why there is nothing to save. */
function reasonAgainst({ emptiness }: Selection): string {
  return emptiness === ""
    ? "no call in it was recorded and has ended"
    : emptiness.charAt(0).toLowerCase() + emptiness.slice(1);
}
