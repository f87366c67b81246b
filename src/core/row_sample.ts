import type { Interner } from "./interner.ts";
import type { Column } from "./row.ts";
import type { EventKind, Sample, Status } from "./sample.ts";

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
/** Places of a row's texts. */
export const TOOL_NAME = 0;
export const EVENT = 1;
export const STATUS = 2;
export const SESSION_ID = 3;
export const TOOL_USE_ID = 6;
/** Behind the texts: which call the row belongs to, from 1; 0 where it has no tool_use_id. */
export const CALL = 10;

/** How many numbers a row takes, and how many texts. */
export const STRIDE = 11;

/** The numbers of the texts that have a meaning; every table has them first. */
export const WORDS = { start: 1, end: 2, ok: 3, error: 4, interrupted: 5, background: 6 };

/** The numbers and texts of some rows, one behind the other. */
export interface Block {
  /** Which row of the table its first one is. */
  readonly first: number;
  readonly numbers: Float64Array;
  /** By their number in `ids` (tool_use_id) or `names` (all others). */
  readonly texts: Int32Array;
  readonly names: Interner;
  readonly ids: Interner;
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

  /** Equal for rows of the same session and tool_use_id, and for these only, within one `log`; 0 without an id. */
  get callNumber(): number {
    return this.block.texts[this.base + CALL]!;
  }
  /** Which row of its table it is. */
  get row(): number {
    return this.block.first + this.base / STRIDE;
  }

  /** True where the other row of the same table says the same in each column. */
  equals(other: RowSample): boolean {
    for (let place = 0; place < STRIDE; place++) {
      const number = this.block.numbers[this.base + place]!;
      if (!Object.is(number, other.block.numbers[other.base + place])) return false;
      if (this.block.texts[this.base + place] !== other.block.texts[other.base + place]) {
        return false;
      }
    }
    return true;
  }

  private number(place: number): number | undefined {
    const value = this.block.numbers[this.base + place]!;
    return value === value ? value : undefined; // NaN: not known
  }
  private text(place: number): string | undefined {
    return this.block.names.text(this.block.texts[this.base + place]!);
  }
}
