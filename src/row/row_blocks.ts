import { type Block, BLOCK_BITS, LINE, ROW_MASK, ROWS_PER_BLOCK, RowSample } from "./row_view.ts";
import { NO_NUMBERS, NO_TEXTS, type Numbers, type TextNumbers } from "./row_view.ts";
import { NUMBER_COLUMNS, TEXT_COLUMNS, TOOL_USE_ID, WORDS } from "./row_view.ts";
import { writableNumbers, writableTexts } from "./row_view.ts";
import type { Sample } from "./sample.ts";
import type { Texts } from "./texts.ts";

/**
 * Rows in typed arrays, a column each. A row is written into the free place (`clear`, then what is known of
 * it, or `write`) and kept by `advance`; one that is not kept is written over by the next.
 */
export class RowBlocks {
  /** The columns of the block with the free place. */
  numbers: Numbers[] = [];
  texts: TextNumbers[] = [];
  /** The free place in each of their columns. */
  at: number = ROWS_PER_BLOCK;
  readonly blocks: Block[] = [];
  /** Whether something may stand in the free place. */
  private isWritten = false;

  /** @param ids The tool_use_ids: apart, because there are so many more of them than of names. */
  constructor(readonly names: Texts, readonly ids: Texts) {
    for (const word of Object.keys(WORDS)) names.ofText(word);
  }

  /** Makes nothing known in the free place. */
  clear(): void {
    if (this.at === ROWS_PER_BLOCK) this.addBlock();
    if (this.isWritten) {
      for (const column of this.numbers) if (column !== NO_NUMBERS) column[this.at] = NaN;
      for (const column of this.texts) if (column !== NO_TEXTS) column[this.at] = 0;
    }
    this.isWritten = true;
  }

  /** Writes a sample into the free place. */
  write(sample: Sample): void {
    this.clear();
    const { numbers, texts, at, names, ids } = this;
    NUMBER_COLUMNS.forEach(({ key }, place) => {
      const value = sample[key];
      if (value !== undefined) writableNumbers(numbers, place)[at] = value;
    });
    TEXT_COLUMNS.forEach(({ key }, place) => {
      const text = sample[key];
      if (text === undefined) return;
      writableTexts(texts, place)[at] = (place === TOOL_USE_ID ? ids : names).ofText(text);
    });
  }

  /** Keeps the row in the free place. */
  advance(): void {
    this.at++;
    this.isWritten = false;
  }

  /** The number that the next row gets; numbers grow, with gaps. */
  get nextRow(): number {
    return this.at === ROWS_PER_BLOCK
      ? this.blocks.length * ROWS_PER_BLOCK
      : (this.blocks.length - 1) * ROWS_PER_BLOCK + this.at;
  }

  /** A row that was kept. */
  row(number: number): RowSample {
    return new RowSample(this.blocks[number >> BLOCK_BITS]!, number & ROW_MASK);
  }

  /** All blocks, the last one as it is; the next row begins another. */
  finish(): readonly Block[] {
    // Without its last row, which may have been written and not kept.
    if (this.isWritten) this.clear();
    this.isWritten = false;
    this.numbers = [];
    this.texts = [];
    this.at = ROWS_PER_BLOCK;
    return this.blocks;
  }

  private addBlock(): void {
    this.numbers = NUMBER_COLUMNS.map(() => NO_NUMBERS);
    this.texts = Array.from({ length: LINE + 1 }, () => NO_TEXTS);
    this.at = 0;
    const { numbers, texts, names, ids } = this;
    this.blocks.push({ numbers, texts, names, ids });
  }
}
