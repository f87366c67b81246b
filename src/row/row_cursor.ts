import { AGENT_ID, BLOCK_BITS, DURATION_MS, EVENT, PID, PROCESS_START } from "./row_view.ts";
import { ROW_MASK, STRIDE } from "./row_view.ts";
import { TIMESTAMP, TOOL_NAME, TOOL_USE_ID, WORDS } from "./row_view.ts";
import type { RowTable } from "./row_table.ts";
import type { FigureRow } from "./sample.ts";

/** The columns of one row after the other. */
export class RowCursor implements FigureRow {
  private numbers = new Float64Array(0);
  private texts = new Int32Array(0);
  private base = 0;

  constructor(private readonly table: RowTable) {}

  /** Goes to a row. */
  at(row: number): this {
    const block = this.table.blocks[row >> BLOCK_BITS]!;
    this.numbers = block.numbers as Float64Array<ArrayBuffer>;
    this.texts = block.texts as Int32Array<ArrayBuffer>;
    this.base = (row & ROW_MASK) * STRIDE;
    return this;
  }

  /** A row's time, whichever row it stands at. */
  timeOf(row: number): number {
    const { numbers } = this.table.blocks[row >> BLOCK_BITS]!;
    return numbers[(row & ROW_MASK) * STRIDE + TIMESTAMP]!;
  }
  /** The number in a place; NaN where it is not known. */
  number(place: number): number {
    return this.numbers[this.base + place]!;
  }
  /** The number of the text in a place; 0 where it is not known. */
  text(place: number): number {
    return this.texts[this.base + place]!;
  }
  get timestamp(): number {
    return this.number(TIMESTAMP);
  }
  get durationMs(): number | undefined {
    return known(this.number(DURATION_MS));
  }
  get pid(): number | undefined {
    return known(this.number(PID));
  }
  get processStart(): number | undefined {
    return known(this.number(PROCESS_START));
  }
  get toolUseId(): string | undefined {
    return this.table.ids.text(this.text(TOOL_USE_ID));
  }
  get isStart(): boolean {
    return this.text(EVENT) === WORDS.start;
  }
  /** True for a row of SubagentStart or SubagentStop: it has the subagent's id, and no call's. */
  get isSubagentRun(): boolean {
    return isAgentNumber(this.text(TOOL_NAME)) && this.text(TOOL_USE_ID) === 0 &&
      this.text(AGENT_ID) !== 0;
  }
}

/** As `isAgentTool`, for the number of a tool's name. */
export function isAgentNumber(tool: number): boolean {
  return tool === WORDS.Agent || tool === WORDS.Task;
}

/** NaN is "not known". */
export function known(figure: number): number | undefined {
  return figure === figure ? figure : undefined;
}
