import { APPROXIMATE, IMPORTED, REVERSED, RUN, RUNNING, SHARED } from "./call_flags.ts";
import { type Pair } from "./pair.ts";
import { isAgentNumber, known, RowCursor } from "../row/row_cursor.ts";
import { CHILD_CPU_SECONDS, MEMORY_RSS, PID } from "../row/row_view.ts";
import { STATUS, TIMESTAMP, TOOL_NAME, WORDS } from "../row/row_view.ts";
import type { RowTable } from "../row/row_table.ts";
import type { Sample } from "../row/sample.ts";
import {
  clientSeconds,
  difference,
  isReversed,
  isSameProcess,
  waitSeconds,
  wallSeconds,
} from "./figures.ts";
import { serverOf } from "../row/tool_name.ts";
import type { SortedPairs } from "./sorted_pairs.ts";
import type { Call, CallStatus } from "./call.ts";

/**
 * Calls in order of time, as typed arrays: a large log has too many for an object each. The members of
 * `Call` are worked out once, here; NaN is "not known".
 */
export class CallTable {
  /** The numbers of a call's rows; −1 where one is not there. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** By the numbers in WORDS, or as in call_flags.ts. */
  readonly status: Uint8Array;
  readonly flags: Uint8Array;
  /** The number of the tool's name. */
  readonly tool: Int32Array;
  /** The process of the start row, from 0; −1 where it is not known. */
  readonly process: Int32Array;
  /** Seconds since the epoch; `time` is that of the start, or else of the end. */
  readonly time: Float64Array;
  readonly endTime: Float64Array;
  /** Seconds. */
  readonly duration: Float64Array;
  readonly wait: Float64Array;
  readonly cpu: Float64Array;
  /** KiB. */
  readonly growth: Float64Array;
  /** How many processes there are. */
  processes = 0;
  /** The rows of the calls of the Agent tool that launched a run, by the run. */
  readonly launches: ReadonlyMap<number, Pair>;
  private readonly views = new Map<number, CallView>();

  /** @param originals The samples that the rows were made of, where calls are to give these. */
  constructor(
    readonly rows: RowTable,
    pairs: SortedPairs,
    private readonly originals?: readonly Sample[],
  ) {
    const size = pairs.starts.length;
    this.starts = pairs.starts;
    this.ends = pairs.ends;
    this.launches = pairs.launches;
    this.status = new Uint8Array(size);
    this.flags = pairs.flags;
    this.tool = new Int32Array(size);
    this.process = new Int32Array(size);
    this.time = pairs.times;
    this.endTime = new Float64Array(size);
    this.duration = new Float64Array(size);
    this.wait = new Float64Array(size);
    this.cpu = new Float64Array(size);
    this.growth = new Float64Array(size);
    this.derive();
  }

  get size(): number {
    return this.starts.length;
  }

  /** A call as an object, the same one each time. */
  call(index: number): CallView {
    let view = this.views.get(index);
    if (view === undefined) this.views.set(index, view = new CallView(this, index));
    return view;
  }

  /** Gives these objects for its calls from now on. */
  present(calls: readonly CallView[]): void {
    calls.forEach((call, index) => this.views.set(index, call));
  }

  /** A row as a sample; `undefined` for −1. */
  sample(row: number): Sample | undefined {
    return row < 0 ? undefined : this.originals?.[row] ?? this.rows.row(row);
  }

  private derive(): void {
    const { rows, starts, ends, status, flags, tool, endTime } = this;
    const start = new RowCursor(rows);
    const end = new RowCursor(rows);
    const processes = new Map<number, number>();
    const isServed = new ServedTools(rows);
    for (let call = 0; call < starts.length; call++) {
      const hasStart = starts[call]! >= 0;
      const hasEnd = ends[call]! >= 0;
      if (hasStart) start.at(starts[call]!);
      if (hasEnd) end.at(ends[call]!);
      const name = hasStart ? start.text(TOOL_NAME) : WORDS.unknown;
      tool[call] = name === WORDS.unknown && hasEnd ? end.text(TOOL_NAME) : name;
      this.process[call] = hasStart ? numberOf(processes, start.number(PID)) : -1;
      endTime[call] = hasEnd ? end.number(TIMESTAMP) : NaN;
      status[call] = hasEnd ? end.text(STATUS) : RUNNING;
      if ((hasStart ? start : end).isSubagentRun) flags[call]! |= RUN;
      const isOneProcess = hasStart && hasEnd && isSameProcess(start, end);
      if (hasStart && hasEnd && isReversed(start, end)) flags[call]! |= REVERSED;
      const wall = hasStart && hasEnd ? wallSeconds(start, end) : undefined;
      const own = hasEnd ? clientSeconds(end) : undefined;
      const isRun = (flags[call]! & RUN) !== 0;
      this.duration[call] = (isRun ? undefined : own) ?? wall ?? NaN;
      this.wait[call] = wall === undefined || own === undefined ? NaN : Math.max(0, wall - own);
      // MCP servers are never waited for, and a subagent's CPU is that of its calls.
      this.cpu[call] = isOneProcess && !isAgentNumber(tool[call]!) && !isServed.has(tool[call]!)
        ? notNegative(end.number(CHILD_CPU_SECONDS) - start.number(CHILD_CPU_SECONDS))
        : NaN;
      this.growth[call] = isOneProcess ? end.number(MEMORY_RSS) - start.number(MEMORY_RSS) : NaN;
      if (this.launches.size > 0) this.applyLaunch(call);
    }
    this.processes = processes.size;
  }

  /** A run waited as its launch did, and failed where that failed; it takes from its start to its stop. */
  private applyLaunch(call: number): void {
    const launch = this.launches.get(call);
    if (launch === undefined) return;
    this.flags[call]! |= RUN;
    const start = new RowCursor(this.rows);
    const end = new RowCursor(this.rows);
    const hasEnd = this.ends[call]! >= 0;
    const seconds = hasEnd
      ? wallSeconds(start.at(this.starts[call]!), end.at(this.ends[call]!))
      : undefined;
    this.duration[call] = seconds ?? NaN;
    this.wait[call] = NaN;
    if (launch.end < 0) return;
    this.wait[call] = waitSeconds(start.at(launch.start), end.at(launch.end)) ?? NaN;
    const status = end.text(STATUS);
    const failed = status === WORDS.error || status === WORDS.interrupted;
    if (hasEnd && failed) this.status[call] = status;
  }
}

/** Which tools are those of MCP servers, by the numbers of their names. */
class ServedTools {
  private readonly known: (boolean | undefined)[] = [];

  constructor(private readonly rows: RowTable) {}

  has(tool: number): boolean {
    return this.known[tool] ??= serverOf(this.rows.names.text(tool) ?? "") !== undefined;
  }
}

function numberOf(numbers: Map<number, number>, pid: number): number {
  if (pid !== pid) return -1;
  let number = numbers.get(pid);
  if (number === undefined) numbers.set(pid, number = numbers.size);
  return number;
}

function notNegative(figure: number): number {
  return figure < 0 ? NaN : figure;
}

/** By the numbers in a `CallTable`. */
const STATUSES: readonly CallStatus[] = [
  "unknown",
  "running",
  "abandoned",
  "ok",
  "error",
  "interrupted",
  "background",
];

/** A call of a `CallTable` as an object. */
export class CallView implements Call {
  private startSample: Sample | undefined;
  private endSample: Sample | undefined;

  constructor(readonly table: CallTable, readonly index: number) {}

  /** All rows that it is made of, those of a subagent's launch too. */
  get rows(): readonly Sample[] {
    const { table, start, end } = this;
    const launch = table.launches.get(this.index);
    const launchEnd = launch?.end === table.ends[this.index] ? -1 : launch?.end ?? -1;
    return [table.sample(launch?.start ?? -1), start, table.sample(launchEnd), end]
      .filter((row) => row !== undefined);
  }
  get start(): Sample | undefined {
    return this.startSample ??= this.table.sample(this.table.starts[this.index]!);
  }
  get end(): Sample | undefined {
    return this.endSample ??= this.table.sample(this.table.ends[this.index]!);
  }
  get toolName(): string {
    return this.table.rows.names.text(this.table.tool[this.index]!) ?? "unknown";
  }
  get status(): CallStatus {
    return STATUSES[this.table.status[this.index]!] ?? "unknown";
  }
  set status(status: CallStatus) {
    this.table.status[this.index] = STATUSES.indexOf(status);
  }
  get startTime(): number | undefined {
    return this.start?.timestamp;
  }
  get endTime(): number | undefined {
    return known(this.table.endTime[this.index]!);
  }
  get durationSeconds(): number | undefined {
    return known(this.table.duration[this.index]!);
  }
  get waitSeconds(): number | undefined {
    return known(this.table.wait[this.index]!);
  }
  get cpuSeconds(): number | undefined {
    return known(this.table.cpu[this.index]!);
  }
  get clientCpuSeconds(): number | undefined {
    const { start, end } = this;
    return isSameProcess(start, end) ? difference(start?.cpuSeconds, end?.cpuSeconds) : undefined;
  }
  get memoryGrowth(): number | undefined {
    return known(this.table.growth[this.index]!);
  }
  get survivors(): number | undefined {
    const { start, end } = this;
    if (!isSameProcess(start, end)) return undefined;
    const [before, after] = [start?.children, end?.children];
    return before === undefined || after === undefined ? undefined : Math.max(0, after - before);
  }
  get approximate(): boolean {
    return this.hasFlag(APPROXIMATE);
  }
  get reversed(): boolean {
    return this.hasFlag(REVERSED);
  }
  get isRun(): boolean {
    return this.hasFlag(RUN);
  }
  get imported(): true | undefined {
    return this.hasFlag(IMPORTED) || undefined;
  }
  get shared(): boolean {
    return this.hasFlag(SHARED);
  }
  set shared(isShared: boolean) {
    if (isShared) this.table.flags[this.index]! |= SHARED;
    else this.table.flags[this.index]! &= ~SHARED;
  }
  get sessionId(): string | undefined {
    return this.start?.sessionId ?? this.end?.sessionId;
  }
  get agentId(): string | undefined {
    return this.start?.agentId ?? this.end?.agentId;
  }
  get project(): string | undefined {
    return this.start?.project ?? this.end?.project;
  }

  /** What it holds; a table has calls that hold it. */
  toJSON(): Record<string, unknown> {
    const { toolName, status, startTime, endTime, start, end } = this;
    return { toolName, status, startTime, endTime, start, end };
  }

  private hasFlag(flag: number): boolean {
    return (this.table.flags[this.index]! & flag) !== 0;
  }
}
