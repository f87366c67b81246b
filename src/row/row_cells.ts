import { plainFigure } from "./foreign_cells.ts";
import { figureOf, fitRow, type FittedRow } from "./parse_row.ts";
import { defused } from "./spreadsheet.ts";
import type { Column } from "./columns.ts";

/** A row's cells by the columns of its layout, with all the digits that they have in the log. */
export class RowCells {
  readonly #row: FittedRow;

  /** `cells` and `columns` as `parseRow` takes them, of a row that it could read. */
  constructor(cells: readonly string[], columns: readonly string[]) {
    this.#row = fitRow(cells, columns) ?? { cells, columns };
  }

  /**
   * The cell without blanks around it, a figure as perfmon writes it; empty where the row has no such column,
   * or a figure beyond all measure.
   */
  get(column: Column): string {
    const { cells, columns } = this.#row;
    const value = cells[columns.indexOf(column.name)]?.trim() ?? ""; // of one that is not there: at -1
    if (column.kind === "number") {
      const figure = plainFigure(value, column) ?? "";
      return figureOf(figure) === undefined ? "" : figure;
    }
    return value === "" && column.kind === "text" ? column.otherwise ?? "" : value;
  }
}

/** A row in another layout, with its line end. */
export function toCsvRow(cells: RowCells, columns: readonly Column[]): string {
  return columns.map((column) => csvCell(cells.get(column), column)).join(",") + "\n";
}

/** Quoted as RFC 4180 asks; what a spreadsheet would run as a formula is defused, as in the log. */
function csvCell(value: string, { kind }: Column): string {
  const safe = kind === "number" ? value : defused(value);
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A row as a JSON object on one line, without a line end: the columns are its keys, empty cells `null`. */
export function toJsonRow(cells: RowCells, columns: readonly Column[]): string {
  const members = columns.map((column) =>
    `"${column.name}":${jsonValue(cells.get(column), column)}`
  );
  return `{${members.join(",")}}`;
}

function jsonValue(value: string, { kind }: Column): string {
  if (value === "") return "null";
  if (kind !== "number") return JSON.stringify(value);
  // The digits as they are: as a number of JavaScript a time would lose the last two.
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? value : String(Number(value));
}
