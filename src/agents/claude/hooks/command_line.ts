import { type HookFlag, isAlertFlag, REC_FLAGS, type RecFlagSpec } from "../../rec_flags.ts";
import { quote, quoteWhereNeeded, unquote } from "./shell_words.ts";
import { readSpoolLine, writeSpoolLine } from "./spool_line.ts";

/** The moment at which an installed hook runs; at `drain` it takes into the log what waits in the spool. */
export type Moment = "start" | "end" | "drain";

/** The ways to record events: by starting perfmon, or by the shell alone into the spool. */
export const WAYS = ["binary", "spool"] as const;

/** A way to record events. */
export type Way = (typeof WAYS)[number];

/** The flags of `perfmon rec` that an installed hook can carry, in the order in which they are written. */
export const HOOK_FLAGS: readonly HookFlag[] = Object.entries<RecFlagSpec>(REC_FLAGS)
  .flatMap(([name, { inHook }]) => inHook === true ? [name as HookFlag] : []);

/**
 * Options of an installed hook: a switch is `true`, the others have their value; absent ones are
 * left out.
 */
export type HookOptions = Readonly<Partial<Record<HookFlag, string | true>>>;

/** The meaning of a hook's command line. */
export interface HookCommand {
  readonly moment: Moment;
  /** The way it records, absent for `binary`. A drain is always one of the spool. */
  readonly via?: "spool";
  /** The absolute path to try before `perfmon` on PATH. */
  readonly program?: string;
  readonly options: HookOptions;
}

/** How one release of perfmon writes a hook's command line. */
interface Shape {
  readonly since: string;
  write(command: HookCommand): string;
}

/**
 * Every shape that a release has ever installed, the newest first: `remove` and `install` know the
 * older ones by it. A shape that was released is never changed; a new one is put before it.
 */
const SHAPES: readonly [Shape, ...Shape[]] = [{ since: "0.1.0", write: writeWithoutExec }];

/**
 * The command line that Claude Code gives to `/bin/sh -c`. It ends with status 0 and prints nothing
 * (with an alert among the options: what the program answers), whatever is at the program's path;
 * where no perfmon runs it swallows standard input.
 */
export function writeCommand(command: HookCommand): string {
  const { moment, via, program, options: { file, ...others } } = command;
  if (via === undefined) return SHAPES[0].write(command);
  const log = typeof file === "string" ? file : undefined;
  if (moment !== "drain") {
    return writeSpoolLine({ moment, program, options: writeOptions(others), file: log });
  }
  // The records tell with which options they are to be taken in.
  return SHAPES[0].write({ ...command, options: log === undefined ? {} : { file: log } });
}

/** Reads what a command line means if this or an older perfmon can have installed it, else `undefined`. */
export function readCommand(line: string): HookCommand | undefined {
  return readSpooling(line) ?? readStarting(line);
}

function readSpooling(line: string): HookCommand | undefined {
  const found = readSpoolLine(line);
  if (found === undefined) return undefined;
  const { moment, program, file } = found;
  const options = readOptions(found.options.split(" ").filter((word) => word !== ""));
  if (options === undefined) return undefined;
  return {
    moment,
    via: "spool",
    ...(program === undefined ? {} : { program }),
    options: { ...options, ...(file === undefined ? {} : { file }) },
  };
}

function readStarting(line: string): HookCommand | undefined {
  const words: readonly string[] = line.match(WORDS_AND_OPERATORS) ?? [];
  const at = words.indexOf("rec");
  const [program, , moment] = words.slice(Math.max(at - 1, 0), at + 2);
  if (program === undefined || !isMoment(moment)) return undefined;
  const end = words.findIndex((word, i) => i > at && /^[|;]$/.test(word));
  const options = readOptions(words.slice(at + 2, Math.max(end, 0)).map(unquote));
  if (options === undefined) return undefined;
  const command: HookCommand = {
    moment,
    ...(moment === "drain" ? { via: "spool" } : {}),
    ...(program === "perfmon" ? {} : { program: unquote(program) }),
    options,
  };
  return SHAPES.some((shape) => shape.write(command) === line) ? command : undefined;
}

function isMoment(word: string | undefined): word is Moment {
  return word === "start" || word === "end" || word === "drain";
}

/** Whether a line records with perfmon, whoever wrote it. */
export function mentionsPerfmon(line: string): boolean {
  return /\bperfmon\b['"]?\s+rec\s+(start|end)\b/.test(line);
}

/** The options as a person types them, e.g. `--params --max-lines 2000`. */
export function writeOptions(options: HookOptions): string {
  return HOOK_FLAGS.flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    return takesValue(name) ? [`--${name}`, quoteWhereNeeded(String(value))] : [`--${name}`];
  }).join(" ");
}

/*
 * Children instead of `exec`: a program of another architecture, or a damaged one, passes `-x`, and
 * after a failed `exec` the shell is gone with its status. bash then ends with 2 where the file reads
 * as a broken script, and 2 blocks the person's tool. The fork costs 0.3 ms under dash.
 */
function writeWithoutExec({ moment, program, options }: HookCommand): string {
  const record = ["rec", moment, writeOptions(options)].filter((word) => word !== "").join(" ");
  const path = program === undefined ? "" : quote(program);
  const first = program === undefined ? "" : `[ -x ${path} ] && ${path} ${record} || `;
  const swallow = "cat || while read -r x; do :; done";
  return canAnswer(options)
    ? `{ ${first}perfmon ${record} || { ${swallow}; } >/dev/null; } 2>/dev/null; exit 0`
    : `{ ${first}perfmon ${record} || ${swallow}; } >/dev/null 2>&1; exit 0`;
}

/** Whether a hook may answer Claude Code on its stdout: only one with an alert has something to say. */
function canAnswer(options: HookOptions): boolean {
  return HOOK_FLAGS.some((name) => isAlertFlag(name) && options[name] !== undefined);
}

function takesValue(name: HookFlag): boolean {
  return REC_FLAGS[name].kind !== "switch";
}

/** The options that make sense at a moment: only the end of a call gives alerts. */
export function optionsAt(moment: Moment, options: HookOptions): HookOptions {
  if (moment === "end") return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !isAlertFlag(name)));
}

const WORDS_AND_OPERATORS = /(?:'[^']*'|\\'|[\w@%+=:,./-])+|\S/g;

function readOptions(words: readonly string[]): HookOptions | undefined {
  const options: Partial<Record<HookFlag, string | true>> = {};
  for (let i = 0; i < words.length; i++) {
    const name = HOOK_FLAGS.find((each) => words[i] === `--${each}`);
    if (name === undefined) return undefined;
    const value = takesValue(name) ? words[++i] : true;
    if (value === undefined) return undefined;
    options[name] = value;
  }
  return options;
}
