import type { Column } from "./columns.ts";
import type { EventKind, Sample, Status } from "./sample.ts";
import type { Texts } from "./texts.ts";

/** How a row of a log lies in memory, and a view of it as a sample. */

/** The columns of numbers, in the order in which a row keeps them. */
export const NUMBER_COLUMNS: readonly Column[] = [
  "timestamp",
  "cpu_percent",
  "memory_rss",
  "exit_code",
  "duration_ms",
  "cpu_seconds",
  "child_cpu_seconds",
  "tree_rss",
  "children",
  "pid",
  "process_start",
];

/** The columns of texts, in the order in which a row keeps them. */
export const TEXT_COLUMNS: readonly Column[] = [
  "tool_name",
  "event",
  "status",
  "session_id",
  "agent_id",
  "agent_type",
  "tool_use_id",
  "project",
  "client_version",
  "params",
];

/** Places of a row's numbers. */
export const TIMESTAMP = 0;
export const CPU_PERCENT = 1;
export const MEMORY_RSS = 2;
export const DURATION_MS = 4;
export const CHILD_CPU_SECONDS = 6;
export const PID = 9;
export const PROCESS_START = 10;
/** Places of a row's texts. */
export const TOOL_NAME = 0;
export const EVENT = 1;
export const STATUS = 2;
export const SESSION_ID = 3;
export const AGENT_ID = 4;
export const AGENT_TYPE = 5;
export const TOOL_USE_ID = 6;
export const PROJECT = 7;
export const CLIENT_VERSION = 8;
/** Behind the texts: a hash of the line, where it had to be known, else 0. */
export const LINE = 10;

/** How many numbers a row takes, and how many texts. */
export const STRIDE = 11;

/** The numbers of the texts that have a meaning; every table has them first. */
export const WORDS = {
  start: 1,
  end: 2,
  ok: 3,
  error: 4,
  interrupted: 5,
  background: 6,
  unknown: 7,
  /** The names that the tool which launches subagents has had. */
  Agent: 8,
  Task: 9,
} as const;

/** A block holds 2 to the power of this rows: row `r` is the one at `r & ROW_MASK` in block `r >> BLOCK_BITS`. */
export const BLOCK_BITS = 10;
export const ROWS_PER_BLOCK: number = 1 << BLOCK_BITS;
export const ROW_MASK: number = ROWS_PER_BLOCK - 1;

/** The numbers and texts of some rows, one behind the other. A place whose event is 0 holds no row. */
export interface RawBlock {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** By their number in `ids` (tool_use_id) or `names` (all others). */
  readonly texts: Int32Array<ArrayBuffer>;
}

/** A block with the texts that its rows hold the numbers of. */
export interface Block extends RawBlock {
  readonly names: Texts;
  readonly ids: Texts;
}

/**
 * A row of a `RowTable`, seen as a sample. All members are getters: a million rows are a
 * few typed arrays and not objects of 21 members. So it can't be copied by `{ ...sample }`, and the same
 * row may be seen by many of these.
 */
export class RowSample implements Sample {
  constructor(private readonly block: Block, private readonly base: number) {}

  get timestamp(): number {
    return this.block.numbers[this.base]!;
  }
  get cpuPercent(): number | undefined {
    return this.number(1);
  }
  get memoryRss(): number | undefined {
    return this.number(2);
  }
  get exitCode(): number | undefined {
    return this.number(3);
  }
  get durationMs(): number | undefined {
    return this.number(4);
  }
  get cpuSeconds(): number | undefined {
    return this.number(5);
  }
  get childCpuSeconds(): number | undefined {
    return this.number(6);
  }
  get treeRss(): number | undefined {
    return this.number(7);
  }
  get children(): number | undefined {
    return this.number(8);
  }
  get pid(): number | undefined {
    return this.number(9);
  }
  get processStart(): number | undefined {
    return this.number(10);
  }
  get toolName(): string {
    return this.text(TOOL_NAME) ?? "unknown";
  }
  get event(): EventKind {
    return this.block.texts[this.base + EVENT] === WORDS.start ? "start" : "end";
  }
  get status(): Status | undefined {
    return this.text(STATUS) as Status | undefined;
  }
  get sessionId(): string | undefined {
    return this.text(SESSION_ID);
  }
  get agentId(): string | undefined {
    return this.text(4);
  }
  get agentType(): string | undefined {
    return this.text(5);
  }
  get toolUseId(): string | undefined {
    return this.block.ids.text(this.block.texts[this.base + TOOL_USE_ID]!);
  }
  get project(): string | undefined {
    return this.text(7);
  }
  get clientVersion(): string | undefined {
    return this.text(8);
  }
  get params(): string | undefined {
    return this.text(9);
  }

  /** What it holds; a block holds more. */
  toJSON(): Record<string, unknown> {
    const { timestamp, event, toolName, sessionId, toolUseId } = this;
    return { timestamp, event, toolName, sessionId, toolUseId };
  }

  private number(place: number): number | undefined {
    const value = this.block.numbers[this.base + place]!;
    return value === value ? value : undefined; // NaN: not known
  }
  private text(place: number): string | undefined {
    return this.block.names.text(this.block.texts[this.base + place]!);
  }
}
