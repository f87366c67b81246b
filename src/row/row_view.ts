import { type Column, COLUMNS } from "./columns.ts";
import type { Sample } from "./sample.ts";
import type { Texts } from "./texts.ts";

/** How a row of a log lies in memory, and a view of it as a sample. */

/** The columns of numbers, in the order in which a row keeps them. */
export const NUMBER_COLUMNS: readonly NumberColumn[] = COLUMNS
  .filter((column) => column.kind === "number");
export type NumberColumn = Extract<Column, { kind: "number" }>;

/** The columns of texts and words, in the order in which a row keeps them. */
export const TEXT_COLUMNS: readonly TextColumn[] = COLUMNS
  .filter((column) => column.kind !== "number");
export type TextColumn = Exclude<Column, NumberColumn>;

/** Where a row keeps a column: its place among the numbers, or among the texts. */
function placeOf(key: keyof Sample): number {
  const isIt = (column: Column): boolean => column.key === key;
  return Math.max(NUMBER_COLUMNS.findIndex(isIt), TEXT_COLUMNS.findIndex(isIt));
}

/** Places of a row's numbers. */
export const TIMESTAMP: number = placeOf("timestamp");
export const CPU_PERCENT: number = placeOf("cpuPercent");
export const MEMORY_RSS: number = placeOf("memoryRss");
export const EXIT_CODE: number = placeOf("exitCode");
export const OUTPUT_BYTES: number = placeOf("outputBytes");
export const DURATION_MS: number = placeOf("durationMs");
export const CHILD_CPU_SECONDS: number = placeOf("childCpuSeconds");
export const LIVE_CPU_SECONDS: number = placeOf("liveCpuSeconds");
export const CHILDREN: number = placeOf("children");
export const READ_BYTES: number = placeOf("readBytes");
export const WRITE_BYTES: number = placeOf("writeBytes");
export const MAJOR_FAULTS: number = placeOf("majorFaults");
export const PEAK_RSS: number = placeOf("peakRss");
export const PEAK_PSS: number = placeOf("peakPss");
export const PEAK_PROCESSES: number = placeOf("peakProcesses");
export const PROCESS_SECONDS: number = placeOf("processSeconds");
export const PID: number = placeOf("pid");
export const PROCESS_START: number = placeOf("processStart");
/** Places of a row's texts. */
export const TOOL_NAME: number = placeOf("toolName");
export const EVENT: number = placeOf("event");
export const STATUS: number = placeOf("status");
export const SESSION_ID: number = placeOf("sessionId");
export const AGENT_ID: number = placeOf("agentId");
export const AGENT_TYPE: number = placeOf("agentType");
export const TOOL_USE_ID: number = placeOf("toolUseId");
export const PROJECT: number = placeOf("project");
export const CLIENT_VERSION: number = placeOf("clientVersion");
export const CLIENT: number = placeOf("client");
export const PARAMS: number = placeOf("params");
export const COMMAND: number = placeOf("command");
export const PEAK_PROCESS: number = placeOf("peakProcess");
/** Behind the texts: a hash of the line, where it had to be known, else 0. */
export const LINE: number = TEXT_COLUMNS.length;

/** The numbers of the texts that have a meaning; every table has them first. */
export const WORDS = {
  start: 1,
  end: 2,
  /** The events of no call: up to `peak`. */
  prompt: 3,
  stop: 4,
  permission: 5,
  done: 6,
  peak: 7,
  ok: 8,
  error: 9,
  interrupted: 10,
  background: 11,
  unknown: 12,
  /** The names that the tool which launches subagents has had. */
  Agent: 13,
  Task: 14,
} as const;

/** A block holds 2 to the power of this rows: row `r` is the one at `r & ROW_MASK` in block `r >> BLOCK_BITS`. */
export const BLOCK_BITS = 10;
export const ROWS_PER_BLOCK: number = 1 << BLOCK_BITS;
export const ROW_MASK: number = ROWS_PER_BLOCK - 1;

/** A column of a block, one value a row: numbers, NaN is "not known". */
export type Numbers = Float64Array<ArrayBuffer>;
/** Texts by their number in `ids` (tool_use_id) or `names` (all others); 0 is "not known". */
export type TextNumbers = Int32Array<ArrayBuffer>;

/** Columns of which nothing is known in a block are these, for all blocks: never to be written to. */
export const NO_NUMBERS: Numbers = new Float64Array(ROWS_PER_BLOCK).fill(NaN);
export const NO_TEXTS: TextNumbers = new Int32Array(ROWS_PER_BLOCK);

/** A block without what is the same for all: as it goes from one thread to another. */
export interface RawBlock {
  readonly numbers: readonly (Numbers | undefined)[];
  readonly texts: readonly (TextNumbers | undefined)[];
}

/** Some rows, column by column, by their places. Where the event is 0 there is no row. */
export interface Block {
  readonly numbers: Numbers[];
  readonly texts: TextNumbers[];
  /** The texts that the rows hold the numbers of. */
  readonly names: Texts;
  readonly ids: Texts;
}

/** What only this block holds. */
export function rawBlock({ numbers, texts }: Block): RawBlock {
  return {
    numbers: numbers.map((column) => column === NO_NUMBERS ? undefined : column),
    texts: texts.map((column) => column === NO_TEXTS ? undefined : column),
  };
}

/** The column of numbers in a place, to write to: it is made where nothing was known of it. */
export function writableNumbers(numbers: Numbers[], place: number): Numbers {
  const column = numbers[place]!;
  return column !== NO_NUMBERS
    ? column
    : numbers[place] = new Float64Array(ROWS_PER_BLOCK).fill(NaN);
}

/** The column of texts in a place, to write to: it is made where nothing was known of it. */
export function writableTexts(texts: TextNumbers[], place: number): TextNumbers {
  const column = texts[place]!;
  return column !== NO_TEXTS ? column : texts[place] = new Int32Array(ROWS_PER_BLOCK);
}

/** A row of a `RowTable`, seen as a sample; what is not known is `undefined`. */
export interface RowSample extends Sample {}

/**
 * A row of a `RowTable`, seen as a sample. All members are getters: a million rows are a
 * few typed arrays and not as many objects. So it can't be copied by `{ ...sample }`, and the same
 * row may be seen by many of these.
 */
export class RowSample {
  /** @param at Its place in the block. */
  constructor(private readonly block: Block, private readonly at: number) {}

  static {
    NUMBER_COLUMNS.forEach(({ key }, place) => {
      Object.defineProperty(this.prototype, key, {
        get(this: RowSample): number | undefined {
          const value = this.block.numbers[place]![this.at]!;
          return value === value ? value : undefined; // NaN: not known
        },
      });
    });
    TEXT_COLUMNS.forEach((column, place) => {
      const otherwise = column.kind === "text" ? column.otherwise : undefined;
      Object.defineProperty(this.prototype, column.key, {
        get(this: RowSample): string | undefined {
          const { names, ids, texts } = this.block;
          const text = texts[place]![this.at]!;
          return (place === TOOL_USE_ID ? ids : names).text(text) ?? otherwise;
        },
      });
    });
  }

  /** What it holds; a block holds more. */
  toJSON(): Record<string, unknown> {
    const { timestamp, event, toolName, sessionId, toolUseId } = this;
    return { timestamp, event, toolName, sessionId, toolUseId };
  }
}
