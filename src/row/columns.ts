import { defused } from "./spreadsheet.ts";
import { EVENTS, type Sample, STATUSES } from "./sample.ts";

/**
 * The log's columns in the order of the full layout. They are declared here and nowhere else: what
 * writes a row, reads one, holds it in memory, exports it or puts it on the page goes by this list. A
 * column's meaning never changes; new ones are added at the end.
 */
export const COLUMNS = [
  { name: "timestamp", key: "timestamp", kind: "number", digits: 9 },
  { name: "cpu_percent", key: "cpuPercent", kind: "number", digits: 1 },
  { name: "memory_rss", key: "memoryRss", kind: "number", digits: 0 },
  { name: "tool_name", key: "toolName", kind: "text", otherwise: "unknown" },
  { name: "event", key: "event", kind: "word", words: EVENTS },
  { name: "status", key: "status", kind: "word", words: STATUSES },
  { name: "exit_code", key: "exitCode", kind: "number", digits: 0 },
  { name: "duration_ms", key: "durationMs", kind: "number", digits: 0 },
  { name: "cpu_seconds", key: "cpuSeconds", kind: "number", digits: 2 },
  { name: "child_cpu_seconds", key: "childCpuSeconds", kind: "number", digits: 3 },
  { name: "tree_rss", key: "treeRss", kind: "number", digits: 0 },
  { name: "children", key: "children", kind: "number", digits: 0 },
  { name: "pid", key: "pid", kind: "number", digits: 0 },
  { name: "process_start", key: "processStart", kind: "number", digits: 2 },
  { name: "session_id", key: "sessionId", kind: "text" },
  { name: "agent_id", key: "agentId", kind: "text" },
  { name: "agent_type", key: "agentType", kind: "text" },
  { name: "tool_use_id", key: "toolUseId", kind: "text" },
  { name: "project", key: "project", kind: "text" },
  { name: "client_version", key: "clientVersion", kind: "text" },
  { name: "params", key: "params", kind: "text" },
  { name: "client", key: "client", kind: "text" },
  { name: "prompt_id", key: "promptId", kind: "text" },
  { name: "permission_mode", key: "permissionMode", kind: "text" },
  { name: "command", key: "command", kind: "text" },
  { name: "output_bytes", key: "outputBytes", kind: "number", digits: 0 },
  { name: "live_cpu_seconds", key: "liveCpuSeconds", kind: "number", digits: 2 },
  { name: "read_bytes", key: "readBytes", kind: "number", digits: 0 },
  { name: "write_bytes", key: "writeBytes", kind: "number", digits: 0 },
  { name: "major_faults", key: "majorFaults", kind: "number", digits: 0 },
  { name: "peak_rss", key: "peakRss", kind: "number", digits: 0 },
  { name: "peak_pss", key: "peakPss", kind: "number", digits: 0 },
  { name: "peak_processes", key: "peakProcesses", kind: "number", digits: 0 },
  { name: "peak_process", key: "peakProcess", kind: "text" },
  { name: "process_seconds", key: "processSeconds", kind: "number", digits: 2 },
] as const satisfies readonly ColumnOf<keyof Sample>[];

/** The name of a column, as the log's header has it. */
export type ColumnName = typeof COLUMNS[number]["name"];

/** A column of the log. */
export type Column = ColumnOf<keyof Sample> & { readonly name: ColumnName };

/** The declaration of the column that holds a member of `Sample`: of which kind it is the member's type says. */
export type ColumnOf<Key extends keyof Sample> = {
  [Each in Key]: { readonly name: string; readonly key: Each } & KindOf<NonNullable<Sample[Each]>>;
}[Key];

/** The kind of a column that holds such values. */
export type KindOf<Value> = [Value] extends [number] ? NumberKind
  : string extends Value ? TextKind
  : WordKind<Value>;

/** A figure. */
export interface NumberKind {
  readonly kind: "number";
  /** Decimals that are written. */
  readonly digits: number;
}

/** Any text. */
export interface TextKind {
  readonly kind: "text";
  /** What is written, and read, where the text is not known. */
  readonly otherwise?: string;
}

/** One of a few words. */
export interface WordKind<Word> {
  readonly kind: "word";
  /** All that it can be; any other reads as not known. */
  readonly words: readonly Word[];
}

/** Is nothing, or an error of the type checker that names the members of `Sample` without a column. */
export type WithoutColumn<
  Missing extends never = Exclude<keyof Sample, typeof COLUMNS[number]["key"]>,
> = Missing;

/** The names of all columns, in their order. */
export const FULL_COLUMNS: readonly ColumnName[] = COLUMNS.map(({ name }) => name);

/** Those that say what a call was asked to do, or which program did it. */
export const TELLING_COLUMNS: readonly string[] = ["command", "params", "peak_process"];

/** The seed's five columns, written without a header. */
export const BASIC_COLUMNS: readonly ColumnName[] = FULL_COLUMNS.slice(0, 5);

/** How many of the columns a release had, by its version. */
export const RELEASED: Readonly<Record<string, number>> = { "0.1.0": 21 };

/**
 * What the columns of a row may be besides those that its header names: their number tells. Those of an
 * older perfmon only where no header names more than the seed's: a row that has lost a cell must not be
 * taken for one.
 */
export function otherColumns(columns: readonly string[]): readonly (readonly ColumnName[])[] {
  const counts = columns.length > BASIC_COLUMNS.length ? [] : Object.values(RELEASED);
  const released = counts.map((count) => FULL_COLUMNS.slice(0, count));
  return [BASIC_COLUMNS, FULL_COLUMNS, ...released];
}

/** The header row of the full layout, without a line end. */
export const FULL_HEADER: string = FULL_COLUMNS.join(",");

/** The layouts of a log: all columns under a header, or the seed's five without one. */
export const LAYOUTS = ["full", "basic"] as const;

export type Layout = typeof LAYOUTS[number];

/** No text of one cell is longer than this, in UTF-16 units. */
const CELL_LIMIT = 200;

/**
 * One row as it stands in the log, with its line end and with the given columns; the cell of a name that is
 * no column's is empty. It is one physical line whatever the sample holds.
 */
export function formatRow(sample: Sample, columns: readonly string[]): string {
  const cells = columns.map((name, place) => {
    // Nearly always it is the one in its place: few headers have an order of their own.
    const here = COLUMNS[place];
    const column = here?.name === name ? here : COLUMNS.find((each) => each.name === name);
    return column === undefined ? "" : formatCell(sample, column);
  });
  return cells.join(",") + "\n";
}

function formatCell(sample: Sample, column: Column): string {
  if (column.kind === "number") return formatNumber(sample[column.key], column.digits);
  if (column.kind === "text") return formatText(sample[column.key] || column.otherwise);
  return sample[column.key] ?? "";
}

function formatNumber(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? "" : value.toFixed(digits);
}

/**
 * A text as a cell: line ends and what steers a terminal, as `printable` has it, become blanks, a
 * spreadsheet's formula is defused, quotes follow RFC 4180.
 */
function formatText(value: string | undefined): string {
  if (value === undefined || isPlain(value)) return value ?? "";
  // deno-lint-ignore no-control-regex -- control characters are what must not reach the file
  const steering = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  const oneLine = value.slice(0, CELL_LIMIT).replace(steering, " ");
  const safe = defused(oneLine);
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * True for a short text of ASCII letters, digits and what a URI component may hold besides, which is
 * nothing that CSV or a spreadsheet minds, that begins with no sign: most are. Told by what comes with
 * the language: the first regular expression of a process takes 0.08 ms.
 */
function isPlain(value: string): boolean {
  return value.length <= CELL_LIMIT && !value.startsWith("-") && value.isWellFormed() &&
    encodeURIComponent(value) === value;
}
