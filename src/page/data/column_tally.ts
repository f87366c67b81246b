import { mean } from "../../stats/quantiles.ts";
import type { CallColumns } from "./columns.ts";
import type { EndedCalls } from "./ended_calls.ts";
import { FLAG, STATUSES } from "./head.ts";
import type { MoreFigures } from "./more_figures.ts";
import { quantileOf } from "./quantiles.ts";
import { CpuSpans } from "./spans.ts";
import { Sums } from "./sums.ts";
import type { Group, Summary } from "../../summary/summary.ts";

const ERROR = STATUSES.indexOf("error");
const INTERRUPTED = STATUSES.indexOf("interrupted");
const BACKGROUND = STATUSES.indexOf("background");
const UNKNOWN = STATUSES.indexOf("unknown");

/** How a line's calls ended takes as many cells, a power of two. */
const STATUS_BITS = 3;

/**
 * Adds up calls as `Tally` does, from columns, in one pass for all lines of a report and last of all for
 * the line of all calls. What it adds to are cells of arrays: the fields of an object take twice the time.
 */
export class ColumnTally {
  private readonly statuses: Uint32Array;
  private readonly imported: Uint32Array;
  private readonly shared: Uint8Array;
  private readonly totals: Sums;
  private readonly waits: Sums;
  private readonly cpu: CpuSpans;
  private readonly longest: Float64Array;
  /** Durations, those of a line side by side: where they begin, and how many there are. */
  private readonly durations: Float64Array;
  private readonly begins: Uint32Array;
  private readonly timed: Uint32Array;

  constructor(private readonly ended: EndedCalls, columns: CallColumns) {
    const lines = ended.lines + 1;
    this.statuses = new Uint32Array(lines << STATUS_BITS);
    this.imported = new Uint32Array(lines);
    this.shared = new Uint8Array(lines);
    this.totals = new Sums(lines);
    this.waits = new Sums(lines);
    this.cpu = new CpuSpans(lines, ended.pidCount);
    this.longest = new Float64Array(lines).fill(-Infinity);
    this.durations = new Float64Array(ended.places.length);
    this.begins = new Uint32Array(lines);
    this.timed = new Uint32Array(lines);
    for (let line = 1; line < ended.lines; line++) {
      this.begins[line] = this.begins[line - 1]! + ended.sizes[line - 1]!;
    }
    this.addAll(columns);
    this.addLines();
  }

  private addAll(columns: CallColumns): void {
    const { places, lineOf, lines, pids } = this.ended;
    const { tool, status, flags, duration, wait, time, wall, childCpuStart, childCpuEnd } = columns;
    const { statuses, imported, shared, durations, begins, timed, longest, cpu } = this;
    for (let at = 0; at < places.length; at++) {
      const call = places[at]!;
      const line = lineOf[tool[call]!]!;
      const ending = status[call]!;
      const bits = flags[call]!;
      statuses[(line << STATUS_BITS) + ending]!++;
      if ((bits & FLAG.imported) !== 0) imported[line]!++;
      const seconds = duration[call]!;
      if (seconds === seconds) { // not NaN
        this.totals.add(line, seconds);
        if (ending !== BACKGROUND) {
          durations[begins[line]! + timed[line]!++] = seconds;
          if (seconds > longest[line]!) longest[line] = seconds;
        }
      }
      const waited = wait[call]!;
      if (waited === waited) this.waits.add(line, waited);
      if ((bits & FLAG.knowsCpu) === 0) continue;
      if ((bits & FLAG.shared) !== 0) shared[line] = 1;
      const start = time[call]!;
      const end = start + wall[call]!;
      const from = childCpuStart[call]!;
      const to = childCpuEnd[call]!;
      const pid = pids[call]!;
      cpu.add(line, pid, start, end, from, to);
      cpu.add(lines, pid, start, end, from, to);
    }
  }

  /** The line of all calls, but for what overlapping calls share. */
  private addLines(): void {
    const all = this.ended.lines;
    for (let line = 0; line < all; line++) {
      for (let ending = 0; ending < 1 << STATUS_BITS; ending++) {
        this.statuses[(all << STATUS_BITS) + ending]! += this
          .statuses[(line << STATUS_BITS) + ending]!;
      }
      this.imported[all]! += this.imported[line]!;
      this.shared[all]! |= this.shared[line]!;
      this.totals.addTo(all, line);
      this.waits.addTo(all, line);
      this.longest[all] = Math.max(this.longest[all]!, this.longest[line]!);
      this.timed[all]! += this.timed[line]!;
    }
  }

  /** The durations of a line, to be put in any order. */
  private durationsOf(line: number): Float64Array {
    const { lines } = this.ended;
    const of = (each: number): Float64Array =>
      this.durations.subarray(this.begins[each]!, this.begins[each]! + this.timed[each]!);
    if (line < lines) return of(line);
    const all = new Float64Array(this.timed[line]!);
    let at = 0;
    for (let each = 0; each < lines; at += this.timed[each]!, each++) all.set(of(each), at);
    return all;
  }

  /**
   * What the calls of a line came to. Quantiles, and what only some columns show, are worked out when
   * they are asked for. `time`: in which they ran, of all calls, where overlaps count once.
   */
  summary(
    group: Group,
    line: number,
    more: () => MoreFigures,
    time = this.totals.sum(line),
  ): Omit<Summary, "shareOfTime"> {
    let found: Float64Array | undefined;
    const durations = (): Float64Array => found ??= this.durationsOf(line);
    const status = (ending: number): number => this.statuses[(line << STATUS_BITS) + ending]!;
    const calls = this.statuses.subarray(line << STATUS_BITS, (line + 1) << STATUS_BITS)
      .reduce((sum, count) => sum + count, 0);
    const timed = this.timed[line]!;
    const cpuSeconds = this.cpu.isKnown[line] === 1 ? this.cpu.seconds[line] : undefined;
    return {
      ...group,
      calls,
      failed: status(UNKNOWN) < calls ? status(ERROR) : undefined,
      interrupted: status(INTERRUPTED),
      background: status(BACKGROUND),
      imported: this.imported[line]!,
      timed,
      get meanSeconds(): number | undefined {
        return mean(durations());
      },
      get p50Seconds(): number | undefined {
        return quantileOf(durations(), 0.5);
      },
      get p95Seconds(): number | undefined {
        return quantileOf(durations(), 0.95);
      },
      get p99Seconds(): number | undefined {
        return quantileOf(durations(), 0.99);
      },
      maxSeconds: timed === 0 ? undefined : this.longest[line],
      totalSeconds: time,
      waitSeconds: this.waits.sum(line),
      cpuSeconds,
      isCpuShared: this.shared[line] === 1,
      get rssMean(): number | undefined {
        return more().rss.mean(line);
      },
      get rssMax(): number | undefined {
        return more().rss.max(line);
      },
      get cpuPercentMean(): number | undefined {
        return more().percent.mean(line);
      },
      get cpuPercentMax(): number | undefined {
        return more().percent.max(line);
      },
      get cpuPercentDuring(): number | undefined {
        const seconds = more().timeWithCpu(line);
        return cpuSeconds === undefined || seconds <= 0 ? undefined : 100 * cpuSeconds / seconds;
      },
      get rssEnd(): number | undefined {
        return more().rssEnd.mean(line);
      },
      get growth(): number | undefined {
        return more().growth.of(line);
      },
    };
  }
}
