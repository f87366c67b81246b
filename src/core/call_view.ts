import type { Call, CallStatus } from "../calls/call.ts";
import { APPROXIMATE, IMPORTED, REVERSED, RUN, SHARED } from "../calls/call_flags.ts";
import type { CallTable } from "../calls/call_table.ts";
import { known } from "../row/row_cursor.ts";
import type { Sample } from "../row/sample.ts";
import { difference, isSameProcess } from "../calls/figures.ts";

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
