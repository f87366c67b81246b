import { type HookFlag, isAlertFlag, REC_FLAGS, type RecFlagSpec } from "../../rec_flags.ts";
import { type BinaryLine, writeBinaryLine } from "./lines/binary_line.ts";
import {
  parseSpoolLine010,
  writeBinaryLine010,
  writeSpoolLine010,
} from "./lines/released_0_1_0.ts";
import { quoteWhereNeeded, unquote } from "../../../text/shell_words.ts";
import { parseSpoolLine, type SpoolLine, writeSpoolLine } from "./lines/spool_line.ts";
import { writeUnreapedSpoolLine } from "./lines/unreaped_lines.ts";
import {
  parseWatchedSpoolLine,
  writeWatchedBinaryLine,
  writeWatchedSpoolLine,
} from "./lines/watched_lines.ts";

/** The moments at which an installed hook records, or takes in what was recorded. */
/** What a hook's line records. */
export const MOMENTS = ["start", "end", "event", "drain", "finish"] as const;

/**
 * The moment at which an installed hook runs; at `event` it records what is no call's, as its JSON says, at
 * `drain` it takes into the log what waits in the spool, at `finish`, the session's end, it waits for the
 * session's hooks that nobody waits for, and then does.
 */
export type Moment = (typeof MOMENTS)[number];

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

/** The options that hooks have where a person chose none. */
export const DEFAULT_OPTIONS: HookOptions = { command: true, watch: true };

/** The meaning of a hook's command line. */
export interface HookCommand {
  readonly moment: Moment;
  /** The way it records, absent for `binary`. A drain is always one of the spool, a `finish` never. */
  readonly via?: "spool";
  /** The absolute path to try before `perfmon` on PATH. */
  readonly program?: string;
  /** Whether the client does not wait for the hook: it stands beside `"async": true`. */
  readonly isAsync?: true;
  readonly options: HookOptions;
}

/** How one release of perfmon writes the command lines of hooks. */
interface Shape {
  readonly since: string;
  writeBinary(line: BinaryLine): string;
  writeSpool(line: SpoolLine): string;
  /** What a line for the spool says, if it looks like one of this shape. */
  parseSpool(line: string): SpoolLine | undefined;
}

/**
 * Every shape that a release has ever installed, the newest first: `remove` and `install` know the
 * older ones by it. A shape that was released is never changed; a new one is put before it.
 */
const SHAPES: readonly [Shape, ...Shape[]] = [
  {
    since: "0.2.0",
    writeBinary: writeBinaryLine,
    writeSpool: writeSpoolLine,
    parseSpool: parseSpoolLine,
  },
  {
    since: "0.2.0, before its release",
    writeBinary: writeBinaryLine,
    writeSpool: writeUnreapedSpoolLine,
    parseSpool: parseSpoolLine,
  },
  {
    since: "0.2.0, before its release",
    writeBinary: writeWatchedBinaryLine,
    writeSpool: writeWatchedSpoolLine,
    parseSpool: parseWatchedSpoolLine,
  },
  {
    since: "0.1.0",
    writeBinary: writeBinaryLine010,
    writeSpool: writeSpoolLine010,
    parseSpool: parseSpoolLine010,
  },
];

/**
 * The command line that Claude Code gives to `/bin/sh -c`. It ends with status 0 and prints nothing
 * (with an alert among the options: what the program answers), whatever is at the program's path;
 * where no perfmon runs it swallows standard input.
 */
export function writeCommand(command: HookCommand): string {
  return write(command, SHAPES[0]);
}

function write(command: HookCommand, shape: Shape): string {
  const { moment, via, program, isAsync = false, options: { file: log, ...others } } = command;
  const file = typeof log === "string" ? log : undefined;
  if (via === "spool" && (moment === "start" || moment === "end")) {
    return shape.writeSpool({ moment, program, options: writeOptions(others), file, isAsync });
  }
  const words = [moment, isAsync ? ASYNC : "", writeOptions(command.options)]
    .filter((each) => each !== "");
  return shape.writeBinary({
    words: words.join(" "),
    program,
    file,
    isAsync,
    canAnswer: canAnswer(command.options),
  });
}

/** The flag of `perfmon rec` by which a hook says that nobody waits for it. */
const ASYNC = "--async";

/** Whether a hook at this moment records a call, whatever its event's name is. */
export function isRecording(moment: Moment): moment is "start" | "end" {
  return moment === "start" || moment === "end";
}

/** Reads what a command line means if this or an older perfmon can have installed it, else `undefined`. */
export function readCommand(line: string): HookCommand | undefined {
  return read(line)?.command;
}

/** Whether a line is of a shape that an older perfmon installed: install would write it otherwise. */
export function isOutdated(line: string): boolean {
  const found = read(line);
  return found !== undefined && found.shape !== SHAPES[0];
}

/** Whether a line is of 0.1.0, where nobody could choose what came later. */
export function isOfFirstRelease(line: string): boolean {
  return read(line)?.shape === SHAPES.at(-1);
}

/** A line that perfmon installed, in its own shape, with another log. */
export function withLog(line: string, file: string): string {
  const found = read(line);
  if (found === undefined) return line;
  const { command, shape } = found;
  return write({ ...command, options: { ...command.options, file } }, shape);
}

function read(line: string): { command: HookCommand; shape: Shape } | undefined {
  for (const shape of SHAPES) {
    const command = readSpooling(line, shape) ?? readStarting(line);
    if (command !== undefined && write(command, shape) === line) return { command, shape };
  }
  return undefined;
}

function readSpooling(line: string, shape: Shape): HookCommand | undefined {
  const found = shape.parseSpool(line);
  if (found === undefined) return undefined;
  const { moment, program, file, isAsync } = found;
  const options = readOptions(found.options.split(" ").filter((word) => word !== ""));
  if (options === undefined) return undefined;
  return {
    moment,
    via: "spool",
    ...(program === undefined ? {} : { program }),
    ...(isAsync ? { isAsync } : {}),
    options: { ...options, ...(file === undefined ? {} : { file }) },
  };
}

function readStarting(line: string): HookCommand | undefined {
  const words: readonly string[] = line.match(WORDS_AND_OPERATORS) ?? [];
  const at = words.indexOf("rec");
  const [program, , word] = words.slice(Math.max(at - 1, 0), at + 2);
  const moment = MOMENTS.find((each) => each === word);
  if (program === undefined || moment === undefined) return undefined;
  const end = words.findIndex((each, i) => i > at && /^[|;]$/.test(each));
  const isAsync = words[at + 2] === ASYNC;
  const flags = words.slice(at + (isAsync ? 3 : 2), Math.max(end, 0)).map(unquote);
  const options = readOptions(flags);
  if (options === undefined) return undefined;
  return {
    moment,
    ...(moment === "drain" ? { via: "spool" } : {}),
    ...(program === "perfmon" ? {} : { program: unquote(program) }),
    ...(isAsync ? { isAsync } : {}),
    options,
  };
}

/** Whether a line records with perfmon, whoever wrote it. */
export function mentionsPerfmon(line: string): boolean {
  return /\bperfmon\b['"]?\s+rec\s+(start|end|event)\b|\b(echo|printf '%s\\n') ["']perfmon \d /
    .test(line);
}

/** The options as a person types them, e.g. `--params --max-lines 2000`. */
export function writeOptions(options: HookOptions): string {
  return HOOK_FLAGS.flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    return takesValue(name) ? [`--${name}`, quoteWhereNeeded(String(value))] : [`--${name}`];
  }).join(" ");
}

/** Whether a hook may answer Claude Code on its stdout: only one with an alert has something to say. */
export function canAnswer(options: HookOptions): boolean {
  return HOOK_FLAGS.some((name) => isAlertFlag(name) && options[name] !== undefined);
}

function takesValue(name: HookFlag): boolean {
  return REC_FLAGS[name].kind !== "switch";
}

/** Where rows are written to, and how many stay; what waits in a spool says itself how it is to be recorded. */
const FLAGS_OF_LOG: readonly string[] = ["layout", "max-lines", "keep", "history", "file"];

/** The options that make sense at a moment: only the end of a call gives alerts, only its start has it watched. */
export function optionsAt(moment: Moment, options: HookOptions): HookOptions {
  const isOfLog = moment === "drain" || moment === "finish";
  const isOf = (name: string): boolean =>
    isOfLog
      ? FLAGS_OF_LOG.includes(name)
      : name === "watch"
      ? moment === "start"
      : moment === "end" || !isAlertFlag(name);
  return Object.fromEntries(Object.entries(options).filter(([name]) => isOf(name)));
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
