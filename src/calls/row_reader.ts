import { isAgentNumber, RowCursor } from "../row/row_cursor.ts";
import { Processes } from "./processes.ts";
import {
  AGENT_ID,
  AGENT_TYPE,
  DURATION_MS,
  EVENT,
  EXIT_CODE,
  PID,
  PROCESS_START,
  SESSION_ID,
  STATUS,
  TOOL_NAME,
  TOOL_USE_ID,
  WORDS,
} from "../row/row_view.ts";
import type { RowTable } from "../row/row_table.ts";

/**
 * What the rules that make calls of rows ask of a row, be this its number in a table or a sample. Texts
 * are compared with each other only; 0, the empty text and `undefined` are "not known".
 */
export interface RowReader<Row> {
  isStart(row: Row): boolean;
  /** True for a row of SubagentStart or SubagentStop: it has the subagent's id, and no call's. */
  isSubagentRun(row: Row): boolean;
  /** True for a row of the tool that launches subagents, and of a subagent's run. */
  isAgent(row: Row): boolean;
  /** True for the end of a call that returned while its work went on. */
  isBackground(row: Row): boolean;
  /** True for ends that say the same of their call: status, exit code and the client's own duration. */
  hasSameFigures(end: Row, other: Row): boolean;
  /** Seconds since the epoch. */
  time(row: Row): number;
  toolName(row: Row): Comparable;
  session(row: Row): Comparable;
  agent(row: Row): Comparable;
  agentType(row: Row): Comparable;
  /** The number of its process, of a pid and its start; 0 where that is not known. */
  process(row: Row): number;
}

/** A text, or its number: what two rows are compared by. */
export type Comparable = string | number | undefined;

/** Reads the rows of a table by their numbers. */
export class TableReader implements RowReader<number> {
  private readonly cursor: RowCursor;
  private readonly processes = new Processes();

  constructor(table: RowTable) {
    this.cursor = new RowCursor(table);
  }

  isStart(row: number): boolean {
    return this.cursor.at(row).isStart;
  }
  isSubagentRun(row: number): boolean {
    return this.cursor.at(row).isSubagentRun;
  }
  isAgent(row: number): boolean {
    return isAgentNumber(this.cursor.at(row).text(TOOL_NAME));
  }
  isBackground(row: number): boolean {
    return this.cursor.at(row).text(STATUS) === WORDS.background;
  }
  hasSameFigures(end: number, other: number): boolean {
    const { cursor } = this;
    const status = cursor.at(end).text(STATUS);
    const [exitCode, milliseconds] = [cursor.number(EXIT_CODE), cursor.number(DURATION_MS)];
    return cursor.at(other).text(STATUS) === status &&
      Object.is(cursor.number(EXIT_CODE), exitCode) &&
      Object.is(cursor.number(DURATION_MS), milliseconds);
  }
  time(row: number): number {
    return this.cursor.timeOf(row);
  }
  toolName(row: number): number {
    return this.cursor.at(row).text(TOOL_NAME);
  }
  /** Whether the row says that the work of a call with an id has ended. */
  isDone(row: number): boolean {
    return this.cursor.at(row).text(EVENT) === WORDS.done && this.cursor.text(TOOL_USE_ID) !== 0;
  }
  /** Whether the row says what the processes of a call with an id came to. */
  isPeak(row: number): boolean {
    return this.cursor.at(row).text(EVENT) === WORDS.peak && this.cursor.text(TOOL_USE_ID) !== 0;
  }
  toolUseId(row: number): number {
    return this.cursor.at(row).text(TOOL_USE_ID);
  }
  session(row: number): number {
    return this.cursor.at(row).text(SESSION_ID);
  }
  agent(row: number): number {
    return this.cursor.at(row).text(AGENT_ID);
  }
  agentType(row: number): number {
    return this.cursor.at(row).text(AGENT_TYPE);
  }
  process(row: number): number {
    const { cursor } = this;
    return this.processes.of(cursor.at(row).number(PID), cursor.number(PROCESS_START));
  }
}
