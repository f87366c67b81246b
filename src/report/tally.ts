import type { Call, CallStatus } from "../core/call.ts";
import { mean, quantileIfEnough, unionLength } from "../core/stats.ts";
import type { GroupKind, Summary } from "./summarize.ts";

/** What is added up of a call; seconds, KiB, per cent of one core. */
export interface Figures {
  readonly status: CallStatus;
  readonly durationSeconds: number | undefined;
  readonly waitSeconds: number | undefined;
  readonly cpuSeconds: number | undefined;
  readonly shared: boolean;
  readonly pid: number;
  /** Of the rows at start and end: */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly startChildCpu: number | undefined;
  readonly endChildCpu: number | undefined;
  readonly startRss: number | undefined;
  readonly endRss: number | undefined;
  readonly startCpuPercent: number | undefined;
  readonly endCpuPercent: number | undefined;
}

/** The figures of a call: each is worked out once, however many tallies it goes into. */
export function figuresOf(call: Call): Figures {
  const { start, end } = call;
  return {
    status: call.status,
    durationSeconds: call.durationSeconds,
    waitSeconds: call.waitSeconds,
    cpuSeconds: call.cpuSeconds,
    shared: call.shared,
    pid: start?.pid ?? 0,
    startTime: start?.timestamp,
    endTime: end?.timestamp,
    startChildCpu: start?.childCpuSeconds,
    endChildCpu: end?.childCpuSeconds,
    startRss: start?.memoryRss,
    endRss: end?.memoryRss,
    startCpuPercent: start?.cpuPercent,
    endCpuPercent: end?.cpuPercent,
  };
}

/** Adds up the calls of a group, which come in order of time. */
export class Tally {
  private calls = 0;
  private failed = 0;
  private interrupted = 0;
  private background = 0;
  private knowsStatus = false;
  private readonly durations: number[] = [];
  private readonly total = new Series();
  private readonly wait = new Series();
  private readonly cpu = new CpuTally();
  private readonly rss = new Series();
  private readonly cpuPercent = new Series();
  /** Of `all` only: when calls ran. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(private readonly name: string, private readonly kind: GroupKind) {}

  add(figures: Figures): void {
    const { status, durationSeconds, waitSeconds } = figures;
    this.calls++;
    if (status === "error") this.failed++;
    else if (status === "interrupted") this.interrupted++;
    else if (status === "background") this.background++;
    if (status !== "unknown") this.knowsStatus = true;
    if (durationSeconds !== undefined) this.addDuration(figures, durationSeconds);
    if (waitSeconds !== undefined) this.wait.add(waitSeconds);
    this.cpu.add(figures);
    this.rss.add(figures.startRss);
    this.rss.add(figures.endRss);
    this.cpuPercent.add(figures.startCpuPercent);
    this.cpuPercent.add(figures.endCpuPercent);
  }

  private addDuration({ status, endTime = 0 }: Figures, seconds: number): void {
    this.total.add(seconds);
    if (status !== "background") this.durations.push(seconds);
    if (this.kind !== "all") return;
    // A call's own time ends with its end row: the wait for a permission comes before it.
    this.starts.push(endTime - seconds);
    this.ends.push(endTime);
  }

  summary(): Summary {
    const durations = Float64Array.from(this.durations).sort();
    return {
      name: this.name,
      kind: this.kind,
      calls: this.calls,
      failed: this.knowsStatus ? this.failed : undefined,
      interrupted: this.interrupted,
      background: this.background,
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
    };
  }

  private totalSeconds(): number | undefined {
    if (this.kind !== "all" || this.starts.length === 0) return this.total.sum();
    return unionLength(this.starts, this.ends);
  }
}

/** Sum, mean and maximum of the values that are known. */
class Series {
  private total = 0;
  private values = 0;
  private greatest = -Infinity;

  add(value: number | undefined): void {
    if (value === undefined) return;
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
    if (figures.cpuSeconds === undefined) return;
    if (figures.shared) this.isShared = true;
    const { pid, startTime = 0, endTime = 0, startChildCpu: from = 0, endChildCpu: to = 0 } =
      figures;
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
