import { type Call, serverOf } from "../core/call.ts";
import type { Group, Report, Summary } from "../report/summarize.ts";
import { ColumnTally } from "./column_tally.ts";
import { FLAG, STATUSES } from "./head.ts";
import { durationOf, endTimeOf, PageCall, type PageCalls } from "./page_call.ts";

const RUNNING = STATUSES.indexOf("running");

/**
 * Sums up calls of a page as `summarize` does, but from columns, so that 500,000 calls answer a filter
 * in a blink. A test holds the two against each other.
 */
export class ColumnSummary {
  /** Calls that have a time of their own, from their end back by their duration, by its start. */
  private readonly byStart: Uint32Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** By call, the place of its pid; calls without one share the last. */
  private readonly pids: Uint32Array;
  private readonly processes: number;

  constructor(private readonly page: PageCalls) {
    const { columns, head } = page;
    this.starts = new Float64Array(head.calls);
    this.ends = new Float64Array(head.calls);
    for (let call = 0; call < head.calls; call++) {
      const hasEnd = (columns.flags[call]! & FLAG.hasEnd) !== 0;
      this.ends[call] = hasEnd ? endTimeOf(columns, call) : NaN;
      this.starts[call] = this.ends[call]! - durationOf(columns, call);
    }
    this.byStart = ascending(this.starts);
    const places = new Map(head.processes.map(({ pid }, place) => [pid, place]));
    const placeOf = head.processes.map(({ pid }) => places.get(pid) ?? 0);
    this.processes = placeOf.length + 1;
    this.pids = Uint32Array.from(columns.process, (each) => placeOf[each] ?? placeOf.length);
  }

  /** Takes places of calls, ascending. All calls of a tool are of one group. */
  summarize(chosen: Uint32Array, groupOf: (call: Call) => Group): Report {
    const { columns } = this.page;
    const { tallies, tallyOf } = this.groups(chosen, groupOf);
    const all = new ColumnTally(ALL, this.processes, new Float64Array(chosen.length));
    const running: Call[] = [];
    const counts = { abandoned: 0, approximate: 0, reversed: 0, withoutStart: 0 };
    const ended = new Uint8Array(this.page.head.calls);
    let last = -Infinity;
    for (const call of chosen) {
      last = Math.max(last, endTimeOf(columns, call));
      const status = columns.status[call]!;
      if (status === RUNNING) running.push(new PageCall(this.page, call));
      else if (status > RUNNING) counts.abandoned++;
      if (status >= RUNNING) continue;
      ended[call] = 1;
      tallies[tallyOf[columns.tool[call]!]!]!.add(columns, call, this.pids[call]!);
      all.addSpans(columns, call, this.pids[call]!);
      if ((columns.flags[call]! & FLAG.approximate) !== 0) counts.approximate++;
      if (columns.wall[call]! < 0) counts.reversed++;
      if ((columns.flags[call]! & FLAG.hasStart) === 0) counts.withoutStart++;
    }
    all.merge(tallies);
    const times = this.times(ended, tallyOf, tallies.length);
    const whole = all.summary(times.withCpu[tallies.length]!, times.all);
    const first = chosen.length === 0 ? undefined : columns.time[chosen[0]!];
    return {
      groups: tallies.map((tally, place) => tally.summary(times.withCpu[place]!))
        .filter(({ calls }) => calls > 0).map((each) => withShare(each, whole)).sort(byTotal),
      all: withShare(whole, whole),
      sessions: distinct(columns.session, chosen),
      projects: distinct(columns.project, chosen),
      mcpTools: this.mcpTools(ended),
      running,
      ...counts,
      firstTime: first,
      lastTime: chosen.length === 0 ? undefined : columns.time[chosen.at(-1)!],
      spanSeconds: first === undefined ? undefined : last - first,
    };
  }

  /** A tally for each group, and by tool the place of its tally. */
  private groups(
    chosen: Uint32Array,
    groupOf: (call: Call) => Group,
  ): { tallies: ColumnTally[]; tallyOf: number[] } {
    const { tool } = this.page.columns;
    const places = new Map<string, number>();
    const groups: { group: Group; calls: number }[] = [];
    const tallyOf: number[] = [];
    for (const call of chosen) {
      const known = tallyOf[tool[call]!];
      if (known !== undefined) {
        groups[known]!.calls++;
        continue;
      }
      const group = groupOf(new PageCall(this.page, call));
      const key = `${group.kind} ${group.name}`;
      const place = places.get(key) ?? groups.push({ group, calls: 0 }) - 1;
      places.set(key, place);
      tallyOf[tool[call]!] = place;
      groups[place]!.calls++;
    }
    const tallies = groups.map(({ group, calls }) =>
      new ColumnTally(group, this.processes, new Float64Array(calls))
    );
    return { tallies, tallyOf };
  }

  /** Seconds in which calls ran, overlaps once: of all; and of each tally, last of all, those whose CPU is known. */
  private times(
    ended: Uint8Array,
    tallyOf: readonly number[],
    tallies: number,
  ): { all: number | undefined; withCpu: number[] } {
    const { flags, tool } = this.page.columns;
    const all = new Union();
    const withCpu = Array.from({ length: tallies + 1 }, () => new Union());
    for (const call of this.byStart) {
      if (ended[call] === 0) continue;
      const start = this.starts[call]!;
      const end = this.ends[call]!;
      all.add(start, end);
      if ((flags[call]! & FLAG.knowsCpu) === 0) continue;
      withCpu[tallyOf[tool[call]!]!]!.add(start, end);
      withCpu[tallies]!.add(start, end);
    }
    return { all: all.known(), withCpu: withCpu.map((union) => union.known() ?? 0) };
  }

  private mcpTools(ended: Uint8Array): number {
    const { head, columns } = this.page;
    const isMcp = head.tools.map((name) => serverOf(name) !== undefined);
    if (!isMcp.includes(true)) return 0;
    const found = new Set<number>();
    ended.forEach((isEnded, call) => {
      if (isEnded === 1 && isMcp[columns.tool[call]!]) found.add(columns.tool[call]!);
    });
    return found.size;
  }
}

const ALL: Group = { name: "All", kind: "all" };

/** The length of the union of intervals that come in order of their starts. */
class Union {
  private length: number | undefined;
  private until = -Infinity;

  add(start: number, end: number): void {
    if (start > this.until) {
      this.length = (this.length ?? 0) + end - start;
      this.until = end;
    } else if (end > this.until) {
      this.length = (this.length ?? 0) + end - this.until;
      this.until = end;
    }
  }
  known(): number | undefined {
    return this.length;
  }
}

/** So many steps a value: what is further out of order is sorted by comparing. */
const INSERTION_STEPS = 100;

/** The places of all values but NaN in ascending order; quick where they nearly are. */
export function ascending(values: Float64Array): Uint32Array {
  const places = new Uint32Array(values.length);
  let count = 0;
  let steps = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!;
    if (value !== value) continue; // NaN
    let at = count++;
    if (steps < INSERTION_STEPS * values.length) {
      for (; at > 0 && values[places[at - 1]!]! > value; at--, steps++) {
        places[at] = places[at - 1]!;
      }
    }
    places[at] = place;
  }
  const found = places.subarray(0, count);
  return steps < INSERTION_STEPS * values.length
    ? found
    : found.sort((a, b) => values[a]! - values[b]! || a - b);
}

function distinct(values: Int32Array, chosen: Uint32Array): number {
  const seen: boolean[] = [];
  let count = 0;
  for (const call of chosen) {
    const value = values[call]!;
    if (value < 0 || seen[value] === true) continue;
    seen[value] = true;
    count++;
  }
  return count;
}

function withShare(
  summary: Omit<Summary, "shareOfTime">,
  { totalSeconds: whole }: Pick<Summary, "totalSeconds">,
): Summary {
  const { totalSeconds } = summary;
  const shareOfTime = totalSeconds === undefined || !whole ? undefined : totalSeconds / whole;
  return Object.assign(summary, { shareOfTime }); // spread would work out all quantiles
}

function byTotal(a: Summary, b: Summary): number {
  return (b.totalSeconds ?? -1) - (a.totalSeconds ?? -1) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
