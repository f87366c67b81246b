import type { Layout } from "../row/columns.ts";
import type { CallEvent } from "../row/sample.ts";

/** The kinds of flags, each with the type that a flag's value is read as. */
export interface ValueByKind {
  readonly switch: boolean;
  readonly text: string;
  readonly count: number;
  readonly pid: number;
  readonly layout: Layout;
  /** A limit of the history: `0`, an age such as `90d`, a size such as `32MiB`, or both with a comma. */
  readonly history: string;
  /** A threshold such as `60s`; read when a call ends, because most hooks have none. */
  readonly alert: string;
}

/** One flag of `perfmon rec`. */
export interface RecFlagSpec {
  readonly kind: keyof ValueByKind;
  /** The value where the flag is not given; a flag without it has none then. */
  readonly default?: boolean | number | string;
  /** Whether an installed hook's line may carry it. */
  readonly inHook?: true;
}

/**
 * The flags of `perfmon rec`, without the dashes: the one table that the parser, the help (in
 * record/rec_help.ts, by the same names), the completions and the hooks' lines are made from. A hook's
 * line has its flags in the order of this table: the place of a flag that was released never changes,
 * because lines that older releases wrote are known by it.
 */
export const REC_FLAGS = {
  params: { kind: "switch", default: false, inHook: true },
  layout: { kind: "layout", default: "full", inHook: true },
  "max-lines": { kind: "count", default: 1000, inHook: true },
  keep: { kind: "count", default: 500, inHook: true },
  history: { kind: "history", default: "90d", inHook: true },
  file: { kind: "text", inHook: true },
  "alert-duration": { kind: "alert", inHook: true },
  "alert-rss": { kind: "alert", inHook: true },
  "alert-cpu": { kind: "alert", inHook: true },
  command: { kind: "switch", default: false, inHook: true },
  watch: { kind: "switch", default: false, inHook: true },
  "alert-peak": { kind: "alert", inHook: true },
  /** Said by hooks that nobody waits for. Not `inHook`: the line has it by its form, no person chooses it. */
  async: { kind: "switch", default: false },
  tool: { kind: "text" },
  pid: { kind: "pid" },
  strict: { kind: "switch", default: false },
} as const satisfies Readonly<Record<string, RecFlagSpec>>;

/** The name of a flag of `perfmon rec`, without the dashes. */
export type RecFlag = keyof typeof REC_FLAGS;

/** The names of the flags whose entry in `REC_FLAGS` has these members. */
export type FlagWith<Members> = {
  [Flag in RecFlag]: typeof REC_FLAGS[Flag] extends Members ? Flag : never;
}[RecFlag];

/** A flag that an installed hook's line may carry. */
export type HookFlag = FlagWith<{ inHook: true }>;

/** A flag that gives a threshold to alert at. */
export type AlertFlag = FlagWith<{ kind: "alert" }>;

/** A flag that has a value also where it is not given. */
export type FlagWithDefault = FlagWith<{ default: unknown }>;

/** The values of some flags, by their names. */
export type FlagValues<Flag extends RecFlag> = {
  readonly [Each in Flag]: ValueByKind[typeof REC_FLAGS[Each]["kind"]];
};

/** What `perfmon rec` was asked for: the values of its flags, and the event. */
export interface RecOptions
  extends FlagValues<FlagWithDefault>, Partial<FlagValues<Exclude<RecFlag, FlagWithDefault>>> {
  /** What a row without another event in its JSON is. */
  readonly event?: CallEvent;
}

/** The options of a `perfmon rec` without flags. */
export const REC_DEFAULTS: RecOptions = defaults();

/** By a loop: every hook waits for it, and the first `flatMap` and `fromEntries` of a process take longer. */
function defaults(): RecOptions {
  const values: Record<string, RecFlagSpec["default"]> = {};
  for (const [flag, spec] of Object.entries<RecFlagSpec>(REC_FLAGS)) {
    if (spec.default !== undefined) values[flag] = spec.default;
  }
  return values as unknown as RecOptions;
}

/** Whether a name is that of a flag of `perfmon rec`. */
export function isRecFlag(name: string): name is RecFlag {
  return Object.hasOwn(REC_FLAGS, name);
}

/** Whether a name is that of a flag which gives a threshold to alert at. */
export function isAlertFlag(name: string): name is AlertFlag {
  return isRecFlag(name) && REC_FLAGS[name].kind === "alert";
}

/** Whether there is a threshold among the options. */
export function hasAlert(options: RecOptions): boolean {
  for (const name in options) if (isAlertFlag(name)) return true;
  return false;
}
