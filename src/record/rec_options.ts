import {
  isRecFlag,
  REC_DEFAULTS,
  REC_FLAGS,
  type RecFlag,
  type RecOptions,
  type ValueByKind,
} from "../agents/rec_flags.ts";
import { LAYOUTS } from "../row/columns.ts";

/** Options as read from arguments, and sentences about what could not be used of them. */
export interface ParsedOptions {
  readonly options: RecOptions;
  readonly problems: string[];
}

type Mutable = { -readonly [Key in keyof RecOptions]: RecOptions[Key] };

/**
 * Reads the arguments of `rec` without a package and without ever failing: what can't be used is
 * left out, and named in a sentence for the error log.
 */
export function parseRecOptions(args: readonly string[]): ParsedOptions {
  const options: Mutable = { ...REC_DEFAULTS };
  const problems: string[] = [];
  let keepIsGiven = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "start" || argument === "end") {
      options.event = argument;
      continue;
    }
    if (argument === "event" && index === 0) continue; // the JSON says which
    const { name, flag, inline } = splitFlag(argument);
    if (flag === undefined || isSwitch(flag) && inline !== undefined) {
      problems.push(`ignored the unknown argument "${name}"`);
      continue;
    }
    keepIsGiven ||= flag === "keep";
    const given = isSwitch(flag) ? "" : inline ?? args[++index];
    const value = given === undefined ? undefined : PARSERS[REC_FLAGS[flag].kind](given);
    if (value === undefined) {
      problems.push(`ignored ${name}: "${given ?? ""}" can't be used for it`);
    } else Object.assign(options, { [flag]: value });
  }
  if (!keepIsGiven) options.keep = defaultKeep(options["max-lines"]);
  else if (options.keep >= options["max-lines"]) {
    problems.push(`--keep ${options.keep} is not below --max-lines ${options["max-lines"]}`);
    options.keep = Math.max(0, options["max-lines"] - 1);
  }
  return { options, problems };
}

/**
 * The number of rows that stay of a log where only its limit is given: 500 rows, or half of a
 * smaller limit.
 */
export function defaultKeep(maxLines: number): number {
  return Math.min(REC_DEFAULTS.keep, Math.floor(maxLines / 2));
}

/**
 * The parts of an argument `--NAME` or `--NAME=VALUE`; `flag` is `undefined` for what is no flag of
 * `rec`.
 */
function splitFlag(argument: string): { name: string; flag?: RecFlag; inline?: string } {
  if (!argument.startsWith("--")) return { name: argument };
  const equals = argument.indexOf("=");
  const name = equals < 0 ? argument : argument.slice(0, equals);
  const flag = name.slice(2);
  return {
    name,
    ...(isRecFlag(flag) ? { flag } : {}),
    ...(equals < 0 ? {} : { inline: argument.slice(equals + 1) }),
  };
}

function isSwitch(flag: RecFlag): boolean {
  return REC_FLAGS[flag].kind === "switch";
}

const HISTORY = /^(0|\d{1,6}[smhdw](,\d{1,6}[KMG]iB)?|\d{1,6}[KMG]iB)$/;

/**
 * The parsers of the text after a flag, by the flag's kind; they return `undefined` for what can't
 * be used.
 */
const PARSERS: {
  readonly [Kind in keyof ValueByKind]: (text: string) => ValueByKind[Kind] | undefined;
} = {
  switch: () => true,
  text: (text) => text || undefined,
  count,
  pid: (text) => count(text) || undefined,
  layout: (text) => LAYOUTS.find((each) => each === text),
  history: (text) => HISTORY.test(text) ? text : undefined,
  alert: (text) => text,
};

function count(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
