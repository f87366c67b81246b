import { formatDuration, plural, UNKNOWN } from "../core/units.ts";
import { type AnswerOptions, answers } from "./answers.ts";
import {
  isCpuMarked,
  mainColumns,
  type Naming,
  overlaps,
  type ReportColumn,
  WIDE_COLUMNS,
} from "./report_columns.ts";
import type { Report, Summary } from "./summarize.ts";
import { layOut, textWidth, withHint, wrap } from "./table.ts";

/** What the text of a report needs besides its figures. */
export interface ReportTextOptions extends AnswerOptions {
  /** What the figures cover: `Last 7 days`. */
  readonly covers: string;
  /** How to see more, shown beside it. */
  readonly more?: string | undefined;
  /** Columns of the terminal. */
  readonly width: number;
  /** All columns. */
  readonly wide?: boolean;
  /** The name of the column that lines are sorted by. */
  readonly sort?: string | undefined;
  /** What the lines of the table stand for; tools unless told. Only a report by tool has answers. */
  readonly naming?: Naming | undefined;
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
  const naming = options.naming ?? BY_TOOL;
  const answered = naming.grouping === "tool" ? answers(report, options.now, options) : [];
  for (const [label, answer, hint] of answered) {
    lines.push(...withHint(label.padEnd(LABEL) + answer, hint, width, LABEL));
  }
  if (lines.at(-1) !== "") lines.push("");
  const { tables, dropped } = layOutReport(report, options, naming);
  for (const [header = "", ...body] of tables) {
    const last = body.pop() ?? "";
    lines.push(style.strong(header), ...body, style.strong(last), "");
  }
  lines.push(...wrap(totals(report), width, "  "));
  const notes = [
    ...signs(report, tables.flat().join("\n"), options.wide),
    ...caveats(report, options),
    ...(dropped.length > 0 ? [`No room here for ${dropped.join(", ")}; see --wide`] : []),
  ];
  lines.push(...notes.flatMap((note) => wrap(note, width, "  ")).map(style.faint));
  return lines.join("\n").trimEnd() + "\n";
}

const BY_TOOL: Naming = { grouping: "tool", label: (name) => name };

/** Columns of the labels before the answers. */
const LABEL = 9;

function headline(report: Report, options: ReportTextOptions): string[] {
  const counts = [plural(report.all.calls, "call")];
  if (report.sessions > 0) counts.push(plural(report.sessions, "session"));
  if (report.projects > 0) counts.push(plural(report.projects, "project"));
  const hint = options.more === undefined ? undefined : `(${options.more})`;
  return [...withHint(`${options.covers}: ${counts.join(", ")}`, hint, options.width, 2), ""];
}

/** What a row without a tool's name is read as. */
const NO_TOOL = "unknown";

/** Characters that a name keeps where all columns are asked for. */
const LEAST_NAME = 20;

/** With `wide` one table where there is room for it, else several, one under the other. */
function layOutReport(
  report: Report,
  { width, wide, sort }: ReportTextOptions,
  naming: Naming,
): { tables: string[][]; dropped: string[] } {
  const rows = [...report.groups, report.all];
  const main = mainColumns(report, naming);
  if (wide === true) {
    const columns = [...main, ...WIDE_COLUMNS].map((column) =>
      column.name === "name" ? { ...column, least: LEAST_NAME } : column
    );
    return { tables: pack(columns, rows, width), dropped: [] };
  }
  const { lines, dropped } = layOut(withSorted(main, sort), rows, width);
  return { tables: [lines], dropped };
}

/** The columns with that which lines are sorted by among them, and never left out. */
function withSorted(columns: readonly ReportColumn[], sort: string | undefined): ReportColumn[] {
  const added = WIDE_COLUMNS.filter(({ name }) => name === sort);
  return [...columns.slice(0, 1), ...added, ...columns.slice(1)].map((column) => {
    const { drop: _, ...always } = column;
    return column.name === sort ? always : column;
  });
}

/** All columns in as few tables as `width` allows, each beginning with the first column. */
function pack(
  columns: readonly ReportColumn[],
  rows: readonly Summary[],
  width: number,
): string[][] {
  const [name, ...rest] = columns;
  const tables: string[][] = [];
  while (name !== undefined && rest.length > 0) {
    let count = rest.length;
    while (count > 1 && !fits([name, ...rest.slice(0, count)], rows, width)) count--;
    tables.push(layOut([name, ...rest.splice(0, count)], rows, width).lines);
  }
  return tables;
}

/** True where nothing has to be left out, and names keep a good part of their length. */
function fits(columns: readonly ReportColumn[], rows: readonly Summary[], width: number): boolean {
  const { lines, dropped } = layOut(columns, rows, width);
  return dropped.length === 0 && lines.every((line) => textWidth(line) <= width);
}

/** The sums over all calls in one sentence. */
function totals({ all, sessions, spanSeconds }: Report): string {
  const counts = [
    plural(all.calls, "call"),
    ...(sessions > 0 ? [`in ${plural(sessions, "session")}`] : []),
    ...(spanSeconds === undefined ? [] : [`over ${formatDuration(spanSeconds)}`]),
  ];
  const sums = [
    ...(all.totalSeconds === undefined ? [] : [`${formatDuration(all.totalSeconds)} in tools`]),
    ...(all.waitSeconds === undefined ? [] : [`${formatDuration(all.waitSeconds)} waiting`]),
    ...(all.cpuSeconds === undefined ? [] : [`${formatDuration(all.cpuSeconds)} CPU`]),
  ];
  return [counts.join(" "), sums.join(", ")].filter((part) => part !== "").join(": ");
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
  if ([...groups, report.all].some(isCpuMarked)) figures.push("~ shared with calls beside it");
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
    " whose start and end don't fit together: the clock was set, or hooks ran out of order",
  );
  const nameless = groups.find(({ name, kind }) => kind === "tool" && name === NO_TOOL);
  note(
    nameless?.calls ?? 0,
    "call",
    " of unknown tools: Claude Code never sets $CLAUDE_TOOL_NAME, which old shell hooks go by; " +
      '"perfmon hooks install" records names',
  );
  if (all.calls > 0 && all.failed === undefined) {
    notes.push(
      "No row says how a call ended: the basic layout knows no failures, waits or CPU time" +
        (report.sessions === 0 ? ", no sessions and no projects" : ""),
    );
  }
  if (options.wide === true && groups.length > 0) {
    notes.push(
      "RSS and %CPU are those of the client (in rows of old shell hooks of the hook's own shell), at " +
        "the start and end of calls; GROWTH is what its RSS " +
        "changed by during them. CPU% is CPU over the time in tools, SHARE the part of that time",
    );
  }
  return [...notes, ...options.notes ?? []];
}
