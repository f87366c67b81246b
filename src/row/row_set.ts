import { AGENT_ID, type Block, BLOCK_BITS, LINE, MEMORY_RSS, PID, ROW_MASK } from "./row_view.ts";
import { TIMESTAMP } from "./row_view.ts";

/** A set of rows; those of the same line are one. */
export class RowSet {
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
    return this.blocks[row >> BLOCK_BITS]!.texts[LINE]![row & ROW_MASK]!;
  }

  private hash(row: number): number {
    const { numbers, texts } = this.blocks[row >> BLOCK_BITS]!;
    const at = row & ROW_MASK;
    double[0] = numbers[TIMESTAMP]![at]!;
    let hash = Math.imul(words[0]! ^ words[1]!, 0x01000193);
    hash = Math.imul(hash ^ numbers[MEMORY_RSS]![at]!, 0x01000193);
    hash = Math.imul(hash ^ numbers[PID]![at]!, 0x01000193);
    for (let place = 0; place <= AGENT_ID; place++) {
      hash = Math.imul(hash ^ texts[place]![at]!, 0x01000193);
    }
    return hash ^ hash >>> 15;
  }

  /** True for rows that say the same in each column. */
  isSame(row: number, other: number): boolean {
    const a = this.blocks[row >> BLOCK_BITS]!;
    const b = this.blocks[other >> BLOCK_BITS]!;
    const [from, to] = [row & ROW_MASK, other & ROW_MASK];
    for (let place = 0; place < a.numbers.length; place++) {
      if (!Object.is(a.numbers[place]![from], b.numbers[place]![to])) return false;
    }
    for (let place = 0; place < LINE; place++) {
      if (a.texts[place]![from] !== b.texts[place]![to]) return false;
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
