import type { Call } from "../calls/call.ts";
import { sampleLinux } from "../sampler/linux.ts";

/**
 * The difference of two starts, seconds, that may be the same: their boot time moves when the clock
 * is adjusted.
 */
const TOLERANCE_SECONDS = 2;

/**
 * Whether a recorded process still lives: its pid does, and started when it did. Where /proc does not
 * tell (not Linux) it counts as alive.
 */
export function isAlive(pid: number, processStart: number | undefined): boolean {
  if (Deno.build.os !== "linux") return true;
  try {
    const start = sampleLinux(pid, []).processStart;
    return start === undefined || processStart === undefined ||
      Math.abs(start - processStart) <= TOLERANCE_SECONDS;
  } catch {
    return false;
  }
}

/** The pids of the calls' monitored processes that still live. */
export function liveClients(calls: readonly Call[]): number[] {
  const starts = new Map<number, number | undefined>();
  for (const { start } of calls) {
    if (start?.pid !== undefined) starts.set(start.pid, start.processStart);
  }
  return [...starts].filter(([pid, start]) => isAlive(pid, start)).map(([pid]) => pid);
}
