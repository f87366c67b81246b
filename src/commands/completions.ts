import { type Command, CommandError, COMPLETED_NAMES, EXIT, type Flag } from "../cli/command.ts";
import { locate } from "../query/selection.ts";
import { FILE_FLAG } from "../query/selection_flags.ts";
import { write } from "../cli/output.ts";

/** Writes one shell's completion script out of the table of commands that `--help` is made of. */
const WRITERS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash,
  zsh,
  fish,
};

const HELP: Flag = { name: "help", short: "h", help: "Show help" };

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
      const { completedNames } = await import("../query/completed_names.ts");
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

/** Commands and subcommands, each with its words and the words that may follow it. */
function flatten(commands: readonly Command[]): Command[] {
  return commands.flatMap((each) => [each, ...each.subcommands ?? []]);
}

/** What may stand after a command's name: its subcommands or its listed operands. */
function operandWords(command: Command): string[] {
  if (command.subcommands !== undefined) {
    return command.subcommands.map((each) => each.name.slice(command.name.length + 1));
  }
  return /^[a-z]+(\|[a-z]+)+$/.test(command.operands ?? "") ? command.operands!.split("|") : [];
}

/** The words that a flag's value may be, where they are listed. */
function wordsOf({ choices, completes }: Flag): readonly string[] | undefined {
  return choices ?? (typeof completes === "object" ? completes : undefined);
}

function takesFile(flag: Flag): boolean {
  return flag.value === "FILE";
}

function flagsOf(command: Command): readonly Flag[] {
  return [...command.flags, HELP];
}

function bash(commands: readonly Command[]): string {
  const all = flatten(commands);
  const words = all.map((each) =>
    `    "${each.name}") words="${
      [...operandWords(each), ...flagsOf(each).map((flag) => `--${flag.name}`)].join(" ")
    }";;`
  );
  const values = all.flatMap((each) =>
    each.flags.filter((flag) => flag.value !== undefined).map((flag) => {
      const words = wordsOf(flag);
      const reply = words !== undefined
        ? `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"))`
        : typeof flag.completes === "string"
        ? `_perfmon_names ${flag.completes}`
        : takesFile(flag)
        ? "_perfmon_files"
        : "COMPREPLY=()";
      return `    "${each.name} --${flag.name}") ${reply}; return;;`;
    })
  );
  const operands = all.filter((each) => each.completes !== undefined).map((each) =>
    `    "${each.name} -"*) ;; "${each.name} "*) _perfmon_names ${each.completes};;`
  );
  // A file's name may hold blanks, or what a shell would run: bash 4 quotes it when it inserts it, as it
  // is told to; for bash 3, which can't be told, it is quoted before.
  const parents = commands.filter((each) => each.subcommands !== undefined);
  return `# bash completion for perfmon; made by "perfmon completions bash"
_perfmon_files() {
  local name form=%q
  if compopt -o filenames 2>/dev/null; then form=%s; fi
  while IFS= read -r name; do
    COMPREPLY+=("$(printf "$form" "$name")")
  done < <(compgen -f -- "$cur")
}
_perfmon_names() {
  local name typed=\${cur#[\\"\\']} file=$PERFMON_FILE at
  typed=\${typed//\\\\/}
  for ((at = 1; at < COMP_CWORD - 1; at++)); do
    if [ "\${COMP_WORDS[at]}" != --file ]; then continue; fi
    file=\${COMP_WORDS[at + 1]}
    if [ "$file" = "=" ]; then file=\${COMP_WORDS[at + 2]}; fi
  done
  file=\${file//[\\"\\'\\\\]/}
  file=\${file/#\\~\\//$HOME/}
  while IFS= read -r name; do
    if [[ $name == "$typed"* ]]; then COMPREPLY+=("$(printf %q "$name")"); fi
  done < <(PERFMON_FILE=$file perfmon completions --names "$1" 2>/dev/null)
}
_perfmon() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} words
  local name=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((each) => each.name).join(" ")}" -- "$cur"))
    return
  fi
  case $name in ${parents.map((each) => each.name).join("|")})
    if [ "$COMP_CWORD" -gt 2 ]; then name="$name \${COMP_WORDS[2]}"; fi;;
  esac
  case "$name $prev" in
${values.join("\n")}
  esac
  case $name in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  case "$name $cur" in
${operands.join("\n")}
  esac
  if [ \${#COMPREPLY[@]} -eq 0 ]; then _perfmon_files; fi
}
complete -F _perfmon perfmon
`;
}

function zsh(commands: readonly Command[]): string {
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

function fish(commands: readonly Command[]): string {
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

/** A word in single quotes, as bash, zsh and fish all read it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
