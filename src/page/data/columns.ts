import { FLAG } from "./head.ts";
import { decodeIntegers, encodeIntegers } from "./integers.ts";

/**
 * Columns of places in the lists of the page's head (tools, sessions …) and of `STATUSES`, and of the bits
 * of `FLAG`. -1 is "not known".
 */
const PLACES = [
  ...["session", "tool", "status", "flags"] as const,
  ...["project", "agent", "agentType", "version", "process"] as const,
] as const;

/**
 * Columns of figures, and how many steps make a unit: decimals beyond are lost. `NaN` is "not known".
 * Times are in seconds since the epoch, `wall` is end − start. Memory in KiB, CPU in seconds or per cent.
 * As bytes a duration that is just `wall` is `SAME_AS_WALL`, and a wait is there only where it does not
 * follow from both (`FLAG.derivesWait`).
 */
const FIGURES = {
  time: 1e6,
  wall: 1e6,
  duration: 1e3,
  wait: 1e6,
  exitCode: 1,
  survivors: 1,
  rssStart: 1,
  rssEnd: 1,
  cpuStart: 100,
  cpuEnd: 100,
  childCpuStart: 100,
  childCpuEnd: 100,
  percentStart: 10,
  percentEnd: 10,
} as const;

type Place = typeof PLACES[number];
type Figure = keyof typeof FIGURES;

const FIGURE_NAMES = Object.keys(FIGURES) as readonly Figure[];
const NAMES: readonly (Place | Figure)[] = [...PLACES, ...FIGURE_NAMES];

/** How many parts `encodeColumns` makes. */
export const COLUMN_COUNT = NAMES.length;

/** A value for each call in each column. */
export type CallColumns =
  & Readonly<Record<Place, Int32Array>>
  & Readonly<Record<Figure, Float64Array>>;

/** The same as whole numbers of steps. */
type Steps = Readonly<Record<Place | Figure, Float64Array>>;

/** A duration that is the time between the two rows. */
export const SAME_AS_WALL = -0.001;

/** Columns for so many calls, of which nothing is known yet. */
export function makeColumns(calls: number): CallColumns {
  return Object.fromEntries([
    ...PLACES.map((name) => [name, new Int32Array(calls).fill(-1)]),
    ...FIGURE_NAMES.map((name) => [name, new Float64Array(calls).fill(NaN)]),
  ]) as CallColumns;
}

/** Each column as bytes. */
export function encodeColumns(columns: CallColumns): Uint8Array[] {
  const steps = Object.fromEntries([
    ...PLACES.map((name) => [
      name,
      Float64Array.from(columns[name], (place) => place < 0 ? NaN : place),
    ]),
    ...FIGURE_NAMES.map((name) => [
      name,
      columns[name].map((value) => Math.round(value * FIGURES[name])),
    ]),
  ]) as Steps;
  foretell(steps, columns.session, "subtract");
  return NAMES.map((name) => encodeIntegers(steps[name]));
}

/** The columns that `encodeColumns` made bytes of. */
export function decodeColumns(parts: readonly Uint8Array[], calls: number): CallColumns {
  const steps = Object.fromEntries(
    NAMES.map((name, index) => [name, decodeIntegers(parts[index]!, calls)]),
  ) as Steps;
  foretell(steps, toPlaces(steps.session), "add");
  for (const name of FIGURE_NAMES) {
    const values = steps[name];
    const scale = FIGURES[name];
    if (scale === 1) continue;
    for (let call = 0; call < calls; call++) values[call]! /= scale;
  }
  const columns = Object.fromEntries([
    ...PLACES.map((name) => [name, toPlaces(steps[name])]),
    ...FIGURE_NAMES.map((name) => [name, steps[name]]),
  ]) as CallColumns;
  derive(columns);
  return columns;
}

/** Puts in the durations and waits that follow from other columns. */
function derive({ duration, wait, wall, flags }: CallColumns): void {
  for (let call = 0; call < wall.length; call++) {
    if (duration[call] === SAME_AS_WALL) duration[call] = wall[call]!;
    if ((flags[call]! & FLAG.derivesWait) === 0) continue;
    wait[call] = Math.max(0, wall[call]! - duration[call]!);
  }
}

function toPlaces(steps: Float64Array): Int32Array {
  const places = new Int32Array(steps.length);
  for (let call = 0; call < steps.length; call++) {
    const place = steps[call]!;
    places[call] = place === place ? place : -1; // NaN is not itself
  }
  return places;
}

/** `subtract` leaves the difference to what was to be expected, `add` undoes it. */
type Direction = "subtract" | "add";

/** What is the same from call to call of a session, and so is foretold by the one before. */
const STEADY = ["project", "agent", "agentType", "version", "process"] as const;

/** What a start has from the end before it in its session, and an end from its start. */
const PAIRS = [
  ["rssStart", "rssEnd"],
  ["cpuStart", "cpuEnd"],
  ["childCpuStart", "childCpuEnd"],
  ["percentStart", "percentEnd"],
] as const;

/** Makes small numbers of large ones, or the other way round. */
function foretell(steps: Steps, sessions: Int32Array, direction: Direction): void {
  shift(steps.time, steps.time, new Int32Array(sessions.length), direction);
  for (const name of STEADY) shift(steps[name], steps[name], sessions, direction);
  for (const [start, end] of PAIRS) shift(steps[start], steps[end], sessions, direction);
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
    const session = sessions[call]! + 1;
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
