import type { BackgroundWork } from "./call.ts";
import type { CallStatus } from "./call_state.ts";
import type { FigureRow, ProcessName, Sample } from "../row/sample.ts";

/** The call that two rows make. */
export class SampleCall {
  constructor(readonly start: Sample, readonly end: Sample) {}

  get toolName(): string {
    return this.start.toolName === "unknown" ? this.end.toolName : this.start.toolName;
  }
  get status(): CallStatus {
    return this.end.status ?? "unknown";
  }
  get durationSeconds(): number | undefined {
    return clientSeconds(this.end) ?? wallSeconds(this.start, this.end);
  }
  get clientCpuSeconds(): number | undefined {
    const { start, end } = this;
    return isSameProcess(start, end) ? difference(start.cpuSeconds, end.cpuSeconds) : undefined;
  }
}

/** What came of work that went on in the background, from the start of its call and the row `done`. */
export function backgroundWork(
  start: Sample | undefined,
  done: Sample,
  waitSeconds: number | undefined,
): BackgroundWork {
  const wall = wallSeconds(start, done);
  const own = wall === undefined ? undefined : Math.max(0, wall - (waitSeconds ?? 0));
  const { timestamp: endTime, exitCode, status } = done;
  const exact = clientSeconds(done);
  return { seconds: exact ?? own, atMost: exact === undefined, endTime, exitCode, status };
}

/** The client's own figure for how long the tool ran. */
export function clientSeconds(end: FigureRow | undefined): number | undefined {
  const milliseconds = end?.durationMs;
  return milliseconds === undefined || milliseconds < 0 ? undefined : milliseconds / 1000;
}

/** A call that seems to take longer was measured by a clock that was set meanwhile. */
const LONGEST_SECONDS = 30 * 86_400;

/** From start to end by the clock as it went at the start; `undefined` where that makes no sense. */
export function wallSeconds(
  start: FigureRow | undefined,
  end: FigureRow | undefined,
): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const seconds = difference(start.timestamp + clockShift(start, end), end.timestamp);
  return seconds === undefined || seconds > LONGEST_SECONDS ? undefined : seconds;
}

/**
 * By how many seconds the clock was set between the rows of one call: the start of a process is counted
 * from the time of boot, and the kernel moves that with the clock.
 */
function clockShift(start: FigureRow, end: FigureRow): number {
  const before = start.processStart;
  const after = end.processStart;
  if (before === undefined || after === undefined) return 0;
  const shift = after - before;
  if (Math.abs(shift) <= PROCESS_START_TOLERANCE_SECONDS) return 0;
  // Without an id the rows may be of two processes.
  return start.pid === end.pid && start.toolUseId !== undefined ? shift : 0;
}

/** What a call took beyond the client's own figure, at the gate and in prompts. */
export function waitSeconds(
  start: FigureRow | undefined,
  end: FigureRow | undefined,
): number | undefined {
  const wall = wallSeconds(start, end);
  const seconds = clientSeconds(end);
  return wall === undefined || seconds === undefined ? undefined : Math.max(0, wall - seconds);
}

/** Whether the rows' times don't fit together, see `Call`. */
export function isReversed(start: FigureRow, end: FigureRow): boolean {
  const wall = end.timestamp - start.timestamp;
  return wall < 0 || wall > LONGEST_SECONDS || clockShift(start, end) !== 0;
}

/** `to` − `from`; `undefined` where one is unknown or the difference is below 0. */
export function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

/** The boot time that starts are counted from moves a little when the clock is adjusted. */
export const PROCESS_START_TOLERANCE_SECONDS = 2;

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
