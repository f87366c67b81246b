import { textWidth, withHint } from "./table.ts";
import { quoteForPaste, shellWords } from "./shell_words.ts";

/** Flags by their names, without the dashes; `true` is a switch. */
export type Flags = Readonly<Record<string, string | true | undefined>>;

/** A line for a shell that runs perfmon: its words as they are, then what it is about, then its flags. */
export function commandLine(words: string, flags: Flags, operand?: string): string {
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined
      ? []
      : value === true
      ? [`--${name}`]
      : [`--${name} ${quoteForPaste(value)}`]
  );
  const about = operand === undefined ? [] : [quoteForPaste(operand)];
  return [`perfmon ${words}`, ...about, ...given].join(" ");
}

/** A line for a shell in lines of at most `width`, as far as its words are no longer; pasted, they are one. */
function breakCommand(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of shellWords(line)) {
    const last = lines.at(-1);
    const isRoom = last !== undefined && textWidth(last) + 1 + textWidth(word) + 2 <= width;
    if (isRoom) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((each, index) => index < lines.length - 1 ? `${each} \\` : each);
}

/**
 * A text with the command line that leads on from it, at the right end of 80 columns, or below it where there
 * is no room; both broken where they are too long, `indent` further in.
 */
export function withCommand(
  text: string,
  command: string | undefined,
  width: number,
  indent: number,
): string[] {
  const [line = "", ...rest] = withHint(text, command, width, indent);
  if (command === undefined || line.endsWith(command)) return [line, ...rest];
  const below = breakCommand(command, width - indent).map((each) => " ".repeat(indent) + each);
  return [line, ...rest, ...below];
}
