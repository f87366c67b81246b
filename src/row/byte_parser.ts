import { EMPTY_HASH, type Interner } from "./interner.ts";
import { parseRow, splitRow } from "./parse_row.ts";
import { BASIC_COLUMNS, otherColumns } from "./columns.ts";
import { FINE_TIMES } from "./foreign_cells.ts";
import type { RowBlocks } from "./row_blocks.ts";
import { EVENT, NUMBER_COLUMNS, STATUS, TEXT_COLUMNS, TIMESTAMP } from "./row_view.ts";
import { TOOL_USE_ID, WORDS, writableNumbers, writableTexts } from "./row_view.ts";

const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Bytes from here on are parts of characters beyond ASCII. */
const BEYOND_ASCII = 0x80;

/** What a cell's column is: the place of a number, `FIRST_TEXT` + the place of a text, or `PASSED_OVER`. */
const FIRST_TEXT = NUMBER_COLUMNS.length;
const PASSED_OVER = -1;

/** Up to here every whole number has a double of its own. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;
/** With so many decimals, whole + decimals is rounded once only, as `Number` does it (a test compares them). */
const MAX_DECIMALS = 9;
const MAX_WHOLE_DIGITS = 15;
const SHORT_DIGITS = 9;
const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, power) => 10 ** power);

/** So many texts of a column are remembered, 2 to the power of this. */
const RECENT_BITS = 4;
const RECENT_MASK = (1 << RECENT_BITS) - 1;
/** So many bytes tool_use_ids have in common (`toolu_01`), and behind them no longer. */
const ID_PREFIX = 10;

/**
 * Reads rows from bytes, with the meaning of `parseRow`, which it leaves all rows to that
 * are out of the ordinary: quotes, figures of many digits, blanks other than those before a figure.
 */
export class RowParser {
  private columns: readonly string[] = BASIC_COLUMNS;
  private targets = targetsOf(BASIC_COLUMNS);
  /** The targets of the layouts that a row may have against its header; worked out when one comes. */
  private otherTargets: readonly Int8Array[] | undefined;
  /** By column and first bytes: the text that was there last. Most are there again, an id once. */
  private readonly recent = new Int32Array(TEXT_COLUMNS.length << RECENT_BITS);

  /** @param names Those of `rows`, and so are `ids`. */
  constructor(
    private readonly rows: RowBlocks,
    private readonly names: Interner,
    private readonly ids: Interner,
  ) {}

  /** Sets the columns that rows have from here on. */
  setColumns(columns: readonly string[]): void {
    this.columns = columns;
    this.targets = targetsOf(columns);
    this.otherTargets = undefined;
  }

  /**
   * Writes the row from `start` to `end` (exclusive, without its line end) into the free place of the
   * rows; false where it is none. The byte at `end` must be there and be no digit.
   */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.readCells(bytes, start, end, this.targets)) return true;
    this.otherTargets ??= otherColumns(this.columns).map(targetsOf);
    for (const targets of this.otherTargets) {
      const isOther = targets.length !== this.targets.length;
      if (isOther && this.readCells(bytes, start, end, targets)) return true;
    }
    const line = decoder.decode(bytes.subarray(start, end));
    const sample = parseRow(splitRow(line), this.columns);
    if (sample !== undefined) this.rows.write(sample);
    return sample !== undefined;
  }

  /** True where the cells are an ordinary row; one of too few cells, too many or others is left half read. */
  private readCells(bytes: Uint8Array, start: number, end: number, targets: Int8Array): boolean {
    const { rows } = this;
    rows.clear();
    const { numbers, texts, at: row } = rows;
    let at = start;
    for (let column = 0; column < targets.length; column++) {
      if (at > end) return false;
      const target = targets[column]!;
      at = bytes[at] === COMMA && at < end
        ? at + 1
        : target >= 0 && target < FIRST_TEXT
        ? this.readNumber(bytes, at, end, target)
        : this.readText(bytes, at, end, target - FIRST_TEXT);
      if (at < 0) return false;
    }
    const isTime = numbers[TIMESTAMP]![row]! < FINE_TIMES; // NaN is not
    if (at !== end + 1 || !isTime) return false;
    const event = texts[EVENT]![row]!;
    const status = texts[STATUS]![row]!;
    if (status !== 0 && (status < WORDS.ok || status > WORDS.background)) texts[STATUS]![row] = 0;
    return event >= WORDS.start && event <= WORDS.peak;
  }

  /** Reads the figure at `at`; returns where the next cell begins, -1 where it is none or out of the ordinary. */
  private readNumber(bytes: Uint8Array, at: number, end: number, place: number): number {
    while (at < end && bytes[at] === BLANK) at++;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    const first = at;
    let digit = bytes[at]! - ZERO;
    let short = 0; // of so few digits that they are a small integer for the machine
    for (const limit = at + SHORT_DIGITS; digit >= 0 && digit <= 9 && at < limit;) {
      short = 10 * short + digit;
      digit = bytes[++at]! - ZERO;
    }
    let whole = short;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) whole = 10 * whole + digit;
    const digits = at - first;
    if (digits > MAX_WHOLE_DIGITS) return -1;
    let value = whole;
    if (at < end && bytes[at] === POINT) {
      const point = at++;
      let fraction = 0;
      const limit = point + MAX_DECIMALS;
      for (digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        if (at > limit) return -1;
        fraction = 10 * fraction + digit;
      }
      const decimals = at - point - 1;
      if (decimals === 0 || digits === 0) return -1;
      value = decimalOf(whole, fraction, POWERS[decimals]!);
    }
    if (at < end && bytes[at] !== COMMA) return -1;
    if (digits > 0) {
      const { numbers, at: row } = this.rows;
      writableNumbers(numbers, place)[row] = isNegative ? -value : value;
    } else if (isNegative) return -1;
    return at + 1;
  }

  /** Reads a text, as `readNumber` does a figure; a negative place passes it over. */
  private readText(bytes: Uint8Array, start: number, end: number, place: number): number {
    const { texts, at: row } = this.rows;
    const known = place === TOOL_USE_ID ? this.ids : this.names;
    const key = place === TOOL_USE_ID ? start + ID_PREFIX : start;
    const slot = place << RECENT_BITS | (bytes[key]! ^ bytes[key + 1]! << 1) & RECENT_MASK;
    if (place >= 0) {
      const number = this.recent[slot]!;
      const at = number === 0 ? -1 : known.endOf(number, bytes, start);
      if (at === end || at > 0 && at < end && bytes[at] === COMMA) {
        writableTexts(texts, place)[row] = number;
        return at + 1;
      }
    }
    let at = start;
    let hash = EMPTY_HASH;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === COMMA) break;
      hash = (hash << 5 | hash >>> 27) ^ byte; // hashByte, which is a call a byte while the log is short
    }
    if (at === start) return at + 1;
    const first = bytes[start]!;
    const last = bytes[at - 1]!;
    // At its edges may be quotes, or blanks of many kinds.
    if (first <= QUOTE || first >= BEYOND_ASCII || last <= BLANK || last >= BEYOND_ASCII) return -1;
    if (place >= 0) {
      const number = this.recent[slot] = known.ofBytes(bytes, start, at, hash);
      writableTexts(texts, place)[row] = number;
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
    const text = TEXT_COLUMNS.findIndex(({ name }) => name === column);
    return text < 0 ? NUMBER_COLUMNS.findIndex(({ name }) => name === column) : FIRST_TEXT + text;
  });
  return Int8Array.from(targets);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
