import { RowBlocks } from "./row_blocks.ts";
import { BLOCK_BITS, EVENT, LINE, NO_NUMBERS, NO_TEXTS, type RawBlock } from "./row_view.ts";
import {
  ROW_MASK,
  ROWS_PER_BLOCK,
  type RowSample,
  SESSION_ID,
  type TextNumbers,
} from "./row_view.ts";
import { TOOL_NAME, TOOL_USE_ID, WORDS, writableTexts } from "./row_view.ts";
import { RowSet } from "./row_set.ts";
import type { Sample } from "./sample.ts";
import type { Texts } from "./texts.ts";
import { isUniqueId } from "./tool_use_id.ts";

/**
 * The rows of a log. A row that was written is kept by `take`, unless it was there before. Rows that
 * make a call by its id find each other as they are taken.
 */
export class RowTable extends RowBlocks {
  /** By call number, of those with an id: 1 + the start row and the end row that came first; 0 is none. */
  startRows: Int32Array = new Int32Array(512);
  endRows: Int32Array = new Int32Array(512);
  /** The rows of calls with an id that had a row of that event already, in the order of arrival. */
  readonly again: number[] = [];
  /** The rows of calls without a tool_use_id, in the order of arrival. */
  readonly loose: number[] = [];
  /** The rows of no call, such as prompts, in the order of arrival. */
  readonly events: number[] = [];
  /** Rows from here on were imported: one whose call was recorded before is not taken. */
  importedFrom = Infinity;
  private readonly callNumbers = new CallNumbers();
  /** The rows that may be there more than once: without an id, and all but the first of a call and event. */
  private readonly repeated: RowSet;
  private taken = 0;

  /** @param ids The tool_use_ids: apart, because there are so many more of them than of names. */
  constructor(names: Texts, ids: Texts) {
    super(names, ids);
    this.repeated = new RowSet(this.blocks);
  }

  /** Whether rows were left out, or kept, of which it could not be told that they were there before. */
  get isUncertain(): boolean {
    return this.repeated.isUncertain;
  }

  /** How many rows were taken. */
  get size(): number {
    return this.taken;
  }

  /** How many calls have an id; their numbers count from 1. */
  get calls(): number {
    return this.callNumbers.last;
  }

  /** The number of the call with an id that a row belongs to. */
  callOf(row: number): number {
    const { texts } = this.blocks[row >> BLOCK_BITS]!;
    const at = row & ROW_MASK;
    return this.callNumbers.of(texts[TOOL_USE_ID]![at]!, texts[SESSION_ID]![at]!);
  }

  /** Whether any row says something in a place of texts. */
  hasTexts(place: number): boolean {
    return this.blocks.some(({ texts }) => texts[place] !== NO_TEXTS);
  }

  /** The numbers that some rows have in a place; NaN where it is not known, or the row is −1. */
  numbersOf(rows: Int32Array, place: number): Float64Array {
    const { blocks } = this;
    const found = new Float64Array(rows.length).fill(NaN);
    if (blocks.every(({ numbers }) => numbers[place] === NO_NUMBERS)) return found;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (row >= 0) found[at] = blocks[row >> BLOCK_BITS]!.numbers[place]![row & ROW_MASK]!;
    }
    return found;
  }

  /** The numbers of the texts that some rows have in a place; 0 where it is not known, or the row is −1. */
  textsOf(rows: Int32Array, place: number): Int32Array {
    const { blocks } = this;
    const found = new Int32Array(rows.length);
    if (!this.hasTexts(place)) return found;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (row >= 0) found[at] = blocks[row >> BLOCK_BITS]!.texts[place]![row & ROW_MASK]!;
    }
    return found;
  }

  /** Whether two rows have the same text in a place. */
  isSameText(place: number, row: number, other: number): boolean {
    const { blocks } = this;
    return blocks[row >> BLOCK_BITS]!.texts[place]![row & ROW_MASK] ===
      blocks[other >> BLOCK_BITS]!.texts[place]![other & ROW_MASK];
  }

  /** The numbers of the rows taken from `from` to `to` (exclusive). */
  *rows(from: number, to: number): Generator<number> {
    for (let row = from; row < to; row++) {
      if (this.blocks[row >> BLOCK_BITS]!.texts[EVENT]![row & ROW_MASK] !== 0) yield row;
    }
  }

  /** Whether the line of the row in the free place has to be known: where another row may say the same. */
  get needsLine(): boolean {
    const { texts, at } = this;
    const id = texts[TOOL_USE_ID]![at]!;
    const event = texts[EVENT]![at]!;
    if (id === 0 || event > WORDS.end) return true;
    const call = this.callNumbers.of(id, texts[SESSION_ID]![at]!);
    return (event === WORDS.start ? this.startRows : this.endRows)[call]! > 0;
  }

  /**
   * Keeps the row in the free place, unless it was there before: the same line, or the same in each
   * column as the first row of its call and event. `line` is equal for equal lines only; 0 is not known.
   */
  take(line = 0): void {
    const { texts, at } = this;
    if (line !== 0) writableTexts(texts, LINE)[at] = line;
    if (this.register(this.nextRow, texts, at, true)) this.advance();
  }

  /** Keeps the row in the free place, whether or not it was there before. */
  keep(): void {
    this.register(this.nextRow, this.texts, this.at, false);
    this.advance();
  }

  /**
   * Takes the rows of a block that was made elsewhere, each as by `take`; the numbers of its texts
   * become those that `renumbered` says. Of its rows with a
   * tool_use_id no line is known.
   */
  adopt(block: RawBlock, renumbered: { names: Int32Array; ids: Int32Array }): void {
    this.finish();
    const first = this.nextRow;
    const numbers = Array.from(block.numbers, (column) => column ?? NO_NUMBERS);
    const texts = Array.from(block.texts, (column) => column ?? NO_TEXTS);
    renumber(texts, renumbered);
    this.blocks.push({ numbers, texts, names: this.names, ids: this.ids });
    for (let at = 0; at < ROWS_PER_BLOCK; at++) {
      if (texts[EVENT]![at] === 0) continue;
      if (!this.register(first + at, texts, at, true)) texts[EVENT]![at] = 0;
    }
  }

  /** Finds the call of a row, and remembers the row; false where it is not to be kept. */
  private register(
    row: number,
    texts: TextNumbers[],
    at: number,
    once: boolean,
  ): boolean {
    if (texts[TOOL_NAME]![at] === 0) writableTexts(texts, TOOL_NAME)[at] = WORDS.unknown;
    const id = texts[TOOL_USE_ID]![at]!;
    const event = texts[EVENT]![at]!;
    if (event > WORDS.end) {
      if (once && !this.repeated.add(row)) return false;
      this.events.push(row);
    } else if (id === 0) {
      if (once && !this.repeated.add(row)) return false;
      this.loose.push(row);
    } else {
      const call = this.callNumbers.of(id, texts[SESSION_ID]![at]!);
      if (call >= this.startRows.length) this.enlarge();
      if (row >= this.importedFrom && this.isRecorded(call, id)) return false;
      const rows = event === WORDS.start ? this.startRows : this.endRows;
      const known = rows[call]!;
      if (known === 0) rows[call] = row + 1;
      else {
        // It says something else than the first row of its call and event, and than those since.
        if (once && (this.repeated.isSame(row, known - 1) || !this.repeated.add(row))) return false;
        this.again.push(row);
      }
    }
    this.taken++;
    return true;
  }

  /** Whether a call was recorded; one of the same id says nothing of it where ids come again. */
  private isRecorded(call: number, id: number): boolean {
    if (!isUniqueId(this.ids.text(id) ?? "")) return false;
    const start = this.startRows[call]!;
    const end = this.endRows[call]!;
    return start > 0 && start <= this.importedFrom || end > 0 && end <= this.importedFrom;
  }

  private enlarge(): void {
    const { startRows, endRows } = this;
    this.startRows = new Int32Array(2 * startRows.length);
    this.startRows.set(startRows);
    this.endRows = new Int32Array(2 * endRows.length);
    this.endRows.set(endRows);
  }
}

function renumber(
  texts: readonly TextNumbers[],
  { names, ids }: { names: Int32Array; ids: Int32Array },
): void {
  texts.forEach((column, place) => {
    if (place === LINE || column === NO_TEXTS) return;
    const numbers = place === TOOL_USE_ID ? ids : names;
    for (let at = 0; at < column.length; at++) column[at] = numbers[column[at]!]!; // 0 stays 0
  });
}

/** The rows of a log, for `toCalls`: without an object for each, however many there are. */
export class RowList implements Iterable<Sample> {
  /** @param last The rows of the table before this number come last. */
  constructor(readonly table: RowTable, readonly last: number, private readonly end: number) {}

  /** What rows are ordered by as they stand in the list: the number of one that comes behind is higher. */
  placeOf(row: number): number {
    return row < this.last ? row + 2 ** 31 : row;
  }

  /** The row numbers in their order. */
  *numbers(): Generator<number> {
    yield* this.table.rows(this.last, this.end);
    yield* this.table.rows(0, this.last);
  }

  *[Symbol.iterator](): Generator<RowSample> {
    for (const row of this.numbers()) yield this.table.row(row);
  }
}

/** Numbers calls, from 1: the same session and tool_use_id, the same number. */
class CallNumbers {
  last = 0;
  /** By the number of a tool_use_id: the first call that has it. */
  private firstOfId = new Int32Array(512);
  /** By call. */
  private sessions = new Int32Array(512);
  /** The calls of other sessions with an id that was there before. */
  private readonly others = new Map<string, number>();

  of(id: number, session: number): number {
    if (id >= this.firstOfId.length) this.firstOfId = doubled(this.firstOfId, id);
    const first = this.firstOfId[id]!;
    if (first === 0) return this.firstOfId[id] = this.add(session);
    if (this.sessions[first] === session) return first;
    const key = `${id} ${session}`;
    let call = this.others.get(key);
    if (call === undefined) this.others.set(key, call = this.add(session));
    return call;
  }

  private add(session: number): number {
    const call = ++this.last;
    if (call === this.sessions.length) this.sessions = doubled(this.sessions, call);
    this.sessions[call] = session;
    return call;
  }
}

function doubled(numbers: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * least);
  larger.set(numbers);
  return larger;
}
