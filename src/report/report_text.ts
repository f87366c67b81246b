import { formatBytes, formatCount, formatDuration, plural, UNKNOWN } from "../core/units.ts";
import { answers } from "./answers.ts";
import type { Report, Summary } from "./summarize.ts";
import { type Column, layOut, textWidth, wrap } from "./table.ts";

/** What the text of a report needs besides its figures. */
export interface ReportTextOptions {
  /** What the figures cover: `Last 7 days`. */
  readonly covers: string;
  /** How to see more, shown beside it. */
  readonly more?: string | undefined;
  /** Columns of the terminal. */
  readonly width: number;
  /** Mean, p99, RSS and `ps` CPU besides. */
  readonly wide?: boolean;
  /** What else a reader has to know, e.g. of rows that were skipped. */
  readonly notes?: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
  readonly style: Style;
}

/** How parts of a text are set apart; each takes and returns a text of the same width. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** The report as text: the headline, one line an answer, the table, what its signs mean. */
export function reportText(report: Report, options: ReportTextOptions): string {
  const { style, width } = options;
  const lines = headline(report, options);
  for (const [label, answer, hint] of answers(report, options.now)) {
    lines.push(...withHint(label.padEnd(LABEL) + answer, hint, width, LABEL));
  }
  if (lines.at(-1) !== "") lines.push("");
  const { tables, dropped } = layOutReport(report, options);
  for (const [header = "", ...body] of tables) {
    const last = body.pop() ?? "";
    lines.push(style.strong(header), ...body, style.strong(last), "");
  }
  const notes = [
    ...signs(report, tables.flat().join("\n"), options.wide),
    ...caveats(report, options),
    ...(dropped.length > 0 ? [`No room here for ${dropped.join(", ")}; see --json, --csv`] : []),
  ];
  lines.push(...notes.flatMap((note) => wrap(note, width, "  ")).map(style.faint));
  return lines.join("\n").trimEnd() + "\n";
}

/** Columns of the labels before the answers. */
const LABEL = 9;

function headline(report: Report, options: ReportTextOptions): string[] {
  const counts = [plural(report.all.calls, "call")];
  if (report.sessions > 0) counts.push(plural(report.sessions, "session"));
  if (report.projects > 0) counts.push(plural(report.projects, "project"));
  const hint = options.more === undefined ? undefined : `(${options.more})`;
  return [...withHint(`${options.covers}: ${counts.join(", ")}`, hint, options.width, 2), ""];
}

/** A line with a hint at its right end, which is left out where there is no room; what is too long is broken. */
function withHint(
  text: string,
  hint: string | undefined,
  width: number,
  indent: number,
): string[] {
  if (hint !== undefined) {
    const blanks = Math.max(4, Math.min(width, 80) - textWidth(text) - textWidth(hint));
    const line = text + " ".repeat(blanks) + hint;
    if (textWidth(line) <= width) return [line];
  }
  if (textWidth(text) <= width) return [text];
  const [first = "", ...rest] = wrap(text.slice(indent), width - indent, "");
  return [text.slice(0, indent) + first, ...rest.map((line) => " ".repeat(indent) + line)];
}

/** With `wide` one table where there is room for it, else two, one under the other. */
function layOutReport(
  report: Report,
  { width, wide }: ReportTextOptions,
): { tables: string[][]; dropped: string[] } {
  const rows = [...report.groups, report.all];
  const main = mainColumns(report);
  const [tool] = main;
  const both = layOut([...main, ...WIDE_COLUMNS], rows, width);
  const parts = wide !== true
    ? [layOut(main, rows, width)]
    : both.dropped.length === 0 || tool === undefined
    ? [both]
    : [layOut(main, rows, width), layOut([tool, ...WIDE_COLUMNS], rows, width)];
  return {
    tables: parts.map((part) => part.lines),
    dropped: parts.flatMap((part) => part.dropped),
  };
}

const MARKS: Readonly<Record<Summary["kind"], string>> = {
  tool: "",
  agent: " †",
  mcp: " ‡",
  all: "",
};

function nameCell({ name, kind, imported }: Summary): string {
  return name + MARKS[kind] + (imported > 0 ? " °" : "");
}

/** A figure of single calls, which says nothing over all tools. */
function perTool(figure: (group: Summary) => number | undefined): (group: Summary) => string {
  return (group) => group.kind === "all" ? "" : formatDuration(figure(group));
}

function mainColumns(report: Report): Column<Summary>[] {
  const sign = overlaps(report) ? " §" : "";
  const total = (group: Summary): string =>
    formatDuration(group.totalSeconds) + (group.kind === "all" ? sign : "");
  const cpu = (group: Summary): string =>
    (group.isCpuShared ? "~" : "") + formatDuration(group.cpuSeconds);
  return [
    { header: "TOOL", cell: nameCell, isText: true, least: 10 },
    { header: "CALLS", cell: ({ calls }) => formatCount(calls) },
    { header: "FAIL", cell: ({ failed }) => formatCount(failed), drop: 1 },
    { header: "P50", cell: perTool((group) => group.p50Seconds) },
    { header: "P95", cell: perTool((group) => group.p95Seconds), drop: 3 },
    { header: "MAX", cell: perTool((group) => group.maxSeconds) },
    { header: "TOTAL", cell: total },
    { header: "WAIT", cell: (group) => formatDuration(group.waitSeconds), drop: 2 },
    { header: "CPU", cell: cpu },
  ];
}

const WIDE_COLUMNS: readonly Column<Summary>[] = [
  { header: "MEAN", cell: perTool((group) => group.meanSeconds) },
  { header: "P99", cell: perTool((group) => group.p99Seconds), drop: 1 },
  { header: "RSS MEAN", cell: (group) => kibibytes(group.rssMean) },
  { header: "RSS MAX", cell: (group) => kibibytes(group.rssMax), drop: 2 },
  { header: "%CPU MEAN", cell: (group) => percent(group.cpuPercentMean), drop: 3 },
  { header: "%CPU MAX", cell: (group) => percent(group.cpuPercentMax), drop: 4 },
];

function kibibytes(kib: number | undefined): string {
  return formatBytes(kib === undefined ? undefined : kib * 1024, "short");
}

function percent(value: number | undefined): string {
  return value === undefined ? UNKNOWN : value.toFixed(1);
}

/** True where the tools' totals add up to more than the time that passed, as far as a person can see. */
function overlaps({ groups, all }: Report): boolean {
  const sum = groups.reduce((total, group) => total + (group.totalSeconds ?? 0), 0);
  return formatDuration(sum) !== formatDuration(all.totalSeconds ?? 0);
}

/** What the signs in the table mean, as far as it has them. */
function signs(report: Report, table: string, wide: boolean | undefined): string[] {
  const { groups, mcpTools } = report;
  const kinds: string[] = [];
  if (groups.some(({ kind }) => kind === "agent")) {
    kinds.push("† subagent start to stop, holds its calls");
  }
  if (groups.some(({ kind }) => kind === "mcp")) {
    kinds.push(`‡ MCP, ${plural(mcpTools, "tool")}; CPU is its server's`);
  }
  const figures: string[] = [];
  if (overlaps(report)) figures.push("§ overlaps once");
  if (table.includes(UNKNOWN)) {
    figures.push(`– not known or under 20 calls${wide === true ? " (P99: 100)" : ""}`);
  }
  if (groups.some(({ isCpuShared }) => isCpuShared)) figures.push("~ shared with calls beside it");
  return [kinds, figures].filter((each) => each.length > 0).map((each) => each.join("   "));
}

/** What a reader has to know of the figures. */
function caveats(report: Report, options: ReportTextOptions): string[] {
  const { all, groups } = report;
  const notes: string[] = [];
  const note = (count: number, noun: string, rest: string): void => {
    if (count > 0) notes.push(plural(count, noun) + rest);
  };
  note(report.abandoned, "start", " abandoned: denied, cancelled or killed");
  note(all.interrupted, "call", " interrupted, which is no failure");
  note(all.background, "call", " went on in the background: not in P50, P95, MAX");
  note(all.imported, "call", " imported from transcripts (°): wall time, waits included, no CPU");
  note(report.withoutStart, "end", " without a start");
  note(report.approximate, "call", " without an id overlapped: paired by order, times approximate");
  note(
    report.reversed,
    "call",
    " ended before the start: hooks out of order, or the clock set back",
  );
  if (all.calls > 0 && all.failed === undefined) {
    notes.push(
      "No row says how a call ended: the basic layout knows no failures, waits or CPU time",
    );
  }
  if (options.wide === true && groups.length > 0) {
    notes.push("RSS and %CPU are those of the client, at the start and end of calls");
  }
  return [...notes, ...options.notes ?? []];
}
