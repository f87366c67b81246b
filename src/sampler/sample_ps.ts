import { messageOf } from "../text/message.ts";
import { isBelow, type Lookup, type Others, toolsProcesses } from "./ancestry.ts";
import { parsePs, runPs, samplePs } from "./ps.ts";
import { findProcess, type SampleResult } from "./find_process.ts";

/**
 * Samples by one call of `ps`. Where /proc is mounted, a sample by it that failed has another `reason`,
 * which is then the problem. Never throws.
 */
export function sampleWithoutProc(
  wanted: readonly number[],
  others: Others,
  reason: unknown,
): SampleResult {
  try {
    if (reason !== undefined && hasProc()) throw reason;
    const processes = parsePs(runPs());
    const lookup: Lookup = (pid) => {
      const process = processes.get(pid);
      return process && { ...process, start: process.processStart };
    };
    const { pid, problem } = findProcess(wanted, lookup);
    const below = [...processes.keys()].filter((each) => isBelow(each, pid, lookup));
    const found = new Set(toolsProcesses(below, pid, lookup, others));
    const left = new Set(below.filter((each) => !found.has(each)));
    return { usage: samplePs(pid, left, processes), problem };
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
