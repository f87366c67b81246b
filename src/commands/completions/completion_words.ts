import type { Command, Flag } from "../../cli/command.ts";

const HELP: Flag = { name: "help", short: "h", help: "Show help" };

/** Commands and their subcommands, one after the other. */
export function flatten(commands: readonly Command[]): Command[] {
  return commands.flatMap((each) => [each, ...each.subcommands ?? []]);
}

/** What may stand after a command's name: its subcommands or its listed operands. */
export function operandWords(command: Command): string[] {
  if (command.subcommands !== undefined) {
    return command.subcommands.map((each) => each.name.slice(command.name.length + 1));
  }
  return /^[a-z]+(\|[a-z]+)+$/.test(command.operands ?? "") ? command.operands!.split("|") : [];
}

/** The words that a flag's value may be, where they are listed. */
export function wordsOf({ choices, completes }: Flag): readonly string[] | undefined {
  return choices ?? (typeof completes === "object" ? completes : undefined);
}

/** Whether a flag's value is the path of a file. */
export function takesFile(flag: Flag): boolean {
  return flag.value === "FILE";
}

/** All flags of a command, with `--help`, which each has. */
export function flagsOf(command: Command): readonly Flag[] {
  return [...command.flags, HELP];
}

/** A word in single quotes, as bash, zsh and fish all read it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
