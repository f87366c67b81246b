import { IntegerReader, IntegerWriter } from "./integers.ts";

/**
 * How a column's values are foretold, so that small numbers are left of them. `time`: the call before;
 * `same`: the last call of its session; `pair`: a start by the end before it in its session, its end by
 * that start; `none`: not at all.
 */
type Kind = "none" | "time" | "same" | "pair";

interface Column {
  readonly kind: Kind;
  /** So many units of the column make one whole number: decimals beyond are lost. */
  readonly scale?: number;
}

/**
 * The columns of the calls in a page. Names of tools, sessions and so on are places in the lists of
 * the page's head. Times are in seconds since the epoch to a microsecond, `wall` is end − start;
 * a duration of `SAME_AS_WALL` is just that; `wait` is there only where it is not `wall` − `duration`.
 */
const COLUMNS = {
  session: { kind: "none" },
  time: { kind: "time", scale: 1e6 },
  wall: { kind: "none", scale: 1e6 },
  duration: { kind: "none", scale: 1e3 },
  wait: { kind: "none", scale: 1e6 },
  tool: { kind: "none" },
  status: { kind: "none" },
  exitCode: { kind: "none" },
  flags: { kind: "none" },
  project: { kind: "same" },
  agent: { kind: "same" },
  agentType: { kind: "same" },
  version: { kind: "same" },
  process: { kind: "same" },
  survivors: { kind: "none" },
  rssStart: { kind: "pair" },
  rssEnd: { kind: "pair" },
  cpuStart: { kind: "pair", scale: 100 },
  cpuEnd: { kind: "pair", scale: 100 },
  childCpuStart: { kind: "pair", scale: 100 },
  childCpuEnd: { kind: "pair", scale: 100 },
  percentStart: { kind: "pair", scale: 10 },
  percentEnd: { kind: "pair", scale: 10 },
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof COLUMNS;

export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

/** A value for each call in each column; `NaN` is "not known". */
export type CallColumns = Readonly<Record<ColumnName, Float64Array>>;

/** A duration that is the time between the two rows. */
export const SAME_AS_WALL = -1;

/** Empty columns for so many calls. */
export function makeColumns(calls: number): CallColumns {
  return Object.fromEntries(
    COLUMN_NAMES.map((name) => [name, new Float64Array(calls).fill(NaN)]),
  ) as unknown as CallColumns;
}

/** Each column as bytes. */
export function encodeColumns(columns: CallColumns): Uint8Array[] {
  const writers = COLUMN_NAMES.map(() => new IntegerWriter());
  code(columns, (place, foretold, value) => {
    writers[place]!.write(value - foretold);
    return value;
  });
  return writers.map((writer) => writer.take());
}

/** The columns that `encodeColumns` made bytes of. */
export function decodeColumns(parts: readonly Uint8Array[], calls: number): CallColumns {
  const readers = COLUMN_NAMES.map((_, place) => new IntegerReader(parts[place]!));
  const columns = makeColumns(calls);
  code(columns, (place, foretold) => readers[place]!.read() + foretold);
  return columns;
}

/** Takes and returns a whole number of a column's steps. */
type Coder = (place: number, foretold: number, value: number) => number;

/** Goes through the columns, each from the first call to the last; writes back what `coder` returns. */
function code(columns: CallColumns, coder: Coder): void {
  const calls = columns.session.length;
  for (let place = 0; place < COLUMN_NAMES.length; place++) {
    const name = COLUMN_NAMES[place]!;
    const { kind, scale = 1 }: Column = COLUMNS[name];
    const values = columns[name];
    if (kind === "pair") {
      codePair(columns, place, scale, coder);
      place++;
      continue;
    }
    /** The last known value: of all calls, or of each session. */
    const last: number[] = [0];
    for (let call = 0; call < calls; call++) {
      const series = kind === "same" ? columns.session[call]! : 0;
      const foretold = kind === "none" ? 0 : last[series] ?? 0;
      const value = coder(place, foretold, Math.round(values[call]! * scale));
      if (!Number.isNaN(value)) last[series] = value;
      values[call] = value / scale;
    }
  }
}

/** As `code`, for the column at `place` and the next. */
function codePair(columns: CallColumns, place: number, scale: number, coder: Coder): void {
  const starts = columns[COLUMN_NAMES[place]!];
  const ends = columns[COLUMN_NAMES[place + 1]!];
  const last: number[] = [];
  for (let call = 0; call < starts.length; call++) {
    const series = columns.session[call]!;
    const before = last[series] ?? 0;
    const start = coder(place, before, Math.round(starts[call]! * scale));
    const foretold = Number.isNaN(start) ? before : start;
    const end = coder(place + 1, foretold, Math.round(ends[call]! * scale));
    last[series] = Number.isNaN(end) ? foretold : end;
    starts[call] = start / scale;
    ends[call] = end / scale;
  }
}
