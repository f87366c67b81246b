import { BASIC_COLUMNS, type NumberKind } from "./columns.ts";

/*
 * Cells of rows that perfmon did not write: by shell hooks on systems whose date(1) or locale is another
 * than the recipe's, by spreadsheets.
 */

/** How a figure is written. */
const FIGURE = /^-?\d+(?:\.\d+)?$/;

/** A figure with a comma for its point, or without the digits on one side of it. */
const LOOSE_FIGURE = /^(-?)(\d*)[.,](\d*)$/;

/** Seconds behind which stands what a date(1) without nanoseconds makes of `%N`, `%3N`: `N`, `%N`, nothing. */
const BARE_SECONDS = /^([1-3]\d{9})[.,]?(?:%?[369]?N)?$/;

/** A time in milliseconds, microseconds or nanoseconds, of this century. */
const FINE_TIME = /^([1-3]\d{9})(\d{3}|\d{6}|\d{9})(?:[.,](\d*))?$/;

/** From here on a time is in a finer unit than seconds; as seconds it is in the year 33,658. */
export const FINE_TIMES = 1e12;

/**
 * A figure as perfmon writes it, with all digits that a cell gives; a time in seconds. `undefined` where it
 * is none. A comma is that of decimals, so that a whole figure has none.
 */
export function plainFigure(
  text: string,
  { name, digits }: NumberKind & { readonly name: string },
): string | undefined {
  if (name === "timestamp") return plainTime(text);
  return digits === 0 && text.includes(",") ? undefined : decimal(text);
}

function plainTime(text: string): string | undefined {
  const [, bare] = BARE_SECONDS.exec(text) ?? [];
  if (bare !== undefined) return bare;
  const [, seconds, behind, fraction = ""] = FINE_TIME.exec(text) ?? [];
  if (seconds !== undefined) return `${seconds}.${behind}${fraction}`;
  const figure = decimal(text);
  return Number(figure) < FINE_TIMES ? figure : undefined;
}

function decimal(text: string): string | undefined {
  if (FIGURE.test(text)) return text;
  const [, sign = "", whole = "", decimals = ""] = LOOSE_FIGURE.exec(text) ?? [];
  if (whole === "" && decimals === "") return undefined;
  return `${sign}${whole || "0"}${decimals && `.${decimals}`}`;
}

/** So many digits has what `$EPOCHREALTIME` and `date +%N` put behind the comma. */
const FRACTION_DIGITS = [6, 9];

/**
 * The five cells of a row in which a locale's decimal comma has cut the time, the CPU or both in two;
 * `undefined` where it is no such row.
 */
export function joinedCells(cells: readonly string[]): readonly string[] | undefined {
  if (!(cells.at(-1) === "start" || cells.at(-1) === "end")) return undefined;
  const [time = "", second = "", ...rest] = cells;
  const isTimeCut = /^\d{10}$/.test(time) && /^\d+$/.test(second) &&
    FRACTION_DIGITS.includes(second.length);
  const joined = isTimeCut ? [`${time}.${second}`, ...rest] : cells;
  if (joined.length === BASIC_COLUMNS.length + 1) return withWholeCpu(joined);
  return joined.length === BASIC_COLUMNS.length && isTimeCut ? joined : undefined;
}

function withWholeCpu([time = "", whole = "", decimals = "", ...rest]: readonly string[]):
  | readonly string[]
  | undefined {
  if (!/^\s*\d+$/.test(whole) || !/^\d+$/.test(decimals)) return undefined;
  return [time, `${whole}.${decimals}`, ...rest];
}
