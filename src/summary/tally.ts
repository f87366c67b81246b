import { IMPORTED, SHARED, UNKNOWN_STATUS } from "../calls/call_flags.ts";
import type { CallTable } from "../calls/call_table.ts";
import { RowCursor } from "../row/row_cursor.ts";
import { CHILD_CPU_SECONDS, CPU_PERCENT, MEMORY_RSS, WORDS } from "../row/row_view.ts";
import { mean, quantileIfEnough, unionLength } from "../stats/quantiles.ts";
import type { GroupKind, Summary } from "./summary.ts";

/**
 * The figures of a group of calls, each worked out when it is asked for: a report shows few of them,
 * and a large log has many calls.
 */
export class Tally implements Summary {
  readonly failed: number | undefined;
  readonly interrupted: number;
  readonly background: number;
  readonly imported: number;
  private sorted: Float64Array | undefined;
  private total: number | undefined;
  private cpu: { seconds: number | undefined; isShared: boolean } | undefined;

  /**
   * @param indices Calls that ended, in order of time.
   * @param whole All calls of the report; this one, where there is no other.
   */
  constructor(
    readonly name: string,
    readonly kind: GroupKind,
    private readonly table: CallTable,
    private readonly indices: Int32Array,
    private readonly whole?: Tally,
  ) {
    const counts = new Int32Array(16); // by status
    let imported = 0;
    for (let place = 0; place < indices.length; place++) {
      const call = indices[place]!;
      counts[table.status[call]!]!++;
      if ((table.flags[call]! & IMPORTED) !== 0) imported++;
    }
    const knowsStatus = counts[UNKNOWN_STATUS]! < indices.length;
    this.failed = knowsStatus ? counts[WORDS.error]! : undefined;
    this.interrupted = counts[WORDS.interrupted]!;
    this.background = counts[WORDS.background]!;
    this.imported = imported;
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
    return quantileIfEnough(this.durations, 0.5);
  }
  get p95Seconds(): number | undefined {
    return quantileIfEnough(this.durations, 0.95);
  }
  get p99Seconds(): number | undefined {
    return quantileIfEnough(this.durations, 0.99);
  }
  get maxSeconds(): number | undefined {
    return this.durations.at(-1);
  }
  get totalSeconds(): number | undefined {
    return this.total ??= this.overlapsOnce
      ? this.unionOf(this.table.duration) ?? sum(this.indices, this.table.duration)
      : sum(this.indices, this.table.duration);
  }
  get shareOfTime(): number | undefined {
    const { totalSeconds } = this;
    const whole = (this.whole ?? this).totalSeconds;
    return totalSeconds === undefined || !whole ? undefined : totalSeconds / whole;
  }
  get waitSeconds(): number | undefined {
    return sum(this.indices, this.table.wait);
  }
  get cpuSeconds(): number | undefined {
    return (this.cpu ??= cpuOf(this.table, this.indices)).seconds;
  }
  get isCpuShared(): boolean {
    return (this.cpu ??= cpuOf(this.table, this.indices)).isShared;
  }
  get rssMean(): number | undefined {
    return this.series(MEMORY_RSS).mean;
  }
  get rssMax(): number | undefined {
    return this.series(MEMORY_RSS).max;
  }
  get rssEnd(): number | undefined {
    return this.series(MEMORY_RSS, true).mean;
  }
  get cpuPercentMean(): number | undefined {
    return this.series(CPU_PERCENT).mean;
  }
  get cpuPercentMax(): number | undefined {
    return this.series(CPU_PERCENT).max;
  }
  get cpuPercentDuring(): number | undefined {
    const seconds = this.unionOf(this.table.cpu) ?? 0;
    const { cpuSeconds } = this;
    return cpuSeconds === undefined || seconds <= 0 ? undefined : 100 * cpuSeconds / seconds;
  }
  get growth(): number | undefined {
    return growthOf(this.table, this.indices);
  }

  /** Ascending, without background calls. */
  private get durations(): Float64Array {
    if (this.sorted !== undefined) return this.sorted;
    const { duration, status } = this.table;
    const values = new Float64Array(this.indices.length);
    let count = 0;
    for (let place = 0; place < this.indices.length; place++) {
      const call = this.indices[place]!;
      const value = duration[call]!;
      if (value === value && status[call] !== WORDS.background) values[count++] = value;
    }
    return this.sorted = values.subarray(0, count).sort();
  }

  /** A tool's total is a sum; that of a session, a day or all is the time that passed. */
  private get overlapsOnce(): boolean {
    return this.kind === "all" || this.kind === "other";
  }

  /** How long any call ran of those whose duration, and the given figure, is known; its own time ends with its end row. */
  private unionOf(figure: Float64Array): number | undefined {
    const { duration, endTime } = this.table;
    const starts = new Float64Array(this.indices.length);
    const ends = new Float64Array(this.indices.length);
    let count = 0;
    for (let place = 0; place < this.indices.length; place++) {
      const call = this.indices[place]!;
      const end = endTime[call]!;
      const start = end - duration[call]!;
      if (start !== start || figure[call] !== figure[call]) continue;
      starts[count] = start;
      ends[count++] = end;
    }
    return count === 0
      ? undefined
      : unionLength(starts.subarray(0, count), ends.subarray(0, count));
  }

  /** Of the rows at start and end, or at the end only. */
  private series(place: number, endsOnly = false): { mean?: number; max?: number } {
    const { starts, ends, rows } = this.table;
    const cursor = new RowCursor(rows);
    let total = 0;
    let count = 0;
    let max = -Infinity;
    const add = (row: number): void => {
      const value = row < 0 ? NaN : cursor.at(row).number(place);
      if (value !== value) return;
      total += value;
      count++;
      if (value > max) max = value;
    };
    for (let place = 0; place < this.indices.length; place++) {
      const call = this.indices[place]!;
      if (!endsOnly) add(starts[call]!);
      add(ends[call]!);
    }
    return count === 0 ? {} : { mean: total / count, max };
  }
}

/** The sum of the values that are known; `undefined` where none is. */
function sum(indices: Int32Array, values: Float64Array): number | undefined {
  let total = 0;
  let count = 0;
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const value = values[call]!;
    if (value !== value) continue;
    total += value;
    count++;
  }
  return count === 0 ? undefined : total;
}

/** Calls of one process that overlap are taken as one: from the first one's start to the last one's end. */
function growthOf(table: CallTable, indices: Int32Array): number | undefined {
  const { ends, time, endTime, growth, process, processes } = table;
  const cursor = new RowCursor(table.rows);
  const until = new Float64Array(processes).fill(-Infinity);
  const rss = new Float64Array(processes);
  let total: number | undefined;
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    if (growth[call] !== growth[call]) continue;
    const number = process[call]!;
    const at = cursor.at(ends[call]!).number(MEMORY_RSS);
    if (time[call]! >= until[number]!) total = (total ?? 0) + growth[call]!;
    else if (endTime[call]! > until[number]!) total = (total ?? 0) + at - rss[number]!;
    else continue;
    until[number] = endTime[call]!;
    rss[number] = at;
  }
  return total;
}

/**
 * The CPU of the tools' processes over calls in order of time. The column is cumulative, so
 * calls of one process that overlap are taken as one: from the first one's start to the last one's end.
 */
function cpuOf(
  table: CallTable,
  indices: Int32Array,
): { seconds: number | undefined; isShared: boolean } {
  const { starts, ends, time, endTime, cpu, flags, process, processes } = table;
  const cursor = new RowCursor(table.rows);
  // By process, the calls that overlap: when they end, and what the column says there.
  const until = new Float64Array(processes).fill(-Infinity);
  const from = new Float64Array(processes);
  const to = new Float64Array(processes);
  let seconds: number | undefined;
  let isShared = false;
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    if (cpu[call] !== cpu[call]) continue;
    if ((flags[call]! & SHARED) !== 0) isShared = true;
    const number = process[call]!;
    const start = cursor.at(starts[call]!).number(CHILD_CPU_SECONDS);
    const end = cursor.at(ends[call]!).number(CHILD_CPU_SECONDS);
    if (time[call]! >= until[number]! || start < from[number]!) {
      seconds = (seconds ?? 0) + cpu[call]!;
      until[number] = endTime[call]!;
      from[number] = start;
      to[number] = end;
    } else {
      seconds = (seconds ?? 0) + Math.max(0, end - to[number]!);
      until[number] = Math.max(until[number]!, endTime[call]!);
      to[number] = Math.max(to[number]!, end);
    }
  }
  return { seconds, isShared };
}
