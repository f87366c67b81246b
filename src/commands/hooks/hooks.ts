import { type Command, CommandError, EXIT } from "../../cli/command.ts";
import { generate } from "./hooks_generate.ts";
import { install } from "./hooks_install.ts";
import { remove } from "./hooks_remove.ts";
import { disable, enable } from "./hooks_switch.ts";

const subcommands = [install, remove, enable, disable, generate];

export const command: Command = {
  name: "hooks",
  summary: "Install the recorder into Claude Code, switch it off and on, take it out",
  operands: "install|remove|enable|disable|generate",
  flags: [],
  notes: [
    "Claude Code reads settings.json; a hook there runs perfmon rec before and after every tool call.",
  ],
  examples: [
    ["hooks install", "record all sessions of this user"],
    ["hooks remove --everywhere", "before uninstalling"],
  ],
  subcommands,
  run(): number {
    const names = subcommands.map(({ name }) => name.slice("hooks ".length)).join(", ");
    throw new CommandError(
      `Missing subcommand for "perfmon hooks": give ${names}; see perfmon hooks --help`,
      EXIT.usage,
    );
  },
};
