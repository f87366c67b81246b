import { formatDuration, plural } from "../text/units.ts";
import { type Answer, type AnswerOptions, answers } from "./answers.ts";
import { caveats, signs } from "./caveats.ts";
import { mainColumns, type Naming, type ReportColumn, WIDE_COLUMNS } from "./report_columns.ts";
import { layOut, textWidth, withHint, wrap } from "../text/table.ts";
import type { Report, Summary } from "./summary.ts";
import type { Style } from "../text/style.ts";

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
  /** What the lines of the table stand for; tools unless told. Only a report by tool, or by tool and command, has answers. */
  readonly naming?: Naming | undefined;
  /** Where the time went, where prompts are recorded: before all other answers. */
  readonly turnAnswers?: readonly Answer[];
  /** What else a reader has to know, e.g. of rows that were skipped. */
  readonly notes?: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
  /** Times in UTC and not in the local zone. */
  readonly utc?: boolean;
  readonly style: Style;
}

/** The report as text: the headline, one line an answer, the table, what its signs mean. */
export function reportText(report: Report, options: ReportTextOptions): string {
  const { style, width } = options;
  const lines = headline(report, options);
  const naming = options.naming ?? BY_TOOL;
  const isByTool = naming.grouping === "tool" || naming.grouping === "what";
  const answered = isByTool
    ? [...options.turnAnswers ?? [], ...answers(report, options.now, options)]
    : [];
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
    ...caveats(report, options.wide),
    ...options.notes ?? [],
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
    ...(all.gateSeconds === undefined ? [] : [`${formatDuration(all.gateSeconds)} at the gate`]),
    ...(all.promptSeconds === undefined ? [] : [`${formatDuration(all.promptSeconds)} in prompts`]),
    ...(all.cpuSeconds === undefined ? [] : [`${formatDuration(all.cpuSeconds)} CPU`]),
  ];
  return [counts.join(" "), sums.join(", ")].filter((part) => part !== "").join(": ");
}
