import { AGENT_ID, BLOCK_BITS, DURATION_MS, EVENT, PID, PROCESS_START } from "./row_view.ts";
import { type Numbers, ROW_MASK, type TextNumbers } from "./row_view.ts";
import { TIMESTAMP, TOOL_NAME, TOOL_USE_ID, WORDS } from "./row_view.ts";
import type { RowTable } from "./row_table.ts";
import type { FigureRow } from "./sample.ts";

/** The columns of one row after the other. */
export class RowCursor implements FigureRow {
  private numbers: readonly Numbers[] = [];
  private texts: readonly TextNumbers[] = [];
  private within = 0;

  constructor(private readonly table: RowTable) {}

  /** Goes to a row. */
  at(row: number): this {
    const { numbers, texts } = this.table.blocks[row >> BLOCK_BITS]!;
    this.numbers = numbers;
    this.texts = texts;
    this.within = row & ROW_MASK;
    return this;
  }

  /** A row's time, whichever row it stands at. */
  timeOf(row: number): number {
    return this.table.blocks[row >> BLOCK_BITS]!.numbers[TIMESTAMP]![row & ROW_MASK]!;
  }
  /** The number in a place; NaN where it is not known. */
  number(place: number): number {
    return this.numbers[place]![this.within]!;
  }
  /** The number of the text in a place; 0 where it is not known. */
  text(place: number): number {
    return this.texts[place]![this.within]!;
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

/** Whether the number of a tool's name is that of one which launches subagents, as `isAgentTool` tells of the name. */
export function isAgentNumber(tool: number): boolean {
  return tool === WORDS.Agent || tool === WORDS.Task;
}

/** NaN is "not known". */
export function known(figure: number): number | undefined {
  return figure === figure ? figure : undefined;
}
