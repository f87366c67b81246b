import { variable } from "../files/environment.ts";
import { messageOf } from "../text/message.ts";
import { printableLines } from "../text/printable.ts";
import { toAscii, wrap } from "../text/table.ts";
import { type Arguments, CommandError, EXIT, type Flag } from "./command.ts";
import { PLAIN, type Style } from "../text/style.ts";

/** The flags of commands that print tables. */
export const OUTPUT_FLAGS: readonly Flag[] = [
  { name: "json", help: "Print one JSON object: all figures, base units in the names" },
  { name: "csv", help: "Print CSV: a header and rows, the same names as in --json" },
  {
    name: "color",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "auto (on a terminal, unless NO_COLOR is set), always or never",
  },
];

/** The flag of commands that say what single calls did. */
export const PARAMS_FLAG: Flag = {
  name: "params",
  help: "Show the redacted line of hooks installed with --params in place of the command",
};

/** The flag of commands that list something, as much as there is room for. */
export const LINES_FLAG: Flag = {
  name: "lines",
  short: "n",
  value: "N",
  help: "How many lines; default all, on a terminal as many as it has room for",
};

/** The number that `--lines` gives. */
export function linesOf(args: Arguments): number | undefined {
  return args.text("lines") === undefined ? undefined : args.count("lines", 0, 1);
}

/** The flag of commands that print times. */
export const UTC_FLAG: Flag = { name: "utc", help: "Read and show times in UTC" };

/** The forms in which commands print figures. */
export type OutputFormat = "text" | "json" | "csv";

/** The format that was asked for; a usage error where two were. */
export function outputFormat(args: Arguments): OutputFormat {
  if (args.has("json") && args.has("csv")) {
    throw new CommandError("Cannot print both JSON and CSV: give --json or --csv", EXIT.usage);
  }
  return args.has("json") ? "json" : args.has("csv") ? "csv" : "text";
}

/** The terminal or page that text goes to, as far as laying it out depends on it. */
export interface Screen {
  /** The width in columns. */
  readonly width: number;
  /** The number of lines, where there is a terminal. */
  readonly height: number | undefined;
  readonly style: Style;
  /** Whether it shows characters beyond ASCII. */
  readonly isUtf8: boolean;
}

const DEFAULT_WIDTH = 80;
const LEAST_WIDTH = 60;

/**
 * The screen that stdout is, or a plain page of 80 columns. `$COLUMNS` and `$LINES`, where exported, are its
 * size.
 */
export function screen(args: Arguments): Screen {
  return {
    width: Math.max(
      LEAST_WIDTH,
      exportedSize("COLUMNS") ?? consoleSize(Deno.stdout).columns ?? DEFAULT_WIDTH,
    ),
    height: exportedSize("LINES") ?? consoleSize(Deno.stdout).rows,
    style: hasColor(args.text("color")) ? COLORED : PLAIN,
    isUtf8: isUtf8(),
  };
}

/** Whether the locale's characters are UTF-8. */
export function isUtf8(): boolean {
  return /utf-?8/i.test(
    variable("LC_ALL") || variable("LC_CTYPE") || variable("LANG") || "",
  );
}

function exportedSize(name: "COLUMNS" | "LINES"): number | undefined {
  const exported = variable(name) ?? "";
  return /^[1-9]\d{0,3}$/.test(exported) ? Number(exported) : undefined;
}

/** The size of a terminal, as far as it is one and tells: serial lines and some containers say 0. */
export function consoleSize(
  stream: { isTerminal(): boolean },
): { columns?: number; rows?: number } {
  if (!stream.isTerminal()) return {};
  const { columns, rows } = Deno.consoleSize();
  return { ...(columns > 0 ? { columns } : {}), ...(rows > 0 ? { rows } : {}) };
}

// By hand: @std/fmt/colors lets nothing win over NO_COLOR, and --color always has to (no-color.org).
const COLORED: Style = {
  strong: (text) => `\x1b[1m${text}\x1b[22m`,
  faint: (text) => `\x1b[2m${text}\x1b[22m`,
  // Red, yellow and cyan of the terminal's own 16 colours: no pair of them is one to the colour-blind, as red
  // and green are, and themes choose them to be read on their background. What fails is bold, too.
  fail: (text) => `\x1b[1m\x1b[31m${text}\x1b[39m\x1b[22m`,
  slow: (text) => `\x1b[33m${text}\x1b[39m`,
  running: (text) => `\x1b[36m${text}\x1b[39m`,
};

function hasColor(when: string | undefined): boolean {
  if (when === "always" || when === "never") return when === "always";
  return Deno.stdout.isTerminal() && !variable("NO_COLOR") && variable("TERM") !== "dumb";
}

/** Prints text made for a screen on stdout, in the characters that it shows. */
export function writeText(text: string, { isUtf8 }: Pick<Screen, "isUtf8">): void {
  write(inCharset(text, { isUtf8 }));
}

/** A text in the characters that a screen shows, others replaced. */
export function inCharset(text: string, { isUtf8 }: Pick<Screen, "isUtf8">): string {
  return isUtf8 ? text : toAscii(text);
}

/**
 * Prints on stdout, all at once; on a terminal without what would steer it, wherever that came from.
 * Returns false where the reader has closed the pipe (`perfmon report | head -1`): that is no error, and
 * changes no answer. Throws a `CommandError` (74) where it can't be written.
 */
export function write(text: string): boolean {
  const shown = Deno.stdout.isTerminal() ? printableLines(text) : text;
  const bytes = new TextEncoder().encode(shown);
  try {
    for (let written = 0; written < bytes.length;) {
      written += Deno.stdout.writeSync(bytes.subarray(written));
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    const reason = messageOf(error);
    throw new CommandError(`Cannot write the output: ${reason}`, EXIT.inputOutput);
  }
}

/** Prints on stdout what is too long to go on with in vain: throws `BrokenPipe` where nobody reads it. */
export function writeToReader(text: string): void {
  if (!write(text)) throw new Deno.errors.BrokenPipe("Nobody reads the output");
}

/** Prints lines for people on stdout, on a terminal broken at their blanks. */
export function tell(text: string): void {
  write(`${brokenFor(Deno.stdout, text)}\n`);
}

/**
 * Prints lines for people on stderr, without what would steer a terminal, and broken at its blanks;
 * where nobody reads it, nothing.
 */
export function say(text: string): void {
  const shown = brokenFor(Deno.stderr, printableLines(text));
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`${shown}\n`));
  } catch {
    // Nobody reads stderr: the output and the exit code still say it.
  }
}

/** Lines for people as a stream shows them: as they are, or on a terminal broken at their blanks. */
export function brokenFor(stream: { isTerminal(): boolean }, text: string): string {
  if (!stream.isTerminal()) return text;
  const width = exportedSize("COLUMNS") ?? consoleSize(stream).columns ?? DEFAULT_WIDTH;
  return text.split("\n").flatMap((line) => wrap(line, width, "  ")).join("\n");
}

/** Prints one message for people on stderr. */
export function warn(sentence: string): void {
  say(`perfmon: ${sentence}`);
}
