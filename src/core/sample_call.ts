import type { Call, CallStatus } from "./call.ts";
import { isAgentTool, isSubagentRun, type Pair } from "./pair.ts";
import type { Sample, Status } from "./sample.ts";
import { serverOf } from "./tool_name.ts";

/**
 * The call that a pair of rows makes. Most members are worked out when they are asked for: of a
 * large log there are many calls, and no command asks for all of each.
 */
export class SampleCall implements Call {
  readonly isRun: boolean;
  // Set when all calls are known:
  status: CallStatus;
  shared = false;
  imported?: true;
  private readonly isEndOfLaunch: boolean;

  constructor(private readonly pair: Pair) {
    const { start, launch } = pair;
    const launchStatus = launch?.end?.status;
    // A launch that returned at the end of its run stands in for a stop that was never written.
    this.isEndOfLaunch = pair.end === undefined && launchStatus !== "background";
    const { end } = this;
    const any = start ?? end;
    this.isRun = any !== undefined && (launch !== undefined || isSubagentRun(any));
    this.status = end === undefined ? "running" : endStatus(end, launchStatus);
  }

  /** All rows that it is made of, those of a subagent's launch too. */
  get rows(): readonly Sample[] {
    const { start, end, launch } = this.pair;
    return [launch?.start, start, launch?.end, end].filter((row) => row !== undefined);
  }
  get start(): Sample | undefined {
    return this.pair.start;
  }
  get end(): Sample | undefined {
    return this.isEndOfLaunch ? this.pair.launch?.end : this.pair.end;
  }
  get approximate(): boolean {
    return this.pair.approximate;
  }
  get toolName(): string {
    return named(this.start) ?? named(this.end) ?? "unknown";
  }
  get startTime(): number | undefined {
    return this.start?.timestamp;
  }
  get endTime(): number | undefined {
    return this.end?.timestamp;
  }
  get durationSeconds(): number | undefined {
    const seconds = this.isRun ? undefined : clientSeconds(this.end);
    return seconds ?? wallSeconds(this.start, this.end);
  }
  get waitSeconds(): number | undefined {
    const { launch } = this.pair;
    return launch === undefined
      ? waitSeconds(this.start, this.end)
      : waitSeconds(launch.start, launch.end);
  }
  get cpuSeconds(): number | undefined {
    const { start, end, toolName } = this;
    // MCP servers are never waited for, and a subagent's CPU is that of its calls.
    if (!isSameProcess(start, end) || isAgentTool(toolName)) return undefined;
    return serverOf(toolName) === undefined
      ? difference(start?.childCpuSeconds, end?.childCpuSeconds)
      : undefined;
  }
  get clientCpuSeconds(): number | undefined {
    const { start, end } = this;
    return isSameProcess(start, end) ? difference(start?.cpuSeconds, end?.cpuSeconds) : undefined;
  }
  get memoryGrowth(): number | undefined {
    return this.growthOf((sample) => sample.memoryRss);
  }
  get survivors(): number | undefined {
    const more = this.growthOf((sample) => sample.children);
    return more === undefined ? undefined : Math.max(0, more);
  }
  get reversed(): boolean {
    const { start, end } = this;
    if (start === undefined || end === undefined) return false;
    const wall = end.timestamp - start.timestamp;
    return wall < 0 || wall > LONGEST_SECONDS || clockShift(start, end) !== 0;
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

  private growthOf(figure: (sample: Sample) => number | undefined): number | undefined {
    const { start, end } = this;
    if (start === undefined || end === undefined || !isSameProcess(start, end)) return undefined;
    const from = figure(start);
    const to = figure(end);
    return from === undefined || to === undefined ? undefined : to - from;
  }
}

function named(sample: Sample | undefined): string | undefined {
  const name = sample?.toolName;
  return name === "unknown" ? undefined : name;
}

function endStatus(end: Sample, launchStatus: Status | undefined): CallStatus {
  if (launchStatus === "error" || launchStatus === "interrupted") return launchStatus;
  return end.status ?? "unknown";
}

/** The client's own figure for how long the tool ran. */
function clientSeconds(end: Sample | undefined): number | undefined {
  const milliseconds = end?.durationMs;
  return milliseconds === undefined || milliseconds < 0 ? undefined : milliseconds / 1000;
}

/** A call that seems to take longer was measured by a clock that was set meanwhile. */
const LONGEST_SECONDS = 30 * 86_400;

/** From start to end by the clock as it went at the start; `undefined` where that makes no sense. */
function wallSeconds(start: Sample | undefined, end: Sample | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const seconds = difference(start.timestamp + clockShift(start, end), end.timestamp);
  return seconds === undefined || seconds > LONGEST_SECONDS ? undefined : seconds;
}

/**
 * By how many seconds the clock was set between the rows of one call: the start of a process is counted
 * from the time of boot, and the kernel moves that with the clock.
 */
function clockShift(start: Sample, end: Sample): number {
  const before = start.processStart;
  const after = end.processStart;
  if (before === undefined || after === undefined) return 0;
  const shift = after - before;
  if (Math.abs(shift) <= PROCESS_START_TOLERANCE_SECONDS) return 0;
  // Without an id the rows may be of two processes.
  return start.pid === end.pid && start.toolUseId !== undefined ? shift : 0;
}

function waitSeconds(start: Sample | undefined, end: Sample | undefined): number | undefined {
  const wall = wallSeconds(start, end);
  const seconds = clientSeconds(end);
  return wall === undefined || seconds === undefined ? undefined : Math.max(0, wall - seconds);
}

/** `to` − `from`; `undefined` where one is unknown or the difference is below 0. */
function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

/** What tells a process from all others. */
export type ProcessName = Pick<Sample, "pid" | "processStart">;

/** The boot time that starts are counted from moves a little when the clock is adjusted. */
const PROCESS_START_TOLERANCE_SECONDS = 2;

/** True where both are of one process: a pid alone may have been given to another. */
export function isSameProcess(
  a: ProcessName | undefined,
  b: ProcessName | undefined,
): boolean {
  if (a === undefined || b === undefined) return false;
  const pid = a.pid;
  if (pid === undefined || pid !== b.pid) return false;
  const started = a.processStart;
  const other = b.processStart;
  if (started === undefined || other === undefined) return started === other;
  return Math.abs(started - other) <= PROCESS_START_TOLERANCE_SECONDS;
}
