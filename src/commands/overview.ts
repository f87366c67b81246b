import { columns, type Command, EXIT, type Flag } from "../cli/command.ts";
import { wrap } from "../text/table.ts";

/** What perfmon does, in one line without a full stop. */
export const SUMMARY = "Tells what every Claude Code tool call costs: time, CPU, memory";

/** What a bare `perfmon` does. */
export const WITHOUT_COMMAND = "Without a command it reports on the last 7 days.";

/** The flags that stand for a command. */
export const OVERVIEW_FLAGS: readonly Flag[] = [
  { name: "help", short: "h", help: "Show this help; after a command, that command's" },
  { name: "version", short: "V", help: "Show the versions of perfmon and Deno, and the platform" },
];

/** What each exit code means. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, "fine"],
  [EXIT.no, "the answer is no"],
  [EXIT.usage, "usage"],
  [EXIT.data, "bad data"],
  [EXIT.noInput, "no such input"],
  [EXIT.inputOutput, "input or output failed"],
];

/** The text of `perfmon --help`, at most 80 columns wide. */
export function overviewText(commands: readonly Command[]): string {
  const codes = EXIT_MEANINGS.map(([code, meaning]) => `${code} ${meaning}`).join(", ");
  return [
    SUMMARY,
    "",
    "Usage: perfmon [COMMAND] [FLAG...]",
    "",
    "Commands:",
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    "",
    "Flags:",
    ...columns(OVERVIEW_FLAGS.map(({ name, short, help }) => [`-${short}, --${name}`, help])),
    "",
    WITHOUT_COMMAND,
    ...wrap(`Exit codes: ${codes}.`, 80, ""),
    "",
    "Example:",
    ...columns([["perfmon report --since 2h", "what was slow, what failed, what ate the CPU"]]),
    "",
  ].join("\n");
}
