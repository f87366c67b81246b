import { sampleLinux } from "../sampler/linux.ts";

/** The boot time that starts are counted from moves a little when the clock is adjusted. */
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
