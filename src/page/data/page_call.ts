import type { Call, CallStatus } from "../../calls/call.ts";
import type { EventKind, Sample, Status } from "../../row/sample.ts";
import type { CallColumns } from "./columns.ts";
import { FLAG, type PageHead, STATUSES } from "./head.ts";

/** What calls in a page are read from. */
export interface PageCalls {
  readonly head: PageHead;
  readonly columns: CallColumns;
}

/** A call of a page: a place in its columns. */
export class PageCall implements Call {
  constructor(private readonly page: PageCalls, readonly index: number) {}

  get toolName(): string {
    return this.page.head.tools[this.page.columns.tool[this.index]!]!;
  }
  get status(): CallStatus {
    return STATUSES[this.page.columns.status[this.index]!]!;
  }
  get start(): Sample | undefined {
    return this.has(FLAG.hasStart) ? new PageSample(this.page, this.index, "start") : undefined;
  }
  get end(): Sample | undefined {
    return this.has(FLAG.hasEnd) ? new PageSample(this.page, this.index, "end") : undefined;
  }
  get startTime(): number | undefined {
    return this.has(FLAG.hasStart) ? this.page.columns.time[this.index] : undefined;
  }
  get endTime(): number | undefined {
    return this.has(FLAG.hasEnd) ? endTimeOf(this.page.columns, this.index) : undefined;
  }
  get durationSeconds(): number | undefined {
    return known(this.page.columns.duration[this.index]!);
  }
  get waitSeconds(): number | undefined {
    return known(this.page.columns.wait[this.index]!);
  }
  get cpuSeconds(): number | undefined {
    const { childCpuStart, childCpuEnd } = this.page.columns;
    return this.has(FLAG.knowsCpu)
      ? childCpuEnd[this.index]! - childCpuStart[this.index]!
      : undefined;
  }
  get clientCpuSeconds(): number | undefined {
    const { cpuStart, cpuEnd } = this.page.columns;
    return this.has(FLAG.knowsClientCpu) ? cpuEnd[this.index]! - cpuStart[this.index]! : undefined;
  }
  get memoryGrowth(): number | undefined {
    const { rssStart, rssEnd } = this.page.columns;
    return this.has(FLAG.knowsGrowth) ? rssEnd[this.index]! - rssStart[this.index]! : undefined;
  }
  get survivors(): number | undefined {
    return known(this.page.columns.survivors[this.index]!);
  }
  get shared(): boolean {
    return this.has(FLAG.shared);
  }
  get approximate(): boolean {
    return this.has(FLAG.approximate);
  }
  get reversed(): boolean {
    return this.has(FLAG.reversed);
  }
  get isRun(): boolean {
    return this.has(FLAG.isRun);
  }
  get imported(): true {
    // Declared as `true` or absent; a getter can only be there.
    return this.has(FLAG.imported) as true;
  }
  get sessionId(): string | undefined {
    return this.page.head.sessions[this.page.columns.session[this.index]!];
  }
  get agentId(): string | undefined {
    return this.page.head.agents[this.page.columns.agent[this.index]!];
  }
  get project(): string | undefined {
    return this.page.head.projects[this.page.columns.project[this.index]!];
  }

  private has(flag: number): boolean {
    return (this.page.columns.flags[this.index]! & flag) !== 0;
  }
}

/** When it ended, seconds since the epoch; of a call without an end row when it began. */
export function endTimeOf({ time, wall }: CallColumns, index: number): number {
  const seconds = wall[index]!;
  return Number.isNaN(seconds) ? time[index]! : time[index]! + seconds;
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** A row of a page's call, without what the page does not hold. */
class PageSample implements Sample {
  constructor(
    private readonly page: PageCalls,
    private readonly index: number,
    readonly event: EventKind,
  ) {}

  get timestamp(): number {
    const { columns } = this.page;
    return this.event === "start" ? columns.time[this.index]! : endTimeOf(columns, this.index);
  }
  get toolName(): string {
    return this.page.head.tools[this.page.columns.tool[this.index]!]!;
  }
  get status(): Status | undefined {
    const status = STATUSES[this.page.columns.status[this.index]!];
    const isOfRow = this.event === "end" && status !== "unknown" && status !== "running" &&
      status !== "abandoned";
    return isOfRow ? status : undefined;
  }
  get exitCode(): number | undefined {
    return this.event === "end" ? known(this.page.columns.exitCode[this.index]!) : undefined;
  }
  get memoryRss(): number | undefined {
    return this.figure("rssStart", "rssEnd");
  }
  get cpuSeconds(): number | undefined {
    return this.figure("cpuStart", "cpuEnd");
  }
  get childCpuSeconds(): number | undefined {
    return this.figure("childCpuStart", "childCpuEnd");
  }
  get cpuPercent(): number | undefined {
    return this.figure("percentStart", "percentEnd");
  }
  get pid(): number | undefined {
    return this.page.head.processes[this.page.columns.process[this.index]!]?.pid;
  }
  get processStart(): number | undefined {
    return this.page.head.processes[this.page.columns.process[this.index]!]?.processStart;
  }
  get sessionId(): string | undefined {
    return this.page.head.sessions[this.page.columns.session[this.index]!];
  }
  get agentId(): string | undefined {
    return this.page.head.agents[this.page.columns.agent[this.index]!];
  }
  get agentType(): string | undefined {
    return this.page.head.agentTypes[this.page.columns.agentType[this.index]!];
  }
  get project(): string | undefined {
    return this.page.head.projects[this.page.columns.project[this.index]!];
  }
  get clientVersion(): string | undefined {
    return this.page.head.versions[this.page.columns.version[this.index]!];
  }
  get params(): string | undefined {
    return this.page.head.params[this.index];
  }

  private figure(start: StartColumn, end: EndColumn): number | undefined {
    return known(this.page.columns[this.event === "start" ? start : end][this.index]!);
  }
}

type StartColumn = "rssStart" | "cpuStart" | "childCpuStart" | "percentStart";
type EndColumn = "rssEnd" | "cpuEnd" | "childCpuEnd" | "percentEnd";

/** The client's resident set at a call's end, else at its start, KiB; `NaN` where neither is known. */
export function lastRssOf({ rssStart, rssEnd }: CallColumns, index: number): number {
  const end = rssEnd[index]!;
  return end === end ? end : rssStart[index]!;
}
