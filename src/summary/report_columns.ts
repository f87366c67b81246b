import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatPercent,
  UNKNOWN,
} from "../text/units.ts";
import { peakCell } from "./calls_text.ts";
import { byName, type Grouping } from "./grouping.ts";
import { toolTitle } from "../row/tool_name.ts";
import type { Column } from "../text/table.ts";
import { toneOf } from "../text/style.ts";
import type { Report, Summary } from "./summary.ts";

/** A column of the report, under the name that `--sort` knows it by. */
export interface ReportColumn extends Column<Summary> {
  readonly name: string;
}

/** What is shown of a group's name. */
export interface Naming {
  readonly grouping: Grouping | "what";
  /** The short form of a name. */
  readonly label: (name: string) => string;
  /** What is shown beside it. */
  readonly columns?: readonly ReportColumn[];
}

const MARKS: Readonly<Record<Summary["kind"], string>> = {
  tool: "",
  command: "",
  agent: " †",
  mcp: " ‡",
  other: "",
  all: "",
};

/** A figure of single calls, which says nothing over all groups. */
function perGroup(figure: (group: Summary) => number | undefined): (group: Summary) => string {
  return (group) => group.kind === "all" ? "" : formatDuration(figure(group));
}

/** The columns that are always asked for. */
export function mainColumns(
  report: Report,
  { grouping, label, columns = [] }: Naming,
): ReportColumn[] {
  const sign = overlaps(report) ? " §" : "";
  const title = ({ name, kind }: Summary): string =>
    kind === "all" ? name : kind === "mcp" ? toolTitle(name) : label(name);
  const total = (group: Summary): string =>
    formatDuration(group.totalSeconds) + (group.kind === "all" ? sign : "");
  const cpu = (group: Summary): string =>
    (isCpuMarked(group) ? "~" : "") + formatDuration(group.cpuSeconds);
  return [
    {
      name: "name",
      header: grouping.toUpperCase(),
      cell: (group) => title(group) + MARKS[group.kind] + (group.imported > 0 ? " °" : ""),
      isText: true,
      least: 14,
    },
    ...columns,
    { name: "calls", header: "CALLS", cell: ({ calls }) => formatCount(calls) },
    {
      name: "fail",
      header: "FAIL",
      cell: ({ failed }) => formatCount(failed),
      tone: ({ failed = 0, kind }) => failed > 0 && kind !== "all" ? "fail" : undefined,
      drop: 1,
    },
    {
      name: "p50",
      header: "P50",
      cell: perGroup((group) => group.p50Seconds),
      tone: ({ kind, p50Seconds }) => kind === "all" ? undefined : toneOf(p50Seconds),
    },
    {
      name: "p95",
      header: "P95",
      cell: perGroup((group) => group.p95Seconds),
      tone: ({ kind, p95Seconds }) => kind === "all" ? undefined : toneOf(p95Seconds),
      drop: 3,
    },
    { name: "max", header: "MAX", cell: perGroup((group) => group.maxSeconds) },
    { name: "total", header: "TOTAL", cell: total },
    { name: "gate", header: "GATE", cell: (group) => formatDuration(group.gateSeconds), drop: 2 },
    ...(report.all.promptSeconds === undefined ? [] : [PROMPT]),
    { name: "cpu", header: "CPU", cell: cpu },
    ...(report.all.peakMemory === undefined ? [] : [PEAK]),
  ];
}

const PEAK: ReportColumn = {
  name: "peak",
  header: "PEAK",
  cell: ({ peakMemory, isPeakShared: isShared, isPeakProportional: isProportional }) =>
    peakCell(peakMemory, { isShared, isProportional }),
};

/** A tool that nobody was asked for waited for no one. */
const PROMPT: ReportColumn = {
  name: "prompt",
  header: "PROMPT",
  cell: (group) => formatDuration(group.promptSeconds ?? 0),
  drop: 4,
};

/** True where some of the CPU may be that of other calls; of none there is no part. */
export function isCpuMarked({ isCpuShared, cpuSeconds }: Summary): boolean {
  return isCpuShared && (cpuSeconds ?? 0) > 0;
}

/** The columns that `--wide` adds. */
export function wideColumns({ all }: Report): ReportColumn[] {
  return WIDE_COLUMNS.filter(({ name }) => name !== "output" || all.outputBytes !== undefined);
}

/** The columns that the report can have besides the main ones. */
export const WIDE_COLUMNS: readonly ReportColumn[] = [
  { name: "mean", header: "MEAN", cell: perGroup((group) => group.meanSeconds) },
  { name: "p99", header: "P99", cell: perGroup((group) => group.p99Seconds) },
  { name: "share", header: "SHARE", cell: ({ shareOfTime }) => formatPercent(shareOfTime) },
  { name: "cpu_percent", header: "CPU%", cell: (group) => percent(group.cpuPercentDuring) },
  { name: "rss_end", header: "RSS END", cell: (group) => kibibytes(group.rssEnd) },
  { name: "growth", header: "GROWTH", cell: ({ growth }) => signedKibibytes(growth) },
  { name: "rss_mean", header: "RSS MEAN", cell: (group) => kibibytes(group.rssMean) },
  { name: "rss_max", header: "RSS MAX", cell: (group) => kibibytes(group.rssMax) },
  { name: "ps_mean", header: "%CPU MEAN", cell: (group) => percent(group.cpuPercentMean) },
  { name: "ps_max", header: "%CPU MAX", cell: (group) => percent(group.cpuPercentMax) },
  { name: "output", header: "OUTPUT", cell: (group) => formatBytes(group.outputBytes, "short") },
];

/** What `--sort` takes, and the figure that each goes by. */
const SORTS: Readonly<Record<string, (group: Summary) => number | undefined>> = {
  name: () => undefined,
  calls: ({ calls }) => calls,
  fail: ({ failed }) => failed,
  p50: ({ p50Seconds }) => p50Seconds,
  p95: ({ p95Seconds }) => p95Seconds,
  max: ({ maxSeconds }) => maxSeconds,
  total: ({ totalSeconds }) => totalSeconds,
  gate: ({ gateSeconds }) => gateSeconds,
  prompt: ({ promptSeconds }) => promptSeconds,
  cpu: ({ cpuSeconds }) => cpuSeconds,
  peak: ({ peakMemory }) => peakMemory,
  mean: ({ meanSeconds }) => meanSeconds,
  p99: ({ p99Seconds }) => p99Seconds,
  share: ({ shareOfTime }) => shareOfTime,
  cpu_percent: ({ cpuPercentDuring }) => cpuPercentDuring,
  rss_end: ({ rssEnd }) => rssEnd,
  growth: ({ growth }) => growth,
  rss_mean: ({ rssMean }) => rssMean,
  rss_max: ({ rssMax }) => rssMax,
  ps_mean: ({ cpuPercentMean }) => cpuPercentMean,
  ps_max: ({ cpuPercentMax }) => cpuPercentMax,
  output: ({ outputBytes }) => outputBytes,
};

/** The names that `sortGroups` takes. */
export const SORT_NAMES: readonly string[] = Object.keys(SORTS);

/** The report with its groups by a column: figures descending, unknown ones last, names ascending. */
export function sortGroups(report: Report, column: string): Report {
  const figure = SORTS[column] ?? (() => undefined);
  const groups = report.groups.toSorted((a, b) =>
    descending(figure(a), figure(b)) || byName(a.name, b.name)
  );
  return { ...report, groups };
}

function descending(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return b - a;
}

/** True where the groups' totals add up to more than the time that passed, as far as a person can see. */
export function overlaps({ groups, all }: Report): boolean {
  const sum = groups.reduce((total, group) => total + (group.totalSeconds ?? 0), 0);
  return formatDuration(sum) !== formatDuration(all.totalSeconds ?? 0);
}

function kibibytes(kib: number | undefined): string {
  return formatBytes(kib === undefined ? undefined : kib * 1024, "short");
}

/** A change of memory, with its sign. */
function signedKibibytes(kib: number | undefined): string {
  return (kib !== undefined && kib > 0 ? "+" : "") + kibibytes(kib);
}

function percent(value: number | undefined): string {
  return value === undefined ? UNKNOWN : formatDecimal(value, 1);
}
