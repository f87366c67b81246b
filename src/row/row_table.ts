import { RowBlocks } from "./row_blocks.ts";
import { AGENT_ID, type Block, BLOCK_BITS, EVENT, LINE, MEMORY_RSS, PID } from "./row_view.ts";
import { type RawBlock, ROW_MASK, type RowSample, SESSION_ID, STRIDE } from "./row_view.ts";
import { TIMESTAMP, TOOL_NAME, TOOL_USE_ID, WORDS } from "./row_view.ts";
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

  /** As of `RowBlocks`. */
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
    const base = (row & ROW_MASK) * STRIDE;
    return this.callNumbers.of(texts[base + TOOL_USE_ID]!, texts[base + SESSION_ID]!);
  }

  /** The numbers of the rows taken from `from` to `to` (exclusive). */
  *rows(from: number, to: number): Generator<number> {
    for (let row = from; row < to; row++) {
      if (this.blocks[row >> BLOCK_BITS]!.texts[(row & ROW_MASK) * STRIDE + EVENT] !== 0) yield row;
    }
  }

  /** Whether the line of the row in the free place has to be known: where another row may say the same. */
  get needsLine(): boolean {
    const { texts, base } = this;
    const id = texts[base + TOOL_USE_ID]!;
    if (id === 0 || texts[base + EVENT]! > WORDS.end) return true;
    const call = this.callNumbers.of(id, texts[base + SESSION_ID]!);
    return (texts[base + EVENT] === WORDS.start ? this.startRows : this.endRows)[call]! > 0;
  }

  /**
   * Keeps the row in the free place, unless it was there before: the same line, or the same in each
   * column as the first row of its call and event. `line` is equal for equal lines only; 0 is not known.
   */
  take(line = 0): void {
    const { texts, base } = this;
    texts[base + LINE] = line;
    if (this.register(this.nextRow, texts, base, true)) this.advance();
  }

  /** Keeps the row in the free place, whether or not it was there before. */
  keep(): void {
    this.register(this.nextRow, this.texts, this.base, false);
    this.advance();
  }

  /**
   * Takes the rows of a block that was made elsewhere, each as by `take`; the numbers of its texts
   * become those that `renumbered` says, if they are not those of this table. Of its rows with a
   * tool_use_id no line is known.
   */
  adopt({ numbers, texts }: RawBlock, renumbered?: { names: Int32Array; ids: Int32Array }): void {
    this.finish();
    const first = this.nextRow;
    this.blocks.push({ numbers, texts, names: this.names, ids: this.ids });
    for (let base = 0, row = first; base < texts.length; base += STRIDE, row++) {
      if (texts[base + EVENT] === 0) continue;
      if (renumbered !== undefined) renumber(texts, base, renumbered);
      if (!this.register(row, texts, base, true)) texts[base + EVENT] = 0;
    }
  }

  /** Finds the call of a row, and remembers the row; false where it is not to be kept. */
  private register(
    row: number,
    texts: Int32Array,
    base: number,
    once: boolean,
  ): boolean {
    if (texts[base + TOOL_NAME] === 0) texts[base + TOOL_NAME] = WORDS.unknown;
    const id = texts[base + TOOL_USE_ID]!;
    if (texts[base + EVENT]! > WORDS.end) {
      if (once && !this.repeated.add(row)) return false;
      this.events.push(row);
    } else if (id === 0) {
      if (once && !this.repeated.add(row)) return false;
      this.loose.push(row);
    } else {
      const call = this.callNumbers.of(id, texts[base + SESSION_ID]!);
      if (call >= this.startRows.length) this.enlarge();
      if (row >= this.importedFrom && this.isRecorded(call, id)) return false;
      const rows = texts[base + EVENT] === WORDS.start ? this.startRows : this.endRows;
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
  texts: Int32Array,
  base: number,
  { names, ids }: { names: Int32Array; ids: Int32Array },
): void {
  for (let place = base; place < base + LINE; place++) {
    const text = texts[place]!;
    if (text !== 0) texts[place] = place - base === TOOL_USE_ID ? ids[text]! : names[text]!;
  }
}

/** The rows of a log, for `toCalls`: without an object for each, however many there are. */
export class RowList implements Iterable<Sample> {
  /** @param last The rows of the table before this number come last. */
  constructor(readonly table: RowTable, readonly last: number, private readonly end: number) {}

  /** The row numbers in their order. */
  *numbers(): Generator<number> {
    yield* this.table.rows(this.last, this.end);
    yield* this.table.rows(0, this.last);
  }

  *[Symbol.iterator](): Generator<RowSample> {
    for (const row of this.numbers()) yield this.table.row(row);
  }
}

/** A set of rows; those of the same line are one. */
class RowSet {
  /** Whether it could not be told that two rows are of the same line: they say the same in each column. */
  isUncertain = false;
  /** An open hash table of row numbers + 1, at most half full. */
  private slots = new Int32Array(64);
  private size = 0;

  constructor(private readonly blocks: readonly Block[]) {}

  /** False where a row of the same line was there. */
  add(row: number): boolean {
    const mask = this.slots.length - 1;
    let slot = this.hash(row) & mask;
    for (; this.slots[slot] !== 0; slot = slot + 1 & mask) {
      if (this.isSameLine(row, this.slots[slot]! - 1)) return false;
    }
    this.slots[slot] = row + 1;
    if (2 * ++this.size > this.slots.length) this.enlarge();
    return true;
  }

  private isSameLine(row: number, other: number): boolean {
    if (!this.isSame(row, other)) return false;
    const [line, otherLine] = [this.line(row), this.line(other)];
    if (line === 0 || otherLine === 0) this.isUncertain = true;
    return line === otherLine;
  }

  private line(row: number): number {
    return this.blocks[row >> BLOCK_BITS]!.texts[(row & ROW_MASK) * STRIDE + LINE]!;
  }

  private hash(row: number): number {
    const { numbers, texts } = this.blocks[row >> BLOCK_BITS]!;
    const base = (row & ROW_MASK) * STRIDE;
    double[0] = numbers[base + TIMESTAMP]!;
    let hash = Math.imul(words[0]! ^ words[1]!, 0x01000193);
    hash = Math.imul(hash ^ numbers[base + MEMORY_RSS]!, 0x01000193);
    hash = Math.imul(hash ^ numbers[base + PID]!, 0x01000193);
    for (let place = 0; place <= AGENT_ID; place++) {
      hash = Math.imul(hash ^ texts[base + place]!, 0x01000193);
    }
    return hash ^ hash >>> 15;
  }

  /** True for rows that say the same in each column. */
  isSame(row: number, other: number): boolean {
    const a = this.blocks[row >> BLOCK_BITS]!;
    const b = this.blocks[other >> BLOCK_BITS]!;
    const from = (row & ROW_MASK) * STRIDE;
    const to = (other & ROW_MASK) * STRIDE;
    for (let place = 0; place < STRIDE; place++) {
      if (!Object.is(a.numbers[from + place], b.numbers[to + place])) return false;
      if (place !== LINE && a.texts[from + place] !== b.texts[to + place]) return false;
    }
    return true;
  }

  private enlarge(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    const mask = this.slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.hash(entry - 1) & mask;
      while (this.slots[slot] !== 0) slot = slot + 1 & mask;
      this.slots[slot] = entry;
    }
  }
}

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

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
