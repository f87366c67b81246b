import { type Block, BLOCK_BITS, ROW_MASK, ROWS_PER_BLOCK, RowSample, STRIDE } from "./row_view.ts";
import { NUMBER_COLUMNS, TEXT_COLUMNS, TOOL_USE_ID, WORDS } from "./row_view.ts";
import type { Sample } from "./sample.ts";
import type { Texts } from "./texts.ts";

/**
 * Rows in typed arrays. A row is written into the free place (`clear`, then `numbers` and `texts` from
 * `base` on, or `write`) and kept by `advance`; one that is not kept is written over by the next.
 */
export class RowBlocks {
  /** Of the free place, in the order of NUMBER_COLUMNS; NaN is "not known". */
  numbers: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Of the free place, in the order of TEXT_COLUMNS, by their number in `ids` or `names`; 0 is "not known". */
  texts: Int32Array<ArrayBuffer> = new Int32Array(0);
  /** Where the free place begins in both. */
  base = 0;
  readonly blocks: Block[] = [];
  /** Whether something may stand in the free place. */
  private isWritten = false;

  /** @param ids The tool_use_ids: apart, because there are so many more of them than of names. */
  constructor(readonly names: Texts, readonly ids: Texts) {
    for (const word of Object.keys(WORDS)) names.ofText(word);
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
    const { numbers, texts, base, names } = this;
    NUMBER_COLUMNS.forEach(({ key }, place) => numbers[base + place] = sample[key] ?? NaN);
    TEXT_COLUMNS.forEach(({ key }, place) => {
      const text = sample[key];
      if (text !== undefined) {
        texts[base + place] = (place === TOOL_USE_ID ? this.ids : names).ofText(text);
      }
    });
  }

  /** Keeps the row in the free place. */
  advance(): void {
    this.base += STRIDE;
    this.isWritten = false;
  }

  /** The number that the next row gets; numbers grow, with gaps. */
  get nextRow(): number {
    return this.base === this.numbers.length
      ? this.blocks.length * ROWS_PER_BLOCK
      : (this.blocks.length - 1) * ROWS_PER_BLOCK + this.base / STRIDE;
  }

  /** A row that was kept. */
  row(number: number): RowSample {
    return new RowSample(this.blocks[number >> BLOCK_BITS]!, (number & ROW_MASK) * STRIDE);
  }

  /** All blocks, the last one as it is; the next row begins another. */
  finish(): readonly Block[] {
    // Without its last row, which may have been written and not kept.
    if (this.isWritten) this.clear();
    this.isWritten = false;
    this.numbers = new Float64Array(0);
    this.texts = new Int32Array(0);
    this.base = 0;
    return this.blocks;
  }

  private addBlock(): void {
    this.numbers = new Float64Array(ROWS_PER_BLOCK * STRIDE).fill(NaN);
    this.texts = new Int32Array(ROWS_PER_BLOCK * STRIDE);
    this.base = 0;
    const { numbers, texts, names, ids } = this;
    this.blocks.push({ numbers, texts, names, ids });
  }
}
