import { formatAge, formatBytes, formatDuration } from "../../text/units.ts";
import { sampleLinux } from "../linux.ts";
import { parsePs, runPs, samplePs } from "../ps.ts";
import { readSamplerState } from "./sampler_lock.ts";

/** The sampler that runs, and what it uses itself. */
export interface SamplerUsage {
  readonly pid: number;
  /** When it began, seconds since the epoch. */
  readonly since: number;
  /** CPU so far, seconds. */
  readonly cpuSeconds: number | undefined;
  /** Resident set, KiB. */
  readonly memoryRss: number | undefined;
  /** Whether it was stopped (SIGSTOP), and so sees nothing, and keeps another from starting. */
  readonly isStopped: boolean;
}

/** Looks at the sampler of the log in whose folder its lock lies; `undefined` where none runs. */
export function samplerUsage(folder: string): SamplerUsage | undefined {
  const state = readSamplerState(folder);
  if (state === undefined) return undefined;
  try {
    if (Deno.build.os !== "linux") {
      const { cpuSeconds, memoryRss } = samplePs(state.pid, new Set(), parsePs(runPs()));
      return { ...state, cpuSeconds, memoryRss, isStopped: false }; // no column that is asked for tells
    }
    const { cpuSeconds, memoryRss } = sampleLinux(state.pid, []);
    return { ...state, cpuSeconds, memoryRss, isStopped: isStopped(state.pid) };
  } catch {
    return undefined; // it has just ended
  }
}

function isStopped(pid: number): boolean {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return stat[stat.lastIndexOf(")") + 2] === "T"; // its field 3, behind the name
}

/** What else is known where it is told whether the sampler runs. */
export interface SamplerContext {
  /** Whether hooks start one. */
  readonly isWanted: boolean;
  /** Why none can start. */
  readonly obstacle: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Says in a line whether the sampler runs, at a moment. */
export function samplerWords(
  usage: SamplerUsage | undefined,
  { isWanted, obstacle, now }: SamplerContext,
): string {
  if (usage === undefined) {
    if (isWanted && obstacle !== undefined) return `cannot run. ${obstacle}`;
    return isWanted
      ? "not running: the next call of Bash starts it"
      : "off: no peaks of memory (hooks install --watch)";
  }
  const { pid, since, cpuSeconds, memoryRss } = usage;
  if (usage.isStopped) return `was stopped (pid ${pid}) and sees nothing: kill -CONT ${pid}`;
  const held = memoryRss === undefined ? "" : `, ${formatBytes(1024 * memoryRss)} of memory`;
  return `runs for ${formatAge(now - since)} (pid ${pid}): ${
    formatDuration(cpuSeconds)
  } of CPU${held}`;
}
