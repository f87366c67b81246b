import type { Command } from "../../cli/command.ts";
import { flagsOf, flatten, operandWords, takesFile, wordsOf } from "./completion_words.ts";

/** The completion script of these commands for bash. */
export function bashScript(commands: readonly Command[]): string {
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
