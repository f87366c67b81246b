import type { Command } from "../../cli/command.ts";
import { flagsOf, flatten, operandWords, quote, takesFile, wordsOf } from "./completion_words.ts";

const FISH_NAMES = `# fish completion for perfmon; made by "perfmon completions fish"
function _perfmon_names
    set -l file $PERFMON_FILE
    set -l words (commandline -opc)
    if set -l at (contains -i -- --file $words)
        set file $words[(math $at + 1)]
    end
    set file (string replace -r '^~/' "$HOME/" -- "$file")
    env PERFMON_FILE="$file" perfmon completions --names $argv 2>/dev/null
end`;

/** The completion script of these commands for fish. */
export function fishScript(commands: readonly Command[]): string {
  const lines = [FISH_NAMES];
  const add = (condition: string, rest: string): number =>
    lines.push(`complete -c perfmon -n ${quote(condition)} ${rest}`);
  for (const each of commands) {
    add("__fish_use_subcommand", `-f -a ${each.name} -d ${quote(each.summary)}`);
  }
  for (const each of flatten(commands)) {
    const path = each.name.split(" ");
    const condition = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const words = operandWords(each);
    if (words.length > 0) {
      add(
        `${condition}; and not __fish_seen_subcommand_from ${words.join(" ")}`,
        `-f -a ${quote(words.join(" "))}`,
      );
    }
    if (each.completes !== undefined) {
      add(condition, `-f -a ${quote(`(_perfmon_names ${each.completes})`)}`);
    }
    for (const flag of flagsOf(each)) {
      const words = wordsOf(flag);
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`;
      const value = flag.value === undefined
        ? " -f"
        : words !== undefined
        ? ` -x -a ${quote(words.join(" "))}`
        : typeof flag.completes === "string"
        ? ` -x -a ${quote(`(_perfmon_names ${flag.completes})`)}`
        : takesFile(flag)
        ? " -r -F"
        : " -x";
      add(condition, `-l ${flag.name}${short}${value} -d ${quote(flag.help)}`);
    }
  }
  return lines.join("\n") + "\n";
}
