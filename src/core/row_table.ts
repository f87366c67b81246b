import { Interner } from "./interner.ts";
import { type Block, CALL, EVENT, RowSample, SESSION_ID, STRIDE, WORDS } from "./row_sample.ts";
import { TOOL_USE_ID } from "./row_sample.ts";
import type { Sample } from "./sample.ts";

const ROWS_PER_BLOCK = 4096;

/**
 * The rows of a log in typed arrays. A row is written into the free place (`clear`, then `numbers` and
 * `texts` from `base` on, or `write`), looked at by `free`, and kept by `take`; a row that is not taken
 * is written over by the next.
 */
export class RowTable {
  readonly names: Interner = new Interner();
  /** The tool_use_ids: apart, because there are so many more of them than of names. */
  readonly ids: Interner = new Interner();
  /** Of the free place, in the order of NUMBER_COLUMNS; NaN is "not known". */
  numbers: Float64Array = new Float64Array(0);
  /** Of the free place, in the order of TEXT_COLUMNS, by their number in `ids` or `names`; 0 is "not known". */
  texts: Int32Array = new Int32Array(0);
  /** Where the free place begins in both. */
  base = 0;
  private readonly blocks: Block[] = [];
  private readonly calls = new CallNumbers();
  /** The first row of each call and event, by twice the call, + 1 for an end; counts from 1. */
  private firstRows = new Int32Array(512);
  private taken = 0;
  /** Whether something may stand in the free place. */
  private isWritten = false;

  constructor() {
    for (const word of Object.keys(WORDS)) this.names.ofText(word);
  }

  /** Makes nothing known in the free place. */
  clear(): void {
    if (this.base === this.numbers.length) this.addBlock();
    if (this.isWritten) {
      this.numbers.fill(NaN, this.base, this.base + STRIDE);
      this.texts.fill(0, this.base, this.base + STRIDE);
    }
    this.isWritten = true;
  }

  /** Writes a sample into the free place. */
  write(sample: Sample): void {
    this.clear();
    const { numbers, texts, base } = this;
    numbersOf(sample).forEach((value, place) => numbers[base + place] = value ?? NaN);
    textsOf(sample).forEach((text, place) =>
      texts[base + place] = text === undefined ? 0 : this.textsOf(place).ofText(text)
    );
  }

  /** Where the texts at a place are numbered. */
  textsOf(place: number): Interner {
    return place === TOOL_USE_ID ? this.ids : this.names;
  }

  /** How many rows were taken. */
  get size(): number {
    return this.taken;
  }

  /** A row that was taken, from 0. */
  row(number: number): RowSample {
    const block = this.blocks[Math.floor(number / ROWS_PER_BLOCK)]!;
    return new RowSample(block, (number - block.first) * STRIDE);
  }

  /** The row in the free place. */
  free(): RowSample {
    const { texts, base } = this;
    const id = texts[base + TOOL_USE_ID]!;
    texts[base + CALL] = id === 0 ? 0 : this.calls.of(id, texts[base + SESSION_ID]!);
    return new RowSample(this.blocks.at(-1)!, base);
  }

  /** The first row that was taken of the free one's call and event; `undefined` also without a tool_use_id. */
  firstOfCall(): RowSample | undefined {
    const first = this.firstRows[this.placeOfCall()] ?? 0;
    return first === 0 ? undefined : this.row(first - 1);
  }

  /** Keeps the row in the free place. */
  take(): void {
    const place = this.placeOfCall();
    if (place >= this.firstRows.length) {
      const larger = new Int32Array(2 * place);
      larger.set(this.firstRows);
      this.firstRows = larger;
    }
    this.taken++;
    if (place > 1 && this.firstRows[place] === 0) this.firstRows[place] = this.taken;
    this.base += STRIDE;
    this.isWritten = false;
  }

  private placeOfCall(): number {
    const { texts, base } = this;
    return 2 * texts[base + CALL]! + (texts[base + EVENT] === WORDS.start ? 0 : 1);
  }

  private addBlock(): void {
    this.numbers = new Float64Array(ROWS_PER_BLOCK * STRIDE).fill(NaN);
    this.texts = new Int32Array(ROWS_PER_BLOCK * STRIDE);
    this.base = 0;
    const { numbers, texts, names, ids, taken: first } = this;
    this.blocks.push({ first, numbers, texts, names, ids });
  }
}

/** Rows of one table in an order of their own, without an object for each. */
export class RowList implements Iterable<Sample> {
  /** @param last How many rows at the table's beginning come last. */
  constructor(readonly table: RowTable, private readonly last: number) {}

  *[Symbol.iterator](): Generator<RowSample> {
    for (let row = this.last; row < this.table.size; row++) yield this.table.row(row);
    for (let row = 0; row < this.last; row++) yield this.table.row(row);
  }
}

/** Numbers calls, from 1: the same session and tool_use_id, the same number. */
class CallNumbers {
  private last = 0;
  /** By the number of a tool_use_id: the first call that has it. */
  private firstOfId = new Int32Array(512);
  /** By call. */
  private readonly sessions: number[] = [0];
  /** The calls of other sessions with an id that was there before. */
  private readonly others = new Map<string, number>();

  of(id: number, session: number): number {
    if (id >= this.firstOfId.length) {
      const larger = new Int32Array(2 * id);
      larger.set(this.firstOfId);
      this.firstOfId = larger;
    }
    const first = this.firstOfId[id]!;
    if (first === 0) return this.firstOfId[id] = this.add(session);
    if (this.sessions[first] === session) return first;
    const key = `${id} ${session}`;
    let call = this.others.get(key);
    if (call === undefined) this.others.set(key, call = this.add(session));
    return call;
  }

  private add(session: number): number {
    this.sessions.push(session);
    return ++this.last;
  }
}

/** In the order of NUMBER_COLUMNS. */
function numbersOf(sample: Sample): (number | undefined)[] {
  return [
    sample.timestamp,
    sample.cpuPercent,
    sample.memoryRss,
    sample.exitCode,
    sample.durationMs,
    sample.cpuSeconds,
    sample.childCpuSeconds,
    sample.treeRss,
    sample.children,
    sample.pid,
    sample.processStart,
  ];
}

/** In the order of TEXT_COLUMNS. */
function textsOf(sample: Sample): (string | undefined)[] {
  return [
    sample.toolName,
    sample.event,
    sample.status,
    sample.sessionId,
    sample.agentId,
    sample.agentType,
    sample.toolUseId,
    sample.project,
    sample.clientVersion,
    sample.params,
  ];
}
