import type { Call, CallStatus } from "../core/call.ts";
import { mean, quantileIfEnough, unionLength } from "../core/stats.ts";
import type { GroupKind, Summary } from "./summarize.ts";

/**
 * The figures of one call after the other: each is worked out once, however many tallies it goes into.
 * Seconds, KiB, per cent of one core; NaN is "not known". One object for all calls: a large log has
 * too many for one each.
 */
export class Figures {
  status: CallStatus = "unknown";
  duration = NaN;
  wait = NaN;
  cpu = NaN;
  growth = NaN;
  shared = false;
  imported = false;
  pid = 0;
  // Of the rows at start and end:
  startTime = NaN;
  endTime = NaN;
  startChildCpu = NaN;
  endChildCpu = NaN;
  startRss = NaN;
  endRss = NaN;
  startCpuPercent = NaN;
  endCpuPercent = NaN;

  /** Takes the figures of a call, in place of those of the last. */
  take(call: Call): void {
    const { start, end } = call;
    this.status = call.status;
    this.duration = call.durationSeconds ?? NaN;
    this.wait = call.waitSeconds ?? NaN;
    this.cpu = call.cpuSeconds ?? NaN;
    this.growth = call.memoryGrowth ?? NaN;
    this.shared = call.shared;
    this.imported = call.imported === true;
    this.pid = start?.pid ?? 0;
    this.startTime = start?.timestamp ?? NaN;
    this.endTime = end?.timestamp ?? NaN;
    this.startChildCpu = start?.childCpuSeconds ?? NaN;
    this.endChildCpu = end?.childCpuSeconds ?? NaN;
    this.startRss = start?.memoryRss ?? NaN;
    this.endRss = end?.memoryRss ?? NaN;
    this.startCpuPercent = start?.cpuPercent ?? NaN;
    this.endCpuPercent = end?.cpuPercent ?? NaN;
  }
}

/** Adds up the calls of a group, which come in order of time. */
export class Tally {
  private calls = 0;
  private failed = 0;
  private interrupted = 0;
  private background = 0;
  private imported = 0;
  private knowsStatus = false;
  private readonly durations: number[] = [];
  private readonly total = new Series();
  private readonly wait = new Series();
  private readonly cpu = new CpuTally();
  private readonly rss = new Series();
  private readonly rssEnd = new Series();
  private readonly growth = new GrowthTally();
  private readonly cpuPercent = new Series();
  /** Of groups in which overlaps count once: when calls ran. */
  private readonly time = new Intervals();
  /** When calls ran whose CPU is known. */
  private readonly timeWithCpu = new Intervals();

  constructor(private readonly name: string, private readonly kind: GroupKind) {}

  add(figures: Figures): void {
    const { status } = figures;
    this.calls++;
    if (status === "error") this.failed++;
    else if (status === "interrupted") this.interrupted++;
    else if (status === "background") this.background++;
    if (status !== "unknown") this.knowsStatus = true;
    if (figures.imported) this.imported++;
    this.addDuration(figures);
    this.wait.add(figures.wait);
    this.cpu.add(figures);
    this.rss.add(figures.startRss);
    this.rss.add(figures.endRss);
    this.rssEnd.add(figures.endRss);
    this.growth.add(figures);
    this.cpuPercent.add(figures.startCpuPercent);
    this.cpuPercent.add(figures.endCpuPercent);
  }

  private addDuration({ status, duration, endTime, cpu }: Figures): void {
    if (Number.isNaN(duration)) return;
    this.total.add(duration);
    if (status !== "background") this.durations.push(duration);
    if (this.overlapsOnce) this.time.add(endTime, duration);
    if (!Number.isNaN(cpu)) this.timeWithCpu.add(endTime, duration);
  }

  /** A tool's total is a sum; that of a session, a day or all is the time that passed. */
  private get overlapsOnce(): boolean {
    return this.kind === "all" || this.kind === "other";
  }

  summary(): Omit<Summary, "shareOfTime"> {
    const durations = new Float64Array(this.durations).sort();
    return {
      name: this.name,
      kind: this.kind,
      calls: this.calls,
      failed: this.knowsStatus ? this.failed : undefined,
      interrupted: this.interrupted,
      background: this.background,
      imported: this.imported,
      timed: durations.length,
      meanSeconds: mean(durations),
      p50Seconds: quantileIfEnough(durations, 0.5),
      p95Seconds: quantileIfEnough(durations, 0.95),
      p99Seconds: quantileIfEnough(durations, 0.99),
      maxSeconds: durations.at(-1),
      totalSeconds: this.totalSeconds(),
      waitSeconds: this.wait.sum(),
      cpuSeconds: this.cpu.seconds,
      isCpuShared: this.cpu.isShared,
      rssMean: this.rss.mean(),
      rssMax: this.rss.max(),
      cpuPercentMean: this.cpuPercent.mean(),
      cpuPercentMax: this.cpuPercent.max(),
      cpuPercentDuring: this.cpuPercentDuring(),
      rssEnd: this.rssEnd.mean(),
      growth: this.growth.kibibytes,
    };
  }

  private totalSeconds(): number | undefined {
    return this.overlapsOnce ? this.time.length() ?? this.total.sum() : this.total.sum();
  }

  private cpuPercentDuring(): number | undefined {
    const seconds = this.timeWithCpu.length() ?? 0;
    return this.cpu.seconds === undefined || seconds <= 0
      ? undefined
      : 100 * this.cpu.seconds / seconds;
  }
}

/** Times in which calls ran; overlaps count once. A call's own time ends with its end row. */
class Intervals {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  add(end: number, duration: number): void {
    if (Number.isNaN(end)) return;
    this.starts.push(end - duration);
    this.ends.push(end);
  }
  /** Seconds. */
  length(): number | undefined {
    return this.starts.length === 0 ? undefined : unionLength(this.starts, this.ends);
  }
}

/** Calls of one process that overlap are taken as one: from the first one's start to the last one's end. */
class GrowthTally {
  kibibytes: number | undefined;
  private readonly spans = new Map<number, { until: number; rss: number }>();

  add({ growth, pid, startTime, endTime: until, endRss: rss }: Figures): void {
    if (Number.isNaN(growth)) return;
    const span = this.spans.get(pid);
    if (span === undefined || startTime >= span.until) {
      this.kibibytes = (this.kibibytes ?? 0) + growth;
      this.spans.set(pid, { until, rss });
    } else if (until > span.until) {
      this.kibibytes = (this.kibibytes ?? 0) + rss - span.rss;
      this.spans.set(pid, { until, rss });
    }
  }
}

/** Sum, mean and maximum of the values that are known, that is, not NaN. */
class Series {
  private total = 0;
  private values = 0;
  private greatest = -Infinity;

  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.total += value;
    this.values++;
    if (value > this.greatest) this.greatest = value;
  }
  sum(): number | undefined {
    return this.values === 0 ? undefined : this.total;
  }
  mean(): number | undefined {
    return this.values === 0 ? undefined : this.total / this.values;
  }
  max(): number | undefined {
    return this.values === 0 ? undefined : this.greatest;
  }
}

/**
 * The CPU of the tools' processes over calls in order of time. The column is cumulative, so
 * calls of one process that overlap are taken as one: from the first one's start to the last one's end.
 */
class CpuTally {
  seconds: number | undefined;
  /** Some of it may be that of other calls at the same time. */
  isShared = false;
  /** By process, the calls that overlap: when they end, and what the column says there. */
  private readonly spans = new Map<number, { until: number; from: number; to: number }>();

  add(figures: Figures): void {
    if (Number.isNaN(figures.cpu)) return;
    if (figures.shared) this.isShared = true;
    const { pid, startTime, endTime, startChildCpu: from, endChildCpu: to } = figures;
    const span = this.spans.get(pid);
    if (span === undefined || startTime >= span.until || from < span.from) {
      this.seconds = (this.seconds ?? 0) + to - from;
      this.spans.set(pid, { until: endTime, from, to });
    } else {
      this.seconds = (this.seconds ?? 0) + Math.max(0, to - span.to);
      span.until = Math.max(span.until, endTime);
      span.to = Math.max(span.to, to);
    }
  }
}
