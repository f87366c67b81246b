import type { CallColumns } from "./columns.ts";
import type { EndedCalls } from "./ended_calls.ts";
import { FLAG } from "./head.ts";
import { GrowthSpans, Union } from "./spans.ts";
import { Sums } from "./sums.ts";

/** When calls had a time of their own: from their end back by their duration. */
export interface OwnTimes {
  /** Places of the calls that have one, by its start. */
  readonly byStart: Uint32Array;
  /** By call, seconds since the epoch. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** What only the wide table shows, by line, all calls last. */
export class MoreFigures {
  readonly rss: Sums;
  readonly rssEnd: Sums;
  readonly percent: Sums;
  readonly growth: GrowthSpans;
  private readonly withCpu: readonly Union[];

  constructor(ended: EndedCalls, columns: CallColumns, times: OwnTimes) {
    const lines = ended.lines + 1;
    this.rss = new Sums(lines);
    this.rssEnd = new Sums(lines);
    this.percent = new Sums(lines);
    this.growth = new GrowthSpans(lines, ended.pidCount);
    this.addAll(ended, columns);
    for (let line = 0; line < ended.lines; line++) {
      for (const sums of [this.rss, this.rssEnd, this.percent]) sums.addTo(ended.lines, line);
    }
    this.withCpu = unionsWithCpu(ended, columns, times);
  }

  private addAll({ places, lineOf, lines, pids }: EndedCalls, columns: CallColumns): void {
    const { tool, flags, rssStart, rssEnd, percentStart, percentEnd } = columns;
    const add = (sums: Sums, line: number, value: number): void => {
      if (value === value) sums.add(line, value); // not NaN
    };
    for (let at = 0; at < places.length; at++) {
      const call = places[at]!;
      const line = lineOf[tool[call]!]!;
      add(this.rss, line, rssStart[call]!);
      add(this.rss, line, rssEnd[call]!);
      add(this.rssEnd, line, rssEnd[call]!);
      add(this.percent, line, percentStart[call]!);
      add(this.percent, line, percentEnd[call]!);
      if ((flags[call]! & FLAG.knowsGrowth) === 0) continue;
      this.growth.add(columns, call, line, pids[call]!);
      this.growth.add(columns, call, lines, pids[call]!);
    }
  }

  /** Seconds in which calls of the line ran whose CPU is known. */
  timeWithCpu(line: number): number {
    return this.withCpu[line]?.known() ?? 0;
  }
}

function unionsWithCpu(
  { isOne, lineOf, lines }: EndedCalls,
  { flags, tool }: CallColumns,
  { byStart, starts, ends }: OwnTimes,
): Union[] {
  const unions = Array.from({ length: lines + 1 }, () => new Union());
  for (let at = 0; at < byStart.length; at++) {
    const call = byStart[at]!;
    if (isOne[call] === 0 || (flags[call]! & FLAG.knowsCpu) === 0) continue;
    unions[lineOf[tool[call]!]!]!.add(starts[call]!, ends[call]!);
    unions[lines]!.add(starts[call]!, ends[call]!);
  }
  return unions;
}
