import { formatDuration, plural } from "../text/units.ts";
import { type Answer, type AnswerOptions, answers } from "./answers.ts";
import { caveats, signs } from "./caveats.ts";
import {
  mainColumns,
  type Naming,
  type ReportColumn,
  WIDE_COLUMNS,
  wideColumns,
} from "./report_columns.ts";
import { firstGroups } from "./report/first_groups.ts";
import { isInOrder } from "./grouping.ts";
import { printable } from "../text/printable.ts";
import { layOut, withHint, wrap } from "../text/table.ts";
import { withCommand } from "../text/command_line.ts";
import type { Report, Summary } from "./summary.ts";
import type { Style, Tone } from "../text/style.ts";

/** What the text of a report needs besides its figures. */
export interface ReportTextOptions extends AnswerOptions {
  /** What the figures cover: `Last 7 days`. */
  readonly covers: string;
  /** How to see more, shown beside it. */
  readonly more?: string | undefined;
  /** Columns of the terminal. */
  readonly width: number;
  /** Lines of the terminal, where there is one: of a long table as much is shown as leaves room for the rest. */
  readonly height?: number | undefined;
  /** The number of lines for groups; all, or as many as there is room for, unless told. */
  readonly count?: number | undefined;
  /** The groups that answers are about, where they are not those of the table. */
  readonly answered?: Report | undefined;
  /** All columns. */
  readonly wide?: boolean;
  /** The name of the column that lines are sorted by. */
  readonly sort?: string | undefined;
  /** What the lines of the table stand for; tools unless told. Only a report by tool, or by tool and command, has answers. */
  readonly naming?: Naming | undefined;
  /** Where the time went, where prompts are recorded: before all other answers. */
  readonly turnAnswers?: readonly Answer[];
  /** What stands below the table, besides answers. */
  readonly below?: readonly string[];
  /** What else a reader has to know, e.g. of rows that were skipped. */
  readonly notes?: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
  /** Times in UTC and not in the local zone. */
  readonly utc?: boolean;
  readonly style: Style;
}

/** The report as text: the headline, the table, what its signs mean, and what stands out, with where to look. */
export function reportText(report: Report, options: ReportTextOptions): string {
  const { count, height } = options;
  const textOf = (lines: number): string[] => linesOf(report, options, lines);
  let shown = count ?? report.groups.length;
  if (count === undefined && height !== undefined) {
    const first = textOf(USUAL_GROUPS);
    // The line below the text is the shell's.
    const room = height - 1 - first.length + Math.min(USUAL_GROUPS, report.groups.length);
    shown = Math.max(LEAST_GROUPS, room);
    while (shown > LEAST_GROUPS && textOf(shown).length > height - 1) shown--;
  }
  return textOf(shown).join("\n") + "\n";
}

/** Lines of the table by which the room for it is measured, and those that it has at least. */
const USUAL_GROUPS = 10;
const LEAST_GROUPS = 4;

function linesOf(report: Report, options: ReportTextOptions, count: number): string[] {
  const { style, width } = options;
  const naming = options.naming ?? BY_TOOL;
  const fromEnd = options.sort === undefined && naming.grouping !== "what" &&
    isInOrder(naming.grouping);
  const shown = firstGroups(report, count, { fromEnd });
  const { tables, dropped } = layOutReport(shown, options, naming);
  const head = headline(report, options);
  const body = tables.flatMap(([header = "", ...rows], index) => {
    const last = rows.pop() ?? "";
    return [...index === 0 ? [] : [""], style.strong(header), ...rows, style.strong(last)];
  });
  const folded = report.groups.length - shown.groups.length;
  const notes = [
    ...signs(shown, tables.flat().join("\n"), options.wide),
    ...caveats(report, options.wide),
    ...options.notes ?? [],
    ...missing(report.groups.length, folded > 0, dropped),
  ];
  const found = [...findingLines(report, options, naming), ...options.below ?? []];
  return [
    ...[...head, "", ...body],
    ...notes.flatMap((note) => wrap(note, width, "  ")).map(style.faint),
    ...found.length === 0 ? [] : ["", ...found],
  ];
}

/** How to see the lines and columns that had no room, in one line; nothing where all are there. */
function missing(lines: number, isFolded: boolean, columns: readonly string[]): string[] {
  const all = `All ${lines} lines with -n ${lines}`;
  const names = columns.join(", ");
  if (columns.length === 0) return isFolded ? [all] : [];
  return [
    isFolded
      ? `${all}; no room here for ${names}, see --wide`
      : `No room here for ${names}; see --wide`,
  ];
}

function findingLines(report: Report, options: ReportTextOptions, naming: Naming): string[] {
  if (naming.grouping !== "tool" && naming.grouping !== "what") return [];
  const { answered = report, now, style, turnAnswers = [], width } = options;
  const all = [...turnAnswers, ...answers(answered, now, options)];
  return all.flatMap(([label, answer, command], index) => {
    const isSame = label === all[index - 1]?.[0];
    const shown = isSame ? "" : label;
    const text = shown.padEnd(LABEL) + answer;
    const [first = "", ...rest] = withCommand(text, command && printable(command), width, LABEL);
    const tone = TONES[label];
    return [(tone ? style[tone](shown) : shown) + first.slice(shown.length), ...rest];
  });
}

const BY_TOOL: Naming = { grouping: "tool", label: (name) => name };

/** What the labels of answers are about; others are neither good nor bad. */
const TONES: Readonly<Record<string, Tone>> = {
  Failing: "fail",
  Slow: "slow",
  Gate: "slow",
  CPU: "slow",
  Memory: "slow",
  Growing: "slow",
  Grew: "slow",
  Running: "running",
};

/** Columns of the labels before the answers. */
const LABEL = 9;

function headline(report: Report, options: ReportTextOptions): string[] {
  const counts = [plural(report.all.calls, "call")];
  if (report.sessions > 0) counts.push(plural(report.sessions, "session"));
  if (report.projects > 0) counts.push(plural(report.projects, "project"));
  const hint = options.more === undefined ? undefined : `(${options.more})`;
  if (report.spanSeconds !== undefined) counts.push(`over ${formatDuration(report.spanSeconds)}`);
  return withHint(`${options.covers}: ${counts.join(", ")}`, hint, options.width, 2);
}

/** Characters that a name keeps where all columns are asked for. */
const LEAST_NAME = 20;

/** With `wide` one table where there is room for it, else several, one under the other. */
function layOutReport(
  report: Report,
  { width, wide, sort, style }: ReportTextOptions,
  naming: Naming,
): { tables: string[][]; dropped: string[] } {
  const rows = [...report.groups, report.all];
  const main = mainColumns(report, naming);
  if (wide === true) {
    const columns = [...main, ...wideColumns(report)].map((column) =>
      column.name === "name" ? { ...column, least: LEAST_NAME } : column
    );
    return { tables: pack(columns, rows, width, style), dropped: [] };
  }
  const { lines, dropped } = layOut(withSorted(main, sort), rows, width, style);
  return { tables: [lines], dropped };
}

/** The columns that give way to one that is added: without them names would be cut to some letters. */
const GIVING_WAY: readonly string[] = ["p50", "peak"];

/** The columns with that which lines are sorted by among them, and never left out. */
function withSorted(columns: readonly ReportColumn[], sort: string | undefined): ReportColumn[] {
  const added = WIDE_COLUMNS.filter(({ name }) => name === sort);
  return [...columns.slice(0, 1), ...added, ...columns.slice(1)].map((column) => {
    const { drop: _, ...always } = column;
    if (column.name === sort) return always;
    return added.length > 0 && GIVING_WAY.includes(column.name) ? { ...column, drop: 0 } : column;
  });
}

/** All columns in as few tables as `width` allows, each beginning with the first column. */
function pack(
  columns: readonly ReportColumn[],
  rows: readonly Summary[],
  width: number,
  style: Style,
): string[][] {
  const [name, ...rest] = columns;
  const tables: string[][] = [];
  while (name !== undefined && rest.length > 0) {
    let count = rest.length;
    while (count > 1 && !fits([name, ...rest.slice(0, count)], rows, width)) count--;
    tables.push(layOut([name, ...rest.splice(0, count)], rows, width, style).lines);
  }
  return tables;
}

/** True where nothing has to be left out, and names keep a good part of their length. */
function fits(columns: readonly ReportColumn[], rows: readonly Summary[], width: number): boolean {
  const { dropped, isCramped } = layOut(columns, rows, width);
  return dropped.length === 0 && !isCramped;
}
