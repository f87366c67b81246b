import { type Command, CommandError, COMPLETED_NAMES, EXIT } from "../../cli/command.ts";
import { locate } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { write } from "../../cli/output.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

/** Writes one shell's completion script out of the table of commands that `--help` is made of. */
const WRITERS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export const command: Command = {
  name: "completions",
  summary: "Print a completion script for bash, zsh or fish",
  operands: "bash|zsh|fish",
  maxOperands: 1,
  flags: [
    {
      name: "names",
      value: "KIND",
      choices: COMPLETED_NAMES,
      help:
        "Instead of a script the names of the log's newest rows, a line each: what the scripts ask for",
    },
    FILE_FLAG,
  ],
  notes: [
    "A script is placed in a file once, and again after an upgrade; bash without the package bash-completion " +
    "and zsh take it as well by this line in ~/.bashrc or ~/.zshrc: source <(perfmon completions bash), or zsh. " +
    "Tools, commands, sessions, projects and profiles are those of the --file on the line, of $PERFMON_FILE, or of your own log.",
  ],
  examples: [
    [
      "completions bash > ~/.local/share/bash-completion/completions/perfmon",
      "bash, from the next shell on",
    ],
    ["completions zsh > ~/.zfunc/_perfmon", "zsh, where ~/.zfunc is in fpath"],
    ["completions fish > ~/.config/fish/completions/perfmon.fish", "fish"],
  ],
  async run(args, allCommands): Promise<number> {
    const kind = COMPLETED_NAMES.find((each) => each === args.text("names"));
    if (kind !== undefined) {
      const { completedNames } = await import("../../query/completed_names.ts");
      write(completedNames(kind, locate(args)).map((name) => `${name}\n`).join(""));
      return EXIT.ok;
    }
    const shell = args.operands[0] ?? "";
    const script = completionScript(shell, await allCommands());
    if (script === undefined) {
      throw new CommandError(
        shell === ""
          ? "Missing the shell: give bash, zsh or fish"
          : `Cannot complete for "${shell}": give bash, zsh or fish`,
        EXIT.usage,
      );
    }
    write(script);
    return EXIT.ok;
  },
};

/** The completion script of `bash`, `zsh` or `fish` for these commands; `undefined` for another shell. */
export function completionScript(
  shell: string,
  commands: readonly Command[],
): string | undefined {
  return Object.hasOwn(WRITERS, shell) ? WRITERS[shell]?.(commands) : undefined;
}
