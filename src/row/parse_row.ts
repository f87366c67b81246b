import {
  BASIC_COLUMNS,
  type Column,
  COLUMNS,
  FULL_COLUMNS,
  FULL_HEADER,
  otherColumns,
} from "./columns.ts";
import { joinedCells, plainFigure } from "./foreign_cells.ts";
import type { Sample } from "./sample.ts";

/**
 * True where a line (without its end) is a header and not a row: it names all of the seed's columns, in
 * any order, in quotes or not. Rows under one that lacks any, by a damage for instance, could not be read.
 */
export function isHeader(line: string): boolean {
  if (line === FULL_HEADER) return true;
  if (!mayBeginHeader(line.charCodeAt(0)) || !line.includes(BASIC_COLUMNS[0]!)) return false;
  const names = parseHeader(line);
  return BASIC_COLUMNS.every((name) => names.includes(name));
}

/** Whether a header may begin with a byte, or a character: a small letter or a quote, as hardly a row does. */
export function mayBeginHeader(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a || byte === 0x22;
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
 * of all columns, or of those that an older perfmon had, without the header.
 */
export function columnsFor(
  cells: number,
  columns: readonly string[],
): readonly string[] | undefined {
  if (columns.length === cells) return columns;
  return otherColumns(columns).find(({ length }) => length === cells);
}

/** A row's cells, and the columns that they are of. */
export interface FittedRow {
  readonly cells: readonly string[];
  readonly columns: readonly string[];
}

/** The cells of a row with the columns that they have under the given ones; `undefined` where it was torn. */
export function fitRow(
  cells: readonly string[],
  columns: readonly string[],
): FittedRow | undefined {
  const own = columnsFor(cells.length, columns);
  if (own !== undefined) return { cells, columns: own };
  const joined = joinedCells(cells);
  return joined && { cells: joined, columns: BASIC_COLUMNS };
}

/**
 * The number that a cell's text is; `undefined` where it is none that anything measured, as it is beyond
 * 2^53, from where on doubles leave out whole numbers, up to infinity.
 */
export function figureOf(text: string): number | undefined {
  const value = Number(text);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** By columns, as they come from a header: rows by the million are read with the same ones. */
const knownPlaces = new WeakMap<readonly string[], readonly number[]>();

/** At which cell each of COLUMNS stands; -1 where it doesn't. */
function placesOf(columns: readonly string[]): readonly number[] {
  let places = knownPlaces.get(columns);
  if (places === undefined) {
    places = COLUMNS.map(({ name }) => columns.indexOf(name));
    knownPlaces.set(columns, places);
  }
  return places;
}

/** The members of a sample that are all there from the beginning, so that V8 need not make room for each. */
const NOTHING_KNOWN = Object.fromEntries(
  COLUMNS.map((
    column: Column,
  ) => [column.key, column.kind === "text" ? column.otherwise : undefined]),
);

/**
 * The sample that a row's cells hold under the given columns, or `undefined` where it is none: no
 * time, no event, too few cells, a cell that should be a number and isn't; one beyond all measure is taken
 * for empty. Rows of shell hooks (five cells, padded numbers, an empty tool name, a time as
 * `foreign_cells.ts` has it) are rows like any other.
 */
export function parseRow(
  cells: readonly string[],
  columns: readonly string[],
): Sample | undefined {
  const row = fitRow(cells, columns);
  if (row === undefined) return undefined;
  const places = placesOf(row.columns);
  const sample: Record<string, string | number | undefined> = { ...NOTHING_KNOWN };
  for (let each = 0; each < COLUMNS.length; each++) {
    const cell = row.cells[places[each]!]; // of a column that is not there: at -1
    const text = cell === undefined || cell === "" ? "" : cell.trim();
    if (text === "") continue;
    const column: Column = COLUMNS[each]!;
    if (column.kind === "number") {
      const figure = plainFigure(text, column);
      if (figure === undefined) return undefined;
      sample[column.key] = figureOf(figure);
    } else if (column.kind === "text") sample[column.key] = text;
    else sample[column.key] = column.words.find((word) => word === text);
  }
  const isRow = sample.timestamp !== undefined && sample.event !== undefined;
  // The declarations say of each member what its type is.
  return isRow ? sample as unknown as Sample : undefined;
}

/** The time of a row, given as a line without its end, seconds since the epoch; NaN where it is no row. */
export function rowTime(line: string, columns: readonly string[]): number {
  return parseRow(splitRow(line), columns)?.timestamp ?? NaN;
}
