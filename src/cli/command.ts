import { parseArgs } from "../std/cli.ts";
import { nearName } from "./near_name.ts";
import { wrap } from "../text/table.ts";

/**
 * Exit codes (sysexits.h where there is one). 2 is never used: of a PreToolUse hook it blocks the
 * person's tool.
 */
export const EXIT = {
  ok: 0,
  /** The status for the answer no: a threshold is broken, a check failed, work was not done. */
  no: 1,
  usage: 64,
  data: 65,
  noInput: 66,
  inputOutput: 74,
} as const;

/** A failure that a person can do something about: printed as one line, without a stack trace. */
export class CommandError extends Error {
  override name = "CommandError";
  constructor(message: string, readonly code: number) {
    super(message);
  }
}

/** Whether an error is a `CommandError`, of whichever bundle: each has a class of its own. */
export function isCommandError(error: unknown): error is CommandError {
  return error instanceof Error && error.name === "CommandError" && "code" in error;
}

/** The names of a log that shells complete. */
export const COMPLETED_NAMES = [
  "tool",
  "command",
  "session",
  "project",
  "client",
  "profile",
] as const;

export type CompletedNames = typeof COMPLETED_NAMES[number];

/** One flag of a command: the source of parsing, `--help` and shell completions. */
export interface Flag {
  /** The flag's name without the dashes. */
  readonly name: string;
  /** The one letter that stands for the name, without the dash. */
  readonly short?: string;
  /** The word that stands for the value in `--help`; a flag without it is a switch. */
  readonly value?: string;
  /** The values that are allowed, where they can be listed. */
  readonly choices?: readonly string[];
  /** The words that shells complete, where others are taken, too: listed, or of a kind that the log knows. */
  readonly completes?: readonly string[] | CompletedNames;
  /** Words that older versions took, and what stands for them now. */
  readonly former?: Readonly<Record<string, string>>;
  /** Whether it may be given several times; otherwise the last one counts. */
  readonly repeatable?: boolean;
  readonly help: string;
}

/** Loads every command. */
export type AllCommands = () => Promise<readonly Command[]>;

/** A command: what it is called, what it takes, what it does. */
export interface Command {
  readonly name: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** What follows the name in the usage line, e.g. `[SESSION]`. */
  readonly operands?: string;
  /** What shells complete as an operand. */
  readonly completes?: CompletedNames;
  /** The number of operands that it takes at most; 0 if absent. */
  readonly maxOperands?: number;
  readonly flags: readonly Flag[];
  /** Paragraphs below the flags: units, definitions, caveats. */
  readonly notes?: readonly string[];
  /** Command lines (without `perfmon`) with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly subcommands?: readonly Command[];
  /** What a subcommand is called to a person who named none of them: `format`; without it `command`. */
  readonly subcommandWord?: string;
  /**
   * Whether it reads the log of --file, whose spool is drained before, its history compressed and
   * pruned after.
   */
  readonly readsLog?: boolean;
  /** Does the work; returns the exit code. `allCommands` loads the whole table, for those who need it. */
  run(args: Arguments, allCommands: AllCommands): number | Promise<number>;
}

type FlagValue = string | boolean | readonly string[] | undefined;

/** The parsed arguments of a command. */
export class Arguments {
  constructor(
    readonly operands: readonly string[],
    private readonly values: Readonly<Record<string, FlagValue>>,
  ) {}

  /** Whether the switch was given. */
  has(name: string): boolean {
    return this.values[name] === true;
  }

  /** The flag's value, or `undefined` where it was not given. */
  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** All values of a repeatable flag, in order. */
  texts(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value : [];
  }

  /** The same arguments with a flag's value set. */
  with(name: string, value: string): Arguments {
    return new Arguments(this.operands, { ...this.values, [name]: value });
  }

  /** The flag's value as a whole number from `least` up, or the default; anything else is a usage error. */
  count(name: string, fallback: number, least = 0): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (!/^\d{1,9}$/.test(value) || Number(value) < least) {
      throw new CommandError(
        `Cannot use "${value}" for --${name}: give a whole number from ${least} up`,
        EXIT.usage,
      );
    }
    return Number(value);
  }
}

const HELP: Flag = { name: "help", short: "h", help: "Show this help" };

/** Parses the arguments after a command's name; throws a `CommandError` (64) that names what is wrong. */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const flags = [...command.flags, HELP];
  const parsed = parseArgs(args, {
    string: ["_", ...flags.filter((flag) => flag.value !== undefined).map((flag) => flag.name)],
    boolean: flags.filter((flag) => flag.value === undefined).map((flag) => flag.name),
    collect: flags.filter((flag) => flag.repeatable === true).map((flag) => flag.name),
    alias: Object.fromEntries(
      flags.flatMap((flag) => flag.short === undefined ? [] : [[flag.short, flag.name]]),
    ),
    unknown: (argument, key) => {
      if (key === undefined) return true;
      throw new CommandError(unknownFlag(command, argument, flags), EXIT.usage);
    },
  });
  const values: Record<string, FlagValue> = {};
  for (const flag of flags) values[flag.name] = flagValue(command, flag, parsed[flag.name]);
  const operands = parsed._.map(String);
  const excess = values["help"] === true ? undefined : operands[command.maxOperands ?? 0];
  if (excess !== undefined) {
    throw new CommandError(
      `Unexpected argument "${excess}" for "perfmon ${command.name}"; see perfmon ${command.name} --help`,
      EXIT.usage,
    );
  }
  return new Arguments(operands, values);
}

function flagValue(command: Command, flag: Flag, given: unknown): FlagValue {
  if (flag.repeatable !== true) return checkedValue(command, flag, given);
  return [given ?? []].flat().map((each) => String(checkedValue(command, flag, each)));
}

function checkedValue(
  command: Command,
  flag: Flag,
  given: unknown,
): string | boolean | undefined {
  const value = Array.isArray(given) ? given.at(-1) : given;
  if (flag.value === undefined) return value === true;
  if (value === undefined) return undefined;
  const text = flag.former?.[String(value)] ?? String(value);
  if (text === "") {
    throw new CommandError(
      `Missing value for --${flag.name}: give ${flag.value}; see perfmon ${command.name} --help`,
      EXIT.usage,
    );
  }
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    const near = nearName(text, flag.choices);
    const hint = near === undefined
      ? `choose ${flag.choices.join(", ")}`
      : `did you mean "${near}"?`;
    throw new CommandError(
      `Cannot use "${text}" for --${flag.name}: ${hint}`,
      EXIT.usage,
    );
  }
  return text;
}

function unknownFlag(command: Command, argument: string, flags: readonly Flag[]): string {
  const given = argument.replace(/^--?(no-)?/, "").replace(/=.*/s, "");
  const near = nearName(given, flags.map((flag) => flag.name));
  const hint = near !== undefined && near[0] === given[0] ? `; did you mean --${near}?` : "";
  const shown = argument.replace(/=.*/s, "");
  return `Unknown flag "${shown}" for "perfmon ${command.name}"${
    hint || `; see perfmon ${command.name} --help`
  }`;
}

/** The text of `perfmon COMMAND --help`, at most 80 columns wide. */
export function helpText(command: Command): string {
  const operands = command.operands === undefined ? "" : ` ${command.operands}`;
  const lines = [command.summary, "", `Usage: perfmon ${command.name}${operands} [FLAG...]`];
  if (command.subcommands !== undefined) {
    lines.push("", "Subcommands:");
    lines.push(...columns(command.subcommands.map((each) => [each.name, each.summary])));
  }
  lines.push("", "Flags:", ...columns([...command.flags, HELP].map((f) => [flagUsage(f), f.help])));
  for (const note of command.notes ?? []) lines.push("", ...wrap(note, 80, ""));
  lines.push("", command.examples.length === 1 ? "Example:" : "Examples:");
  for (const [line, what] of command.examples) {
    lines.push(...columns([[`perfmon ${line}`, what]], 38));
  }
  return lines.join("\n") + "\n";
}

function flagUsage(flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? "" : ` ${flag.value}`}`;
}

/**
 * Lays out pairs of texts as two columns, the second wrapped at 80 characters; a first cell that is
 * too long gets a line of its own.
 */
export function columns(pairs: readonly (readonly [string, string])[], least = 0): string[] {
  const width = Math.min(Math.max(least, ...pairs.map(([left]) => left.length)), 38);
  return pairs.flatMap(([left, right]) => {
    const [first = "", ...rest] = wrap(right, 80 - width - 4, "");
    const indent = " ".repeat(width + 4);
    const head = left.length > width
      ? [`  ${left}`, indent + first]
      : [`  ${left.padEnd(width)}  ${first}`];
    return [...head, ...rest.map((line) => indent + line)].map((line) => line.trimEnd());
  });
}
