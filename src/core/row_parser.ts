import { EMPTY_HASH, hashByte } from "./interner.ts";
import { parseRow, splitRow } from "./parse_row.ts";
import { BASIC_COLUMNS, type Column } from "./row.ts";
import { EVENT, NUMBER_COLUMNS, STATUS, TEXT_COLUMNS, TIMESTAMP, WORDS } from "./row_sample.ts";
import type { RowTable } from "./row_table.ts";

const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Bytes from here on are parts of characters beyond ASCII. */
const BEYOND_ASCII = 0x80;

/** What a cell's column is: the place of a number, `FIRST_TEXT` + the place of a text, or `PASSED_OVER`. */
const FIRST_TEXT = 16;
const PASSED_OVER = -1;

/** Up to here every whole number has a double of its own. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;
/** With so many decimals, whole + decimals is rounded once only, as `Number` does it (a test compares them). */
const MAX_DECIMALS = 9;
const MAX_WHOLE_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, power) => 10 ** power);

const BASIC_TARGETS = targetsOf(BASIC_COLUMNS);

/**
 * Reads rows from bytes into a table, with the meaning of `parseRow`, which it leaves all rows to that
 * are out of the ordinary: quotes, figures of many digits, blanks other than those before a figure.
 */
export class RowParser {
  private columns: readonly string[] = BASIC_COLUMNS;
  private targets = BASIC_TARGETS;

  constructor(private readonly table: RowTable) {}

  /** Sets the columns that rows have from here on. */
  setColumns(columns: readonly string[]): void {
    this.columns = columns;
    this.targets = targetsOf(columns);
  }

  /**
   * Writes the row from `start` to `end` (exclusive, without its line end) into the table's free place;
   * false where it is none. The byte at `end` must be there and be no digit.
   */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.readCells(bytes, start, end, this.targets)) return true;
    const mayBeBasic = this.columns.length !== BASIC_COLUMNS.length;
    if (mayBeBasic && this.readCells(bytes, start, end, BASIC_TARGETS)) return true;
    const line = decoder.decode(bytes.subarray(start, end));
    const sample = parseRow(splitRow(line), this.columns);
    if (sample !== undefined) this.table.write(sample);
    return sample !== undefined;
  }

  /** True where the cells are an ordinary row; one of too few cells, too many or others is left half read. */
  private readCells(bytes: Uint8Array, start: number, end: number, targets: Int8Array): boolean {
    const { table } = this;
    table.clear();
    let at = start;
    for (let column = 0; column < targets.length; column++) {
      if (at > end) return false;
      const target = targets[column]!;
      at = target >= 0 && target < FIRST_TEXT
        ? this.readNumber(bytes, at, end, target)
        : this.readText(bytes, at, end, target - FIRST_TEXT);
      if (at < 0) return false;
    }
    if (at !== end + 1 || Number.isNaN(table.numbers[table.base + TIMESTAMP])) return false;
    const event = table.texts[table.base + EVENT];
    if (table.texts[table.base + STATUS]! > WORDS.background) table.texts[table.base + STATUS] = 0;
    return event === WORDS.start || event === WORDS.end;
  }

  /** Reads the figure at `at`; returns where the next cell begins, -1 where it is none or out of the ordinary. */
  private readNumber(bytes: Uint8Array, at: number, end: number, target: number): number {
    while (at < end && bytes[at] === BLANK) at++;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    const first = at;
    let whole = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
      whole = 10 * whole + digit;
    }
    const digits = at - first;
    if (digits > MAX_WHOLE_DIGITS) return -1;
    let value = whole;
    if (at < end && bytes[at] === POINT) {
      const point = at++;
      let fraction = 0;
      for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        fraction = 10 * fraction + digit;
      }
      const decimals = at - point - 1;
      if (decimals === 0 || decimals > MAX_DECIMALS || digits === 0) return -1;
      value = decimalOf(whole, fraction, POWERS[decimals]!);
    }
    if (at < end && bytes[at] !== COMMA) return -1;
    if (digits > 0) this.table.numbers[this.table.base + target] = isNegative ? -value : value;
    else if (isNegative) return -1;
    return at + 1;
  }

  /** As `readNumber`, for a text; a negative place passes it over. */
  private readText(bytes: Uint8Array, start: number, end: number, place: number): number {
    let at = start;
    let hash = EMPTY_HASH;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === COMMA) break;
      hash = hashByte(hash, byte);
    }
    if (at === start) return at + 1;
    const first = bytes[start]!;
    const last = bytes[at - 1]!;
    // At its edges may be quotes, or blanks of many kinds.
    if (first <= QUOTE || first >= BEYOND_ASCII || last <= BLANK || last >= BEYOND_ASCII) return -1;
    if (place >= 0) {
      const { table } = this;
      table.texts[table.base + place] = table.textsOf(place).ofBytes(bytes, start, at, hash);
    }
    return at + 1;
  }
}

/** The number `whole`.`fraction`, where `power` is 10 to the count of its decimals, correctly rounded. */
function decimalOf(whole: number, fraction: number, power: number): number {
  const scaled = whole * power + fraction;
  // Beyond that the whole part is so large that the error of the quotient can't reach the sum's rounding.
  return scaled <= MAX_EXACT ? scaled / power : whole + fraction / power;
}

function targetsOf(columns: readonly string[]): Int8Array {
  const targets = columns.map((column, index) => {
    if (columns.indexOf(column) < index) return PASSED_OVER; // the first of its name counts
    const text = TEXT_COLUMNS.indexOf(column as Column);
    return text < 0 ? NUMBER_COLUMNS.indexOf(column as Column) : FIRST_TEXT + text;
  });
  return Int8Array.from(targets);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
