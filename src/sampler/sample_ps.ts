import { messageOf } from "../text/message.ts";
import { type Lookup, ownProcesses } from "./ancestry.ts";
import { parsePs, runPs, samplePs } from "./ps.ts";
import { findProcess, type SampleResult } from "./find_process.ts";

/**
 * Samples by one call of `ps`. Where /proc is mounted, a sample by it that failed has another `reason`,
 * which is then the problem. Never throws.
 */
export function sampleWithoutProc(wanted: readonly number[], reason: unknown): SampleResult {
  try {
    if (reason !== undefined && hasProc()) throw reason;
    const processes = parsePs(runPs());
    const lookup: Lookup = (pid) => processes.get(pid);
    const { pid, problem } = findProcess(wanted, lookup);
    const own = ownProcesses(Deno.pid, Deno.ppid, pid, lookup);
    return { usage: samplePs(pid, own, processes), problem };
  } catch (error) {
    return { problem: `the process can't be sampled: ${messageOf(error)}` };
  }
}

function hasProc(): boolean {
  try {
    return Deno.statSync("/proc/self/stat").isFile;
  } catch {
    return false;
  }
}
