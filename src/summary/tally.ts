import type { CallColumns, CallView, RowFigures } from "../calls/call_columns.ts";
import { numberOf } from "../calls/call_state.ts";
import { CPU_PERCENT, MEMORY_RSS, OUTPUT_BYTES } from "../row/row_view.ts";
import { quantileOf } from "../stats/select.ts";
import { mean } from "../stats/quantiles.ts";
import { type Cpu, cpuOnce } from "./cpu_once.ts";
import type { Group, GroupKind, Summary } from "./summary.ts";
import type { Sum, Sums } from "./sums.ts";

const ERROR = numberOf("error");
const INTERRUPTED = numberOf("interrupted");
const BACKGROUND = numberOf("background");
const UNKNOWN = numberOf("unknown");

/** The calls of a group. */
export interface Members {
  readonly size: number;
  /** Their numbers, in order of time. */
  readonly members: () => Int32Array;
}

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
  private readonly quantiles = new Map<number, number | undefined>();
  private total: number | undefined;
  private cpuFigures: Cpu | undefined;
  /** The number of the call whose processes held most; −1 where nothing is known of any. */
  private mostMemory: number | undefined;
  private rssLevels: Levels | undefined;
  private cpuPercentLevels: Levels | undefined;

  /**
   * @param sums Of the calls.
   * @param ended The calls, which ended.
   * @param whole All calls of the report; this one, where there is no other.
   */
  constructor(
    { name, kind }: Group,
    private readonly columns: CallColumns,
    private readonly sums: Sums,
    private readonly ended: Members,
    private readonly whole?: Tally,
  ) {
    const { statuses, imported } = sums;
    this.name = name;
    this.kind = kind;
    this.failed = statuses[UNKNOWN]! < ended.size ? statuses[ERROR]! : undefined;
    this.interrupted = statuses[INTERRUPTED]!;
    this.background = statuses[BACKGROUND]!;
    this.imported = imported;
  }

  get calls(): number {
    return this.ended.size;
  }

  get timed(): number {
    return this.sums.durations.length;
  }
  get maxSeconds(): number | undefined {
    return this.timed === 0 ? undefined : this.sums.longest;
  }
  get meanSeconds(): number | undefined {
    return mean(this.sums.durations);
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
    const sum = known(this.sums.duration);
    return this.total ??= isUnion ? this.unionOf(this.columns.duration) ?? sum : sum;
  }
  get shareOfTime(): number | undefined {
    const { totalSeconds } = this;
    const whole = (this.whole ?? this).totalSeconds;
    return totalSeconds === undefined || !whole ? undefined : totalSeconds / whole;
  }
  get waitSeconds(): number | undefined {
    return known(this.sums.wait);
  }
  get promptSeconds(): number | undefined {
    return this.sums.prompt || undefined;
  }
  get gateSeconds(): number | undefined {
    const { waitSeconds } = this;
    return waitSeconds && waitSeconds - this.sums.prompt;
  }
  get cpuSeconds(): number | undefined {
    return this.cpu.seconds;
  }
  get isCpuShared(): boolean {
    return this.cpu.isShared;
  }
  get peakMemory(): number | undefined {
    return this.hungriest?.peakMemory;
  }
  get peakProcess(): string | undefined {
    return this.hungriest?.peakProcess;
  }
  get isPeakProportional(): boolean {
    return this.hungriest?.isPeakProportional === true;
  }
  get isPeakShared(): boolean {
    return this.hungriest?.isPeakShared === true;
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
  get outputBytes(): number | undefined {
    return totalOf(this.columns.figures(OUTPUT_BYTES).end, this.indices);
  }
  get firstTime(): number | undefined {
    return this.columns.time[this.indices[0] ?? -1];
  }
  get lastTime(): number | undefined {
    const { endTime } = this.columns;
    const last = this.indices.reduce((last, call) => Math.max(last, endTime[call]!), -Infinity);
    return Number.isFinite(last) ? last : undefined;
  }

  /** The call whose processes held most, where that is known of any. */
  private get hungriest(): CallView | undefined {
    if (!this.columns.knowsPeaks) return undefined;
    this.mostMemory ??= largestOf(this.columns.peakMemory, this.indices);
    return this.mostMemory < 0 ? undefined : this.columns.call(this.mostMemory);
  }
  private get cpu(): Cpu {
    return this.cpuFigures ??= cpuOnce(this.columns, this.sums, () => this.indices);
  }
  private get rss(): Levels {
    return this.rssLevels ??= levelsOf(this.columns.figures(MEMORY_RSS), this.indices);
  }
  private get cpuPercent(): Levels {
    return this.cpuPercentLevels ??= levelsOf(this.columns.figures(CPU_PERCENT), this.indices);
  }

  private get indices(): Int32Array {
    return this.ended.members();
  }

  private quantile(p: number): number | undefined {
    if (!this.quantiles.has(p)) this.quantiles.set(p, quantileOf(this.sums.durations, p));
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

/** Which of some calls has the greatest figure above 0; −1 where none has one. */
function largestOf(figures: Float64Array, calls: Int32Array): number {
  let [found, greatest] = [-1, 0];
  for (let at = 0; at < calls.length; at++) {
    const figure = figures[calls[at]!]!;
    if (figure > greatest) [found, greatest] = [calls[at]!, figure]; // NaN is not greater
  }
  return found;
}

/** The sum of a figure over the calls of which it is known; `undefined` where it is of none. */
function totalOf(figures: Float64Array, calls: Int32Array): number | undefined {
  let total: number | undefined;
  for (let at = 0; at < calls.length; at++) {
    const figure = figures[calls[at]!]!;
    if (figure === figure) total = (total ?? 0) + figure; // not NaN
  }
  return total;
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
  const { time, endTime, growth, process } = columns;
  const { end } = columns.figures(MEMORY_RSS);
  const newest = new Map<number, { readonly until: number; readonly rss: number }>();
  let [total, known] = [0, 0];
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    if (growth[call] !== growth[call]) continue; // NaN
    known++;
    const [until, rss] = [endTime[call]!, end[call]!];
    const before = newest.get(process[call]!);
    if (before === undefined || time[call]! >= before.until) total += growth[call]!;
    else if (until > before.until) total += rss - before.rss;
    else continue;
    newest.set(process[call]!, { until, rss });
  }
  return known === 0 ? undefined : total;
}

function known({ seconds, known }: Sum): number | undefined {
  return known === 0 ? undefined : seconds;
}
