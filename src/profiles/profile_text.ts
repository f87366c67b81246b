import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatPercent,
} from "../text/units.ts";
import { plural, UNKNOWN } from "../text/units.ts";
import { overlap, type Profile, type ToolComparison, type ToolProfile } from "./profile.ts";
import type { FlatRecord } from "../summary/records.ts";
import { type Column, layOut, wrap } from "../text/table.ts";
import type { Style } from "../text/style.ts";

/** How profiles are laid out for people. */
export interface ProfileTextOptions {
  /** The width of the terminal in columns. */
  readonly width: number;
  readonly utc: boolean;
  readonly style: Style;
}

/** The words for what a profile is of: `last 7 days, 4,812 calls, saved 2026-01-31`. */
export function describeProfile({ covers, calls, created }: Profile, utc: boolean): string {
  return `${lowered(covers)}: ${plural(calls, "call")}, saved ${formatDate(created, utc)}`;
}

function lowered(covers: string): string {
  return covers.charAt(0).toLowerCase() + covers.slice(1);
}

/** A profile as a table for people, a line for each tool. */
export function profileText(profile: Profile, options: ProfileTextOptions): string {
  return tables(PROFILE_COLUMNS, [], profile.tools, options) + "\n";
}

const PROFILE_COLUMNS: readonly Column<ToolProfile>[] = [
  { header: "TOOL", cell: ({ name }) => name, isText: true, least: 10 },
  { header: "CALLS", cell: ({ calls }) => formatCount(calls) },
  { header: "FAIL", cell: (each) => failures(each), drop: 1 },
  { header: "P50", cell: ({ p50Seconds }) => formatDuration(p50Seconds) },
  { header: "P95", cell: ({ p95Seconds }) => formatDuration(p95Seconds) },
  { header: "P99", cell: ({ p99Seconds }) => formatDuration(p99Seconds), drop: 4 },
  { header: "MAX", cell: ({ maxSeconds }) => formatDuration(maxSeconds), drop: 3 },
  { header: "TOTAL", cell: ({ totalSeconds }) => formatDuration(totalSeconds) },
  { header: "CPU A CALL", cell: (each) => cpuText(each), drop: 2 },
  { header: "RSS MEAN", cell: (each) => memory(each), drop: 5 },
];

/** Two profiles to compare, with what people call them; the empty name stands for the present log. */
export interface Compared {
  readonly before: Profile;
  readonly beforeName: string;
  readonly after: Profile;
  readonly afterName: string;
}

/** Two profiles side by side: what they are, a line a tool, what the signs mean. */
export function comparisonText(
  compared: Compared,
  tools: readonly ToolComparison[],
  options: ProfileTextOptions,
): string {
  const { before, beforeName, after, afterName } = compared;
  const head = [
    `Before  ${beforeName}: ${describeProfile(before, options.utc)}`,
    afterName === ""
      ? `After   now: ${lowered(after.covers)}: ${plural(after.calls, "call")}`
      : `After   ${afterName}: ${describeProfile(after, options.utc)}`,
  ].flatMap((line) => wrap(line, options.width, "        "));
  const overlapping = overlap(before, after)
    ? wrap(
      "The two are of one time in part: what differs between them is no change. Without --since it is " +
        "what came after the end of the first",
      options.width,
      "  ",
    )
    : [];
  const legend = wrap(
    `${UNKNOWN} the data can't tell (rank test, 1 % level), or not known   ` +
      "99% RANGE: where the change lies",
    options.width,
    "  ",
  ).map(options.style.faint);
  const table = tables(CHANGE_COLUMNS, FIGURE_COLUMNS, tools, options);
  return [...head, "", table, "", ...overlapping, ...legend].join("\n") + "\n";
}

/** How the durations of tools differ, as a table. */
export function changesText(
  tools: readonly ToolComparison[],
  options: Pick<ProfileTextOptions, "width" | "style">,
): string {
  return tables(CHANGE_COLUMNS, [], tools, options);
}

const CHANGE_COLUMNS: readonly Column<ToolComparison>[] = [
  { header: "TOOL", cell: ({ name }) => name, isText: true, least: 10 },
  { header: "CALLS", cell: both(({ calls }) => formatCount(calls)) },
  { header: "P50", cell: both(({ p50Seconds }) => formatDuration(p50Seconds)) },
  { header: "CHANGE", cell: ({ difference }) => change(difference?.ratio) },
  {
    header: "99% RANGE",
    cell: ({ difference }) =>
      difference === undefined
        ? UNKNOWN
        : `${change(difference.low)} to ${change(difference.high)}`,
    drop: 1,
  },
  { header: "VERDICT", cell: ({ difference }) => difference?.verdict ?? UNKNOWN, isText: true },
];

const FIGURE_COLUMNS: readonly Column<ToolComparison>[] = [
  { header: "P95", cell: both(({ p95Seconds }) => formatDuration(p95Seconds)) },
  { header: "FAIL", cell: both((each) => failures(each)) },
  { header: "CPU A CALL", cell: both((each) => cpuText(each)), drop: 1 },
  { header: "RSS MEAN", cell: both((each) => memory(each)), drop: 2 },
];

/** Makes the cell that has a figure of both profiles: `1.1s → 1.4s`, or one sign where neither is known. */
function both(figure: (each: ToolProfile) => string): (each: ToolComparison) => string {
  return ({ before, after }) => {
    const [from, to] = [before, after].map((each) => each === undefined ? UNKNOWN : figure(each));
    return from === UNKNOWN && to === UNKNOWN ? UNKNOWN : `${from} → ${to}`;
  };
}

function change(ratio: number | undefined): string {
  if (ratio === undefined) return UNKNOWN;
  const percent = Math.round((ratio - 1) * 100);
  return `${percent > 0 ? "+" : ""}${percent < 0 ? percent : formatCount(percent)}%`;
}

function failures({ failed, calls }: ToolProfile): string {
  return failed === undefined || calls === 0 ? UNKNOWN : formatPercent(failed / calls);
}

function cpuText(profile: ToolProfile): string {
  return formatDuration(cpuPerCall(profile));
}

function cpuPerCall({ cpuSeconds, cpuCalls }: ToolProfile): number | undefined {
  return cpuSeconds === undefined || !cpuCalls ? undefined : cpuSeconds / cpuCalls;
}

function memory({ rssMean }: ToolProfile): string {
  return formatBytes(rssMean === undefined ? undefined : rssMean * 1024, "short");
}

/** Lays out one table where there is room for all columns, else the second part under the first. */
function tables<Row>(
  first: readonly Column<Row>[],
  second: readonly Column<Row>[],
  rows: readonly Row[],
  { width, style }: Pick<ProfileTextOptions, "width" | "style">,
): string {
  const name = first.slice(0, 1);
  const whole = layOut([...first, ...second], rows, width);
  const parts = whole.dropped.length === 0 || second.length === 0
    ? [whole]
    : [layOut(first, rows, width), layOut([...name, ...second], rows, width)];
  return parts.map(({ lines: [header = "", ...lines] }) =>
    [style.strong(header), ...lines].join("\n")
  ).join("\n\n");
}

/** The comparison of one tool as a record, with base units in its keys and `null` for what is not known. */
export function comparisonRecord(comparison: ToolComparison): FlatRecord {
  const { name, before, after, difference } = comparison;
  const pair = (key: string, figure: (each: ToolProfile) => number | undefined): FlatRecord => ({
    [`${key}_before`]: rounded(before && figure(before)),
    [`${key}_after`]: rounded(after && figure(after)),
  });
  return {
    tool: name,
    ...pair("calls", ({ calls }) => calls),
    ...pair("p50_seconds", ({ p50Seconds }) => p50Seconds),
    ...pair("p95_seconds", ({ p95Seconds }) => p95Seconds),
    change_ratio: rounded(difference?.ratio),
    change_ratio_low: rounded(difference?.low),
    change_ratio_high: rounded(difference?.high),
    verdict: difference?.verdict ?? null,
    ...pair("failed", ({ failed }) => failed),
    ...pair("cpu_seconds_per_call", cpuPerCall),
    ...pair("rss_mean_kib", ({ rssMean }) => rssMean),
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1e6) / 1e6;
}
