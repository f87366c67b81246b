import { type Command, CommandError, EXIT } from "../../cli/command.ts";
import { compare } from "./profile_compare.ts";
import { save } from "./profile_save.ts";
import { show } from "./profile_show.ts";

const subcommands = [save, show, compare];

export const command: Command = {
  name: "profile",
  summary: "Keep the figures by tool under a name, and compare: what became slower",
  operands: "save|show|compare",
  flags: [],
  notes: ["A profile is one JSON file beside the log, in performance.d/profiles."],
  examples: [
    ["profile save before-update", "the last 7 days as a baseline"],
    ["profile compare before-update", "what has changed since"],
  ],
  subcommands,
  run(): number {
    const names = subcommands.map(({ name }) => name.slice("profile ".length)).join(", ");
    throw new CommandError(
      `Missing subcommand for "perfmon profile": give ${names}; see perfmon profile --help`,
      EXIT.usage,
    );
  },
};
