import type { CallColumns, RowFigures } from "../calls/call_columns.ts";
import { IMPORTED, numberOf, REVERSED, SHARED, STATUSES } from "../calls/call_state.ts";
import { CHILD_CPU_SECONDS, CPU_PERCENT, MEMORY_RSS } from "../row/row_view.ts";
import { quantileOf } from "../stats/select.ts";
import { mean } from "../stats/quantiles.ts";
import type { Group, GroupKind, Summary } from "./summary.ts";

const ERROR = numberOf("error");
const INTERRUPTED = numberOf("interrupted");
const BACKGROUND = numberOf("background");
const UNKNOWN = numberOf("unknown");

/**
 * The figures of a group of calls. What takes a pass of its own is worked out when it is asked for: a report
 * shows few of them, and a large log has many calls.
 */
export class Tally implements Summary {
  readonly name: string;
  readonly kind: GroupKind;
  readonly failed: number | undefined;
  readonly interrupted: number;
  readonly background: number;
  readonly imported: number;
  readonly maxSeconds: number | undefined;
  readonly waitSeconds: number | undefined;
  /** In any order, without background calls. */
  private readonly durations: Float64Array;
  /** The flags that any of the calls has. */
  private readonly anyFlags: number;
  /** The sum of all durations. */
  private readonly sum: number | undefined;
  private readonly quantiles = new Map<number, number | undefined>();
  private total: number | undefined;
  private cpuFigures: Cpu | undefined;
  private rssLevels: Levels | undefined;
  private cpuPercentLevels: Levels | undefined;

  /**
   * @param indices Calls that ended, in order of time.
   * @param whole All calls of the report; this one, where there is no other.
   */
  constructor(
    { name, kind }: Group,
    private readonly columns: CallColumns,
    private readonly indices: Int32Array,
    private readonly whole?: Tally,
  ) {
    this.name = name;
    this.kind = kind;
    const { status, flags, duration, wait } = columns;
    const counts = new Int32Array(STATUSES.length);
    const durations = new Float64Array(indices.length);
    let [anyFlags, imported, timed, longest] = [0, 0, 0, -Infinity];
    let [seconds, known, waited, knownWaits] = [0, 0, 0, 0];
    for (let at = 0; at < indices.length; at++) {
      const call = indices[at]!;
      const ending = status[call]!;
      counts[ending]!++;
      const bits = flags[call]!;
      anyFlags |= bits;
      if ((bits & IMPORTED) !== 0) imported++;
      const took = duration[call]!;
      if (took === took) { // not NaN
        seconds += took;
        known++;
        if (ending !== BACKGROUND) {
          durations[timed++] = took;
          if (took > longest) longest = took;
        }
      }
      const waiting = wait[call]!;
      if (waiting === waiting) {
        waited += waiting;
        knownWaits++;
      }
    }
    this.failed = counts[UNKNOWN]! < indices.length ? counts[ERROR]! : undefined;
    this.interrupted = counts[INTERRUPTED]!;
    this.background = counts[BACKGROUND]!;
    this.imported = imported;
    this.anyFlags = anyFlags;
    this.durations = durations.subarray(0, timed);
    this.maxSeconds = timed === 0 ? undefined : longest;
    this.sum = known === 0 ? undefined : seconds;
    this.waitSeconds = knownWaits === 0 ? undefined : waited;
  }

  get calls(): number {
    return this.indices.length;
  }

  get timed(): number {
    return this.durations.length;
  }
  get meanSeconds(): number | undefined {
    return mean(this.durations);
  }
  get p50Seconds(): number | undefined {
    return this.quantile(0.5);
  }
  get p95Seconds(): number | undefined {
    return this.quantile(0.95);
  }
  get p99Seconds(): number | undefined {
    return this.quantile(0.99);
  }
  get totalSeconds(): number | undefined {
    // A tool's total is a sum; that of a session, a day or all is the time that passed.
    const isUnion = this.kind === "all" || this.kind === "other";
    return this.total ??= isUnion ? this.unionOf(this.columns.duration) ?? this.sum : this.sum;
  }
  get shareOfTime(): number | undefined {
    const { totalSeconds } = this;
    const whole = (this.whole ?? this).totalSeconds;
    return totalSeconds === undefined || !whole ? undefined : totalSeconds / whole;
  }
  get cpuSeconds(): number | undefined {
    return this.cpu.seconds;
  }
  get isCpuShared(): boolean {
    return this.cpu.isShared;
  }
  get rssMean(): number | undefined {
    return this.rss.mean;
  }
  get rssMax(): number | undefined {
    return this.rss.max;
  }
  get rssEnd(): number | undefined {
    return this.rss.endMean;
  }
  get cpuPercentMean(): number | undefined {
    return this.cpuPercent.mean;
  }
  get cpuPercentMax(): number | undefined {
    return this.cpuPercent.max;
  }
  get cpuPercentDuring(): number | undefined {
    const seconds = this.unionOf(this.columns.cpu) ?? 0;
    const { cpuSeconds } = this;
    return cpuSeconds === undefined || seconds <= 0 ? undefined : 100 * cpuSeconds / seconds;
  }
  get growth(): number | undefined {
    return growthOf(this.columns, this.indices);
  }

  private get cpu(): Cpu {
    return this.cpuFigures ??= cpuOf(this.columns, this.indices, this.anyFlags);
  }
  private get rss(): Levels {
    return this.rssLevels ??= levelsOf(this.columns.figures(MEMORY_RSS), this.indices);
  }
  private get cpuPercent(): Levels {
    return this.cpuPercentLevels ??= levelsOf(this.columns.figures(CPU_PERCENT), this.indices);
  }

  private quantile(p: number): number | undefined {
    if (!this.quantiles.has(p)) this.quantiles.set(p, quantileOf(this.durations, p));
    return this.quantiles.get(p);
  }

  /** How long any call ran of those whose own time, and the given figure, is known. */
  private unionOf(figure: Float64Array): number | undefined {
    const { begins, ends } = this.columns.ownTimes;
    const calls = this.columns.ownTimes.inOrder(this.indices);
    let seconds: number | undefined;
    let until = -Infinity;
    for (let at = 0; at < calls.length; at++) {
      const call = calls[at]!;
      const end = ends[call]!;
      if (figure[call] !== figure[call] || end <= until) continue; // NaN is not itself
      seconds = (seconds ?? 0) + end - Math.max(begins[call]!, until);
      until = end;
    }
    return seconds;
  }
}

/** What a figure was over the rows of calls. */
interface Levels {
  readonly mean: number | undefined;
  readonly max: number | undefined;
  /** Over the end rows. */
  readonly endMean: number | undefined;
}

function levelsOf({ start, end }: RowFigures, indices: Int32Array): Levels {
  let [total, count, max] = [0, 0, -Infinity];
  let [endTotal, endCount] = [0, 0];
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const before = start[call]!;
    if (before === before) { // not NaN
      total += before;
      count++;
      if (before > max) max = before;
    }
    const after = end[call]!;
    if (after === after) {
      total += after;
      count++;
      endTotal += after;
      endCount++;
      if (after > max) max = after;
    }
  }
  return {
    mean: count === 0 ? undefined : total / count,
    max: count === 0 ? undefined : max,
    endMean: endCount === 0 ? undefined : endTotal / endCount,
  };
}

/** Calls of one process that overlap are taken as one: from the first one's start to the last one's end. */
function growthOf(columns: CallColumns, indices: Int32Array): number | undefined {
  const { time, endTime, growth, process, processes } = columns;
  const { end } = columns.figures(MEMORY_RSS);
  const until = new Float64Array(processes + 1).fill(-Infinity);
  const rss = new Float64Array(processes + 1);
  let [total, known] = [0, 0];
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    if (growth[call] !== growth[call]) continue; // NaN
    known++;
    const number = process[call]!;
    if (time[call]! >= until[number]!) total += growth[call]!;
    else if (endTime[call]! > until[number]!) total += end[call]! - rss[number]!;
    else continue;
    until[number] = endTime[call]!;
    rss[number] = end[call]!;
  }
  return known === 0 ? undefined : total;
}

interface Cpu {
  readonly seconds: number | undefined;
  readonly isShared: boolean;
}

/**
 * The CPU of the tools' processes over calls in order of time. The column is cumulative, so
 * calls of one process that overlap are taken as one: from the first one's start to the last one's end.
 */
function cpuOf(columns: CallColumns, indices: Int32Array, anyFlags: number): Cpu {
  const { time, endTime, cpu, flags, process, processes } = columns;
  const { start, end } = columns.figures(CHILD_CPU_SECONDS);
  // Calls that overlap are marked as shared, unless a clock was set.
  const marks = (anyFlags & REVERSED) === 0 ? SHARED : ~0;
  // By process, the calls that overlap: when they end, and what the column says there.
  const until = new Float64Array(processes + 1).fill(-Infinity);
  const from = new Float64Array(processes + 1);
  const to = new Float64Array(processes + 1);
  let [seconds, known, shared] = [0, 0, 0];
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const own = cpu[call]!;
    if (own !== own) continue; // NaN
    known++;
    shared |= flags[call]! & SHARED;
    if ((flags[call]! & marks) === 0) {
      seconds += own;
      continue;
    }
    const number = process[call]!;
    if (time[call]! >= until[number]! || start[call]! < from[number]!) {
      seconds += own;
      until[number] = endTime[call]!;
      from[number] = start[call]!;
      to[number] = end[call]!;
    } else {
      seconds += Math.max(0, end[call]! - to[number]!);
      until[number] = Math.max(until[number]!, endTime[call]!);
      to[number] = Math.max(to[number]!, end[call]!);
    }
  }
  return { seconds: known === 0 ? undefined : seconds, isShared: shared !== 0 };
}
