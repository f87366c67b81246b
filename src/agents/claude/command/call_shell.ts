import { programOfLine } from "./shell_line.ts";

/** What the client puts before and behind a call's command in the arguments of its shell. */
const BEFORE = " eval ";
const BEHIND = " && pwd -P >| ";

/**
 * Says which command the shell of a call of Bash runs, by its arguments, each with a NUL behind it, as
 * `commandName` says it of the call; `undefined` where they are not those of such a shell. Hooks and servers are
 * children of the client, too.
 */
export function commandOfShell(
  commandLine: string,
): { readonly command: string | undefined } | undefined {
  const [program = "", ...args] = commandLine.split("\0");
  const script = args[args.indexOf("-c") + 1 + (args[args.indexOf("-c") + 1] === "-l" ? 1 : 0)];
  if (!/(^|\/)(ba|z|da)?sh$/.test(program) || !args.includes("-c") || script === undefined) {
    return undefined;
  }
  const end = script.lastIndexOf(BEHIND);
  const from = ` ${script}`.indexOf(BEFORE);
  if (end < 0 || from < 0 || from > end) return undefined;
  return { command: programOfLine(firstWord(script.slice(from + BEFORE.length - 1, end))) };
}

/** The same of a line of `ps`, which has a blank between two arguments. */
export function commandOfShellLine(
  line: string,
): { readonly command: string | undefined } | undefined {
  const [, program, login = "", script] = /^(\S+) -c (-l )?(.+)$/s.exec(line.trim()) ?? [];
  const args = [program, "-c", ...(login ? ["-l"] : []), script];
  return script === undefined ? undefined : commandOfShell(args.join("\0"));
}

/** The first word of a shell's text, without its quotes. */
function firstWord(text: string): string {
  let word = "";
  for (const [part] of text.matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\]+|\s/gs)) {
    if (/^\s/.test(part)) break;
    word += part.startsWith("'")
      ? part.slice(1, -1)
      : part.startsWith('"')
      ? part.slice(1, -1).replace(/\\(.)/gs, "$1")
      : part.replace(/^\\/, "");
  }
  return word;
}
