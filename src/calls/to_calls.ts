import type { Sample } from "../row/sample.ts";
import { RowList, RowTable } from "../row/row_table.ts";
import { aliveness, type IsAlive } from "./aliveness.ts";
import type { CallView } from "./call_columns.ts";
import { CallList } from "./call_list.ts";
import { CallTable } from "./call_table.ts";
import { markSharedPeaks } from "./peaks/shared_peaks.ts";
import { promptsOf } from "./prompts/prompts.ts";
import { StringTexts } from "../row/texts.ts";
import { numberOf, REVERSED, RUN, SHARED, WITHOUT_START } from "./call_state.ts";
import { BusyTime, threadKey } from "./busy_time.ts";
import { StoppedRuns } from "./stopped_runs.ts";
import { TableReader } from "./row_reader.ts";
import { rowOf, sortedPairs } from "./sorted_pairs.ts";

/** What the rows alone can't tell. */
export interface CallOptions {
  /** Whether the process still lives; without it a call is running until its session has moved on. */
  readonly isAlive?: IsAlive | undefined;
}

/** The calls that `toCallList` finds, an object for each. */
export function toCalls(samples: Iterable<Sample>, options: CallOptions = {}): CallView[] {
  return [...toCallList(samples, options).calls];
}

/**
 * The calls that the samples of a log make, given in file order; returned in order of time. Which rows
 * belong together pair.ts says, and launches.ts of subagents.
 */
export function toCallList(
  samples: Iterable<Sample> | RowList,
  options: CallOptions = {},
): CallList {
  const calls = "table" in samples
    ? new CallTable(samples.table, sortedPairs(samples))
    : tableOf([...samples]);
  markCalls(calls, options);
  calls.setPrompts(promptsOf(calls));
  return CallList.all(calls);
}

/** Marks those calls of a table that share their figures with others, and those that are abandoned. */
export function markCalls(calls: CallTable, options: CallOptions = {}): void {
  markShared(calls);
  markSharedPeaks(calls);
  markAbandoned(calls, options);
}

/** The calls of samples that stay what they are: `start` and `end` are these. */
function tableOf(samples: readonly Sample[]): CallTable {
  const rows = new RowTable(new StringTexts(), new StringTexts());
  for (const sample of samples) {
    rows.write(sample);
    rows.keep();
  }
  return new CallTable(rows, sortedPairs(new RowList(rows, 0, rows.nextRow)), samples);
}

const NEVER_SHARED = RUN | REVERSED | WITHOUT_START;

/** Marks the calls that overlap another of the same process. */
function markShared({ size, process, processes, time, endTime, flags }: CallTable): void {
  const latest = new Int32Array(processes + 1).fill(-1);
  for (let call = 0; call < size; call++) {
    const number = process[call]!;
    const end = endTime[call]!;
    if (number === 0 || end !== end || (flags[call]! & NEVER_SHARED) !== 0) continue;
    const previous = latest[number]!;
    if (previous >= 0 && time[call]! < endTime[previous]!) {
      flags[previous]! |= SHARED;
      flags[call]! |= SHARED;
    }
    if (previous < 0 || end > endTime[previous]!) latest[number] = call;
  }
}

const RUNNING = numberOf("running");
const ABANDONED = numberOf("abandoned");

/**
 * A call without an end is abandoned where its process is gone or its session has moved on, see
 * `BusyTime`. Runs of subagents go on beside their session's calls: of them the process tells, and whether
 * they were stopped.
 */
function markAbandoned(calls: CallTable, options: CallOptions): void {
  if (!calls.status.includes(RUNNING)) return;
  const { size, flags, time, endTime, starts } = calls;
  const threads = new Threads(calls);
  for (let call = 0; call < size; call++) {
    if (starts[call]! < 0 || (flags[call]! & RUN) !== 0) continue;
    threads.of(call).addCall(time[call]!, endTime[call]!);
  }
  const stopped = new StoppedRuns(calls);
  const isAlive = aliveness(options.isAlive);
  for (let call = 0; call < size; call++) {
    if (calls.status[call] !== RUNNING) continue;
    const isOver = (flags[call]! & RUN) === 0
      ? time[call]! <= threads.of(call).movedOn
      : stopped.has(call);
    if (isOver || !isAlive(calls.start(call))) calls.status[call] = ABANDONED;
  }
}

class Threads {
  private readonly reader: TableReader;
  private readonly byKey = new Map<string, BusyTime>();

  constructor(private readonly calls: CallTable) {
    this.reader = new TableReader(calls.rows);
  }

  /** What the thread of a call came to. */
  of(call: number): BusyTime {
    const { starts, ends } = this.calls;
    const pair = { start: rowOf(starts[call]!), end: rowOf(ends[call]!), approximate: false };
    const key = threadKey(pair, this.reader);
    let thread = this.byKey.get(key);
    if (thread === undefined) this.byKey.set(key, thread = new BusyTime());
    return thread;
  }
}
