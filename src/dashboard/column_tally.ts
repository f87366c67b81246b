import { mean, quantileIfEnough } from "../core/stats.ts";
import type { Group, Summary } from "../report/summarize.ts";
import type { CallColumns } from "./columns.ts";
import { FLAG, STATUSES } from "./head.ts";
import { durationOf, waitOf } from "./page_call.ts";

const ERROR = STATUSES.indexOf("error");
const INTERRUPTED = STATUSES.indexOf("interrupted");
const BACKGROUND = STATUSES.indexOf("background");
const UNKNOWN = STATUSES.indexOf("unknown");

/** The series of figures that a tally sums up, each as its sum, its count and its maximum. */
const SERIES = { total: 0, wait: 3, rss: 6, rssEnd: 9, percent: 12 } as const;
const SERIES_CELLS = 15;

/** How many calls there are of some kinds. */
const COUNTS = { failed: 0, interrupted: 1, background: 2, imported: 3, statusKnown: 4 } as const;

/**
 * Adds up the calls of a group as `Tally` does, from columns; calls come in order of time. What it adds to
 * are cells of arrays: the fields of an object take twice the time.
 */
export class ColumnTally {
  calls = 0;
  private timed = 0;
  private readonly counts = new Uint32Array(5);
  private readonly series = new Float64Array(SERIES_CELLS);
  private readonly cpu: CpuSpans;
  private readonly growth: GrowthSpans;

  /** Takes the number of processes, and room for the durations of all the group's calls. */
  constructor(
    private readonly group: Group,
    processes: number,
    private readonly durations: Float64Array,
  ) {
    for (const at of Object.values(SERIES)) this.series[at + 2] = -Infinity;
    this.cpu = new CpuSpans(processes);
    this.growth = new GrowthSpans(processes);
  }

  add(columns: CallColumns, call: number, process: number): void {
    const { counts, series } = this;
    const status = columns.status[call]!;
    this.calls++;
    if (status === ERROR) counts[COUNTS.failed]!++;
    else if (status === INTERRUPTED) counts[COUNTS.interrupted]!++;
    else if (status === BACKGROUND) counts[COUNTS.background]!++;
    if (status !== UNKNOWN) counts[COUNTS.statusKnown]!++;
    if ((columns.flags[call]! & FLAG.imported) !== 0) counts[COUNTS.imported]!++;
    const duration = durationOf(columns, call);
    addTo(series, SERIES.total, duration);
    if (status !== BACKGROUND && duration === duration) this.durations[this.timed++] = duration;
    addTo(series, SERIES.wait, waitOf(columns, call));
    addTo(series, SERIES.rss, columns.rssStart[call]!);
    addTo(series, SERIES.rss, columns.rssEnd[call]!);
    addTo(series, SERIES.rssEnd, columns.rssEnd[call]!);
    addTo(series, SERIES.percent, columns.percentStart[call]!);
    addTo(series, SERIES.percent, columns.percentEnd[call]!);
    this.addSpans(columns, call, process);
  }

  /** Adds only what overlapping calls share; `merge` brings the rest. */
  addSpans(columns: CallColumns, call: number, process: number): void {
    const flags = columns.flags[call]!;
    if ((flags & FLAG.knowsCpu) !== 0) this.cpu.add(columns, call, process);
    if ((flags & FLAG.knowsGrowth) !== 0) this.growth.add(columns, call, process);
  }

  /** Adds all that other tallies hold but what `addSpans` adds. */
  merge(others: readonly ColumnTally[]): void {
    for (const other of others) {
      this.calls += other.calls;
      this.durations.set(other.durations.subarray(0, other.timed), this.timed);
      this.timed += other.timed;
      other.counts.forEach((count, at) => this.counts[at]! += count);
      for (const at of Object.values(SERIES)) {
        this.series[at]! += other.series[at]!;
        this.series[at + 1]! += other.series[at + 1]!;
        this.series[at + 2] = Math.max(this.series[at + 2]!, other.series[at + 2]!);
      }
    }
  }

  /**
   * What the calls came to; the quantiles are worked out when they are asked for. `time`: in which they
   * ran, of a group in which overlaps count once; `timeWithCpu`: of those whose CPU is known.
   */
  summary(
    timeWithCpu: number,
    time = sumOf(this.series, SERIES.total),
  ): Omit<Summary, "shareOfTime"> {
    let sorted: Float64Array | undefined;
    const durations = (): Float64Array => sorted ??= this.durations.slice(0, this.timed).sort();
    const cpuSeconds = this.cpu.seconds;
    const { counts, series } = this;
    return {
      name: this.group.name,
      kind: this.group.kind,
      calls: this.calls,
      failed: counts[COUNTS.statusKnown]! > 0 ? counts[COUNTS.failed] : undefined,
      interrupted: counts[COUNTS.interrupted]!,
      background: counts[COUNTS.background]!,
      imported: counts[COUNTS.imported]!,
      timed: this.timed,
      get meanSeconds(): number | undefined {
        return mean(durations());
      },
      get p50Seconds(): number | undefined {
        return quantileIfEnough(durations(), 0.5);
      },
      get p95Seconds(): number | undefined {
        return quantileIfEnough(durations(), 0.95);
      },
      get p99Seconds(): number | undefined {
        return quantileIfEnough(durations(), 0.99);
      },
      get maxSeconds(): number | undefined {
        return durations().at(-1);
      },
      totalSeconds: time,
      waitSeconds: sumOf(series, SERIES.wait),
      cpuSeconds,
      isCpuShared: this.cpu.isShared,
      rssMean: meanOf(series, SERIES.rss),
      rssMax: greatestOf(series, SERIES.rss),
      cpuPercentMean: meanOf(series, SERIES.percent),
      cpuPercentMax: greatestOf(series, SERIES.percent),
      cpuPercentDuring: cpuSeconds === undefined || timeWithCpu <= 0
        ? undefined
        : 100 * cpuSeconds / timeWithCpu,
      rssEnd: meanOf(series, SERIES.rssEnd),
      growth: this.growth.kibibytes,
    };
  }
}

/** Adds a value that is known to the series at a place. */
function addTo(series: Float64Array, at: number, value: number): void {
  if (value !== value) return; // NaN
  series[at]! += value;
  series[at + 1]!++;
  if (value > series[at + 2]!) series[at + 2] = value;
}

function sumOf(series: Float64Array, at: number): number | undefined {
  return series[at + 1] === 0 ? undefined : series[at];
}

function meanOf(series: Float64Array, at: number): number | undefined {
  return series[at + 1] === 0 ? undefined : series[at]! / series[at + 1]!;
}

function greatestOf(series: Float64Array, at: number): number | undefined {
  return series[at + 1] === 0 ? undefined : series[at + 2];
}

/** CPU of the tools' processes: calls of one process that overlap are taken as one. */
class CpuSpans {
  seconds: number | undefined;
  isShared = false;
  private readonly until: Float64Array;
  private readonly from: Float64Array;
  private readonly to: Float64Array;

  constructor(processes: number) {
    this.until = new Float64Array(processes).fill(-Infinity);
    this.from = new Float64Array(processes);
    this.to = new Float64Array(processes);
  }

  add(columns: CallColumns, call: number, process: number): void {
    if ((columns.flags[call]! & FLAG.shared) !== 0) this.isShared = true;
    const start = columns.time[call]!;
    const end = start + columns.wall[call]!;
    const from = columns.childCpuStart[call]!;
    const to = columns.childCpuEnd[call]!;
    const until = this.until[process]!;
    if (start >= until || from < this.from[process]!) {
      this.seconds = (this.seconds ?? 0) + to - from;
      this.until[process] = end;
      this.from[process] = from;
      this.to[process] = to;
    } else {
      this.seconds = (this.seconds ?? 0) + Math.max(0, to - this.to[process]!);
      this.until[process] = Math.max(until, end);
      this.to[process] = Math.max(this.to[process]!, to);
    }
  }
}

/** Change of the client's resident set, likewise. */
class GrowthSpans {
  kibibytes: number | undefined;
  private readonly until: Float64Array;
  private readonly rss: Float64Array;

  constructor(processes: number) {
    this.until = new Float64Array(processes).fill(-Infinity);
    this.rss = new Float64Array(processes);
  }

  add(columns: CallColumns, call: number, process: number): void {
    const start = columns.time[call]!;
    const end = start + columns.wall[call]!;
    const rss = columns.rssEnd[call]!;
    const until = this.until[process]!;
    if (start >= until) {
      this.kibibytes = (this.kibibytes ?? 0) + rss - columns.rssStart[call]!;
    } else if (end > until) {
      this.kibibytes = (this.kibibytes ?? 0) + rss - this.rss[process]!;
    } else return;
    this.until[process] = end;
    this.rss[process] = rss;
  }
}
