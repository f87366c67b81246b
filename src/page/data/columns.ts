import type { RowFigures } from "../../calls/call_columns.ts";
import { NUMBER_COLUMNS, TEXT_COLUMNS, type TextColumn } from "../../row/row_view.ts";
import type { Sample } from "../../row/sample.ts";
import { decodeIntegers, encodeIntegers } from "./integers.ts";

/**
 * Members of rows that a page does not store as they are: what its calls say in another form, and what
 * would take as much room as all others and is shown nowhere.
 */
export const NOT_STORED = [
  ...["timestamp", "durationMs", "event", "status", "pid", "processStart", "params"] as const,
  ...["toolUseId", "treeRss"] as const,
] as const satisfies readonly (keyof Sample)[];

export type TextKey = Exclude<TextColumn["key"], typeof NOT_STORED[number]>;

function isStored<Key extends keyof Sample>(
  key: Key,
): key is Exclude<Key, typeof NOT_STORED[number]> {
  return !NOT_STORED.some((each) => each === key);
}

/** The log's columns of texts that a page stores, and their places in a row. A page's head lists the texts. */
export const TEXTS = TEXT_COLUMNS.flatMap(({ key }, place): { key: TextKey; place: number }[] =>
  isStored(key) ? [{ key, place }] : []
);
export const TEXT_KEYS: readonly TextKey[] = TEXTS.map(({ key }) => key);

/** The log's columns of figures that a page stores, each as it is at the start and at the end of a call. */
export const FIGURES = NUMBER_COLUMNS.flatMap(({ key, digits }, place) =>
  isStored(key) ? [{ key, place, steps: 10 ** digits }] : []
);

/** How a call stands (its place in `STATUSES`), the bits of call_state.ts, the number of its process in the head's list. */
export const NUMBERS = ["status", "flags", "process"] as const;

/** Columns of seconds, and how many steps make one. `time` is since the epoch, `wall` end − start, `prompt` NaN where nobody was asked. */
export const TIMES = { time: 1e6, wall: 1e6, duration: 1e3, wait: 1e6, prompt: 1e6 } as const;

/** A column of figures as they are. */
export type NumberName = typeof NUMBERS[number];
/** A column of times, stored as whole numbers. */
export type TimeName = keyof typeof TIMES;
const TIME_NAMES = Object.keys(TIMES) as readonly TimeName[];

/** The columns of the calls of a page: figures, times and texts by number. */
export interface Columns<Numbers> {
  readonly numbers: Readonly<Record<NumberName, Numbers>>;
  /** Numbers in the head's lists, from 1; 0 is "not known". */
  readonly texts: Readonly<Record<TextKey, Numbers>>;
  readonly times: Readonly<Record<TimeName, Float64Array>>;
  /** In the order of `FIGURES`. */
  readonly figures: readonly RowFigures[];
}

/** What a page stores of its calls, a value for each in each column; `NaN` is "not known". Decimals beyond a step are lost. */
export type StoredColumns = Columns<Int32Array>;

/** The same as whole numbers of steps; `NaN` stands for 0 in columns of numbers, which takes no room. */
type Steps = Columns<Float64Array>;

/** How many parts `encodeColumns` makes. */
export const COLUMN_COUNT = NUMBERS.length + TEXTS.length + TIME_NAMES.length + 2 * FIGURES.length;

/** Makes something under each name. */
export function recordOf<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}

/** Each column as bytes. */
export function encodeColumns({ numbers, texts, times, figures }: StoredColumns): Uint8Array[] {
  const zeroLess = (values: Int32Array): Float64Array =>
    Float64Array.from(values, (value) => value || NaN);
  const scaled = (values: Float64Array, steps: number): Float64Array =>
    values.map((value) => Math.round(value * steps));
  const steps: Steps = {
    numbers: recordOf(NUMBERS, (name) => zeroLess(numbers[name])),
    texts: recordOf(TEXT_KEYS, (key) => zeroLess(texts[key])),
    times: recordOf(TIME_NAMES, (name) => scaled(times[name], TIMES[name])),
    figures: figures.map(({ start, end }, index) => {
      const { steps } = FIGURES[index]!;
      return { start: scaled(start, steps), end: scaled(end, steps) };
    }),
  };
  leaveOut(steps.times, times);
  foretell(steps, texts.sessionId, "subtract");
  return partsOf(steps).map(encodeIntegers);
}

function partsOf({ numbers, texts, times, figures }: Steps): Float64Array[] {
  return [
    ...[numbers, texts, times].flatMap((each) => Object.values(each)),
    ...figures.flatMap(({ start, end }) => [start, end]),
  ];
}

/** The columns that `encodeColumns` made bytes of. */
export function decodeColumns(parts: readonly Uint8Array[], calls: number): StoredColumns {
  const left = [...parts];
  const next = (): Float64Array => decodeIntegers(left.shift()!, calls);
  // Of most logs many figures are not known: one column stands for all of these.
  const unknown = new Float64Array(calls).fill(NaN);
  const nextFigure = (): Float64Array => {
    const bytes = left.shift()!;
    return bytes.length === 0 ? unknown : decodeIntegers(bytes, calls);
  };
  const steps: Steps = {
    numbers: recordOf(NUMBERS, next),
    texts: recordOf(TEXT_KEYS, next),
    times: recordOf(TIME_NAMES, next),
    figures: FIGURES.map(() => ({ start: nextFigure(), end: nextFigure() })),
  };
  const isKnown = ({ start, end }: RowFigures): boolean => start !== unknown || end !== unknown;
  const known = steps.figures.filter(isKnown);
  foretell({ ...steps, figures: known }, new Int32Array(steps.texts.sessionId), "add");
  putBack(steps.times);
  steps.figures.forEach(({ start, end }, index) => {
    for (const values of [start, end]) {
      if (values !== unknown) divide(values, FIGURES[index]!.steps);
    }
  });
  // In whole numbers NaN becomes 0.
  return {
    ...steps,
    numbers: recordOf(NUMBERS, (name) => new Int32Array(steps.numbers[name])),
    texts: recordOf(TEXT_KEYS, (key) => new Int32Array(steps.texts[key])),
  };
}

function divide(values: Float64Array, steps: number): void {
  if (steps === 1) return;
  for (let call = 0; call < values.length; call++) values[call]! /= steps;
}

/** Stands for a duration that is just `wall`. */
const SAME_AS_WALL = -1;
/** Stands for a wait that is not known; where nothing stands, it is what `wall` exceeds a duration of its own by. */
const UNKNOWN_WAIT = -1;
/** Seconds, as times are rounded in the log and in a page. */
const TOLERANCE = 2e-6;

/** Leaves out what follows from other columns, which is most. */
function leaveOut(steps: Steps["times"], { wall, duration, wait }: StoredColumns["times"]): void {
  for (let call = 0; call < wall.length; call++) {
    const isWall = Math.abs(duration[call]! - wall[call]!) < TOLERANCE;
    if (isWall) steps.duration[call] = SAME_AS_WALL;
    const rest = isWall ? NaN : Math.max(0, wall[call]! - duration[call]!);
    if (Math.abs(wait[call]! - rest) < TOLERANCE) steps.wait[call] = NaN;
    else if (Number.isNaN(wait[call]) && !Number.isNaN(rest)) steps.wait[call] = UNKNOWN_WAIT;
  }
}

/** Makes seconds of steps, and puts in what was left out. */
function putBack({ time, wall, duration, wait, prompt }: Steps["times"]): void {
  divide(prompt, TIMES.prompt);
  for (let call = 0; call < wall.length; call++) {
    time[call]! /= TIMES.time;
    const seconds = wall[call]! /= TIMES.wall;
    const isWall = duration[call] === SAME_AS_WALL;
    const took = duration[call] = isWall ? seconds : duration[call]! / TIMES.duration;
    const waited = wait[call]!;
    if (waited === waited) wait[call] = waited === UNKNOWN_WAIT ? NaN : waited / TIMES.wait; // not NaN
    else if (!isWall) wait[call] = Math.max(0, seconds - took);
  }
}

/** `subtract` leaves the difference to what was to be expected, `add` undoes it. */
type Direction = "subtract" | "add";

/** Makes small numbers of large ones, or the other way round. */
function foretell(
  { numbers, texts, times, figures }: Steps,
  sessions: Int32Array,
  direction: Direction,
): void {
  shift(times.time, times.time, new Int32Array(sessions.length), direction);
  // The same from call to call of a session, and so foretold by the one before; but its tools are not.
  const { toolName: _tools, sessionId: _sessions, command: _commands, ...steady } = texts;
  for (const values of [numbers.process, ...Object.values(steady)]) {
    shift(values, values, sessions, direction);
  }
  // A start has them from the end before it in its session, an end from its start.
  for (const { start, end } of figures) shift(start, end, sessions, direction);
}

/** Goes through a series' starts and ends in turn; a series of single values has the same array twice. */
function shift(
  starts: Float64Array,
  ends: Float64Array,
  sessions: Int32Array,
  direction: Direction,
): void {
  const isSingle = starts === ends;
  const sign = direction === "add" ? 1 : -1;
  const last: number[] = [];
  for (let call = 0; call < starts.length; call++) {
    const session = sessions[call]!;
    let before = last[session] ?? 0;
    const start = starts[call]!;
    if (start === start) { // not NaN
      starts[call] = start + sign * before;
      before = direction === "add" ? starts[call]! : start;
    }
    const end = isSingle ? NaN : ends[call]!;
    if (end === end) {
      ends[call] = end + sign * before;
      before = direction === "add" ? ends[call]! : end;
    }
    last[session] = before;
  }
}
