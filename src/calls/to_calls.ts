import type { Sample } from "../row/sample.ts";
import { RowList, RowTable } from "../row/row_table.ts";
import { CallTable, type CallView } from "./call_table.ts";
import { StringTexts } from "../row/texts.ts";
import { ABANDONED, REVERSED, RUN, RUNNING, SHARED } from "./call_flags.ts";
import { RowCursor } from "../row/row_cursor.ts";
import { AGENT_ID, PID, SESSION_ID } from "../row/row_view.ts";
import { sortedPairs } from "./sorted_pairs.ts";

/** What the rows alone can't tell. */
export interface CallOptions {
  /** Whether the process still lives; without it a call is running until its session has moved on. */
  readonly isAlive?: ((pid: number, processStart: number | undefined) => boolean) | undefined;
}

/**
 * The calls that the samples of a log make, given in file order; returned in order of time. By session
 * and tool_use_id, the earliest start and the earliest end counting; see `pairLoose` for rows without an
 * id, `findLaunches` for subagents.
 */
export function toCalls(samples: Iterable<Sample>, options: CallOptions = {}): CallView[] {
  const calls = toCallTable(samples, options);
  return Array.from({ length: calls.size }, (_, index) => calls.call(index));
}

/** As `toCalls`, without an object for each. */
export function toCallTable(
  samples: Iterable<Sample> | RowList,
  options: CallOptions = {},
): CallTable {
  const calls = "table" in samples
    ? new CallTable(samples.table, sortedPairs(samples))
    : tableOf([...samples]);
  markShared(calls);
  markAbandoned(calls, options);
  return calls;
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

/** Marks the calls that overlap another of the same process. */
function markShared({ size, process, processes, time, endTime, flags }: CallTable): void {
  const latest = new Int32Array(processes).fill(-1);
  for (let call = 0; call < size; call++) {
    const number = process[call]!;
    const end = endTime[call]!;
    if (number < 0 || end !== end || (flags[call]! & (RUN | REVERSED)) !== 0) continue;
    const previous = latest[number]!;
    if (previous >= 0 && time[call]! < endTime[previous]!) {
      flags[previous]! |= SHARED;
      flags[call]! |= SHARED;
    }
    if (previous < 0 || end > endTime[previous]!) latest[number] = call;
  }
}

/** Calls of one batch start within so many seconds of each other: a client starts them as the model writes them. */
const BATCH_SECONDS = 30;

/** What is known so far of the calls of one session and agent. */
interface Thread {
  busyUntil: number;
  lastEndedStart: number;
  /** A call without an end that started up to here is over. */
  movedOn: number;
}

/** By session, or else pid; then by agent. */
type Threads = Map<string, Thread>;

/**
 * A call without an end is abandoned where its process is gone or its session has moved on: a later call
 * of the same session and agent started when no other was going on, and not in the same batch. It is
 * of another batch when a call between the two has ended, or after `BATCH_SECONDS`. Runs of
 * subagents go on beside their session's calls: of them only the process tells.
 */
function markAbandoned(calls: CallTable, options: CallOptions): void {
  if (!calls.status.includes(RUNNING)) return;
  const cursor = new RowCursor(calls.rows);
  const threads: Threads = new Map();
  for (let call = 0; call < calls.size; call++) {
    if ((calls.flags[call]! & RUN) === 0) {
      follow(threadOf(threads, calls, call, cursor), calls, call);
    }
  }
  const alive = new Map<string, boolean>();
  for (let call = 0; call < calls.size; call++) {
    if (calls.status[call] !== RUNNING) continue;
    const movedOn = (calls.flags[call]! & RUN) === 0 &&
      calls.time[call]! <= threadOf(threads, calls, call, cursor).movedOn;
    const start = calls.sample(calls.starts[call]!);
    if (movedOn || !isAlive(start, alive, options)) calls.status[call] = ABANDONED;
  }
}

function threadOf(threads: Threads, calls: CallTable, call: number, cursor: RowCursor): Thread {
  const start = calls.starts[call]!;
  const end = calls.ends[call]!;
  let session = 0;
  let agent = 0;
  let pid = NaN;
  if (end >= 0) {
    session = cursor.at(end).text(SESSION_ID);
    agent = cursor.text(AGENT_ID);
  }
  if (start >= 0) {
    session = cursor.at(start).text(SESSION_ID) || session;
    agent = cursor.text(AGENT_ID) || agent;
    pid = cursor.number(PID);
  }
  const key = session === 0 ? `pid ${pid} ${agent}` : `${session} ${agent}`;
  let thread = threads.get(key);
  if (thread === undefined) {
    thread = { busyUntil: -Infinity, lastEndedStart: -Infinity, movedOn: -Infinity };
    threads.set(key, thread);
  }
  return thread;
}

function follow(thread: Thread, { starts, time, endTime }: CallTable, call: number): void {
  if (starts[call]! < 0) return;
  const start = time[call]!;
  if (start >= thread.busyUntil) {
    thread.movedOn = Math.max(thread.movedOn, thread.lastEndedStart, start - BATCH_SECONDS);
  }
  const end = endTime[call]!;
  if (end !== end) return;
  thread.lastEndedStart = start;
  thread.busyUntil = Math.max(thread.busyUntil, end);
}

function isAlive(
  start: Sample | undefined,
  known: Map<string, boolean>,
  options: CallOptions,
): boolean {
  if (start?.pid === undefined || options.isAlive === undefined) return true;
  const key = `${start.pid} ${start.processStart ?? ""}`;
  const answer = known.get(key) ?? options.isAlive(start.pid, start.processStart);
  known.set(key, answer);
  return answer;
}
