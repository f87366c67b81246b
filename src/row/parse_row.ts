import { BASIC_COLUMNS, type Column, FULL_COLUMNS, FULL_HEADER } from "./columns.ts";
import type { Sample } from "./sample.ts";

/**
 * True where a line (without its end) is a header and not a row: it names all of the seed's columns.
 * Rows under one that lacks any, by a damage for instance, could not be read.
 */
export function isHeader(line: string): boolean {
  if (line === FULL_HEADER) return true;
  if (!line.startsWith("timestamp,")) return false;
  const names = parseHeader(line);
  return BASIC_COLUMNS.every((name) => names.includes(name));
}

/** The columns that a header names; names that this version does not know are kept, and their cells left empty. */
export function parseHeader(line: string): readonly string[] {
  return line === FULL_HEADER ? FULL_COLUMNS : splitRow(line).map((name) => name.trim());
}

/** The cells of one physical line (RFC 4180; a quote inside an unquoted cell stands for itself). */
export function splitRow(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let position = 0;
  for (;;) {
    const end = cellEnd(line, position);
    cells.push(unquote(line.slice(position, end)));
    if (end >= line.length) return cells;
    position = end + 1;
  }
}

function cellEnd(line: string, start: number): number {
  if (line[start] !== '"') return indexOrEnd(line, ",", start);
  let position = start + 1;
  for (;;) {
    const quote = line.indexOf('"', position);
    if (quote < 0) return line.length;
    if (line[quote + 1] !== '"') return indexOrEnd(line, ",", quote);
    position = quote + 2;
  }
}

function indexOrEnd(line: string, character: string, start: number): number {
  const index = line.indexOf(character, start);
  return index < 0 ? line.length : index;
}

function unquote(cell: string): string {
  if (!cell.startsWith('"')) return cell;
  const last = cell.lastIndexOf('"');
  return cell.slice(1, last > 0 ? last : undefined).replaceAll('""', '"');
}

/**
 * The columns that a row of so many cells has under the given ones; `undefined` where it was torn. Five
 * cells are what the seed's shell hooks append to any log, and their rotation (`tail -n 500`) leaves rows
 * of all columns without the header.
 */
export function columnsFor(
  cells: number,
  columns: readonly string[],
): readonly string[] | undefined {
  return [columns, BASIC_COLUMNS, FULL_COLUMNS].find(({ length }) => length === cells);
}

/** How a figure is written. */
const FIGURE = /^-?\d+(?:\.\d+)?$/;

type Places = Readonly<Record<Column, number>>;

/** By columns, as they come from a header: rows by the million are read with the same ones. */
const knownPlaces = new WeakMap<readonly string[], Places>();

/** At which cell each column stands; -1 where it doesn't. */
function placesOf(columns: readonly string[]): Places {
  let places = knownPlaces.get(columns);
  if (places === undefined) {
    const entries = FULL_COLUMNS.map((column) => [column, columns.indexOf(column)] as const);
    places = Object.fromEntries(entries) as Record<Column, number>;
    knownPlaces.set(columns, places);
  }
  return places;
}

/** How a call can end, as rows say it. */
const STATUSES: ReadonlySet<string> = new Set(["ok", "error", "interrupted", "background"]);

/**
 * The sample that a row's cells hold under the given columns, or `undefined` where it is none: no
 * time, no event, too few cells, a cell that should be a number and isn't. Rows of the seed's shell hooks
 * (five cells, padded numbers, an empty tool name) are rows like any other.
 */
export function parseRow(
  cells: readonly string[],
  columns: readonly string[],
): Sample | undefined {
  const names = columns.length === cells.length ? columns : columnsFor(cells.length, columns);
  if (names === undefined) return undefined;
  const places = placesOf(names);
  const at = (place: number): string | undefined => {
    const cell = cells[place]; // of a column that is not there: at -1
    return cell === undefined || cell === "" ? undefined : cell.trim() || undefined;
  };
  let broken = false;
  const figure = (place: number): number | undefined => {
    const value = at(place);
    if (value === undefined) return undefined;
    if (!FIGURE.test(value)) broken = true;
    return Number(value);
  };
  const timestamp = figure(places.timestamp);
  const event = at(places.event);
  const status = at(places.status);
  if (timestamp === undefined || (event !== "start" && event !== "end")) return undefined;
  const sample: Sample = {
    timestamp,
    event,
    toolName: at(places.tool_name) ?? "unknown",
    cpuPercent: figure(places.cpu_percent),
    memoryRss: figure(places.memory_rss),
    status: status !== undefined && STATUSES.has(status) ? status as Sample["status"] : undefined,
    exitCode: figure(places.exit_code),
    durationMs: figure(places.duration_ms),
    cpuSeconds: figure(places.cpu_seconds),
    childCpuSeconds: figure(places.child_cpu_seconds),
    treeRss: figure(places.tree_rss),
    children: figure(places.children),
    pid: figure(places.pid),
    processStart: figure(places.process_start),
    sessionId: at(places.session_id),
    agentId: at(places.agent_id),
    agentType: at(places.agent_type),
    toolUseId: at(places.tool_use_id),
    project: at(places.project),
    clientVersion: at(places.client_version),
    params: at(places.params),
  };
  return broken ? undefined : sample;
}
