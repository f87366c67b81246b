import type { Call } from "../calls/call.ts";
import { PROCESS_START_TOLERANCE_SECONDS } from "../calls/figures.ts";
import type { ProcessName, Sample } from "../row/sample.ts";
import { sampleLinux } from "../sampler/linux.ts";

/**
 * Whether a recorded process still lives: its pid does, and started when it did. Where /proc does not
 * tell (not Linux) it counts as alive.
 */
export function isAlive(pid: number, processStart: number | undefined): boolean {
  if (Deno.build.os !== "linux") return true;
  try {
    const start = sampleLinux(pid, []).processStart;
    return start === undefined || processStart === undefined ||
      Math.abs(start - processStart) <= PROCESS_START_TOLERANCE_SECONDS;
  } catch {
    return false;
  }
}

/** The calls' monitored processes that still live, each once. */
export function liveClients(calls: readonly Call[]): ProcessName[] {
  const rows = new Map<number, Sample>();
  for (const { process, start } of calls) if (start?.pid !== undefined) rows.set(process, start);
  return [...rows.values()].filter(({ pid = 0, processStart }) => isAlive(pid, processStart));
}
