import type { Command, Flag } from "../../cli/command.ts";
import { flagsOf, flatten, operandWords, quote, takesFile, wordsOf } from "./completion_words.ts";

/** The completion script of these commands for zsh. */
export function zshScript(commands: readonly Command[]): string {
  const functions = flatten(commands).map((each) => `${zshName(each)}() {\n${zshBody(each)}\n}\n`);
  return `#compdef perfmon
# zsh completion for perfmon; made by "perfmon completions zsh"
_perfmon_names() {
  local file=$PERFMON_FILE
  local -i at=\${words[(I)--file]}
  if (( at )); then file=\${(Q)words[at + 1]}; fi
  file=\${file/#\\~\\//$HOME/}
  local -a names=("\${(@f)$(PERFMON_FILE=$file perfmon completions --names $1 2>/dev/null)}")
  compadd -a names
}
_perfmon() {
  if (( CURRENT == 2 )); then
    local -a names=(
${commands.map((each) => `      ${quote(`${each.name}:${each.summary}`)}`).join("\n")}
    )
    _describe command names
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map((each) => `    ${each.name}) ${zshName(each)};;`).join("\n")}
  esac
}
${functions.join("")}
if [[ $funcstack[1] == _perfmon ]]; then _perfmon "$@"; else compdef _perfmon perfmon; fi
`;
}

function zshName(command: Command): string {
  return `_perfmon_${command.name.replace(" ", "_")}`;
}

function zshBody(command: Command): string {
  if (command.subcommands !== undefined) {
    const names = command.subcommands.map((each) => {
      const word = each.name.slice(command.name.length + 1);
      return { word, described: quote(`${word}:${each.summary}`), target: zshName(each) };
    });
    return `  if (( CURRENT == 2 )); then
    local -a names=(${names.map((each) => each.described).join(" ")})
    _describe command names
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${names.map((each) => `    ${each.word}) ${each.target};;`).join("\n")}
  esac`;
  }
  const operands = operandWords(command);
  const last = operands.length > 0
    ? quote(`1: :(${operands.join(" ")})`)
    : command.completes === undefined
    ? "'*:file:_files'"
    : quote(`*:${command.completes}: _perfmon_names ${command.completes}`);
  const flags = flagsOf(command).map((flag) => `    ${quote(zshFlag(flag))} \\`);
  return `  _arguments \\\n${flags.join("\n")}\n    ${last}`;
}

function zshFlag(flag: Flag): string {
  const help = flag.help.replace(/[[\]:\\]/g, (character) => `\\${character}`);
  const words = wordsOf(flag);
  const value = flag.value === undefined
    ? ""
    : `:${flag.value}:${
      words !== undefined
        ? `(${words.join(" ")})`
        : typeof flag.completes === "string"
        ? ` _perfmon_names ${flag.completes}`
        : takesFile(flag)
        ? "_files"
        : ""
    }`;
  return `--${flag.name}[${help}]${value}`;
}
