import { type Lookup, ownProcesses } from "./ancestry.ts";
import { hasOneThread, parseStat, sampleLinux } from "./linux.ts";
import { descendants } from "./tree.ts";
import { findProcess, type SampleResult } from "./find_process.ts";

/**
 * Samples the first of the `wanted` processes that is alive, else the first ancestor that is no
 * shell. On Linux by /proc, elsewhere (or where /proc is not mounted) by one call of `ps`. Never throws.
 */
export async function sampleProcess(wanted: readonly number[]): Promise<SampleResult> {
  let reason: unknown;
  try {
    if (Deno.build.os === "linux") return sampleByProc(wanted);
  } catch (error) {
    reason = error;
  }
  return (await import("./sample_ps.ts")).sampleWithoutProc(wanted, reason);
}

/**
 * In a pid namespace without a /proc of its own (`unshare --pid`) the numbers in it are those of other processes, for `ps`
 * too: figures are left out.
 */
function isForeignProc(): boolean {
  try {
    return Deno.readLinkSync("/proc/self") !== String(Deno.pid);
  } catch {
    return isMounted(); // then nothing stands there for this process
  }
}

function isMounted(): boolean {
  try {
    return Deno.lstatSync("/proc/uptime").isFile;
  } catch {
    return false;
  }
}

const FOREIGN: SampleResult = {
  problem: "/proc is of another pid namespace: rows are without figures of their processes",
  isLasting: true,
};

function sampleByProc(wanted: readonly number[]): SampleResult {
  if (isForeignProc()) return FOREIGN;
  const texts = new Map<number, string>();
  const textOf = (pid: number): string => {
    const text = texts.get(pid) ?? Deno.readTextFileSync(`/proc/${pid}/stat`);
    texts.set(pid, text);
    return text;
  };
  const lookup: Lookup = (pid) => {
    try {
      return parseStat(textOf(pid));
    } catch {
      return undefined;
    }
  };
  const { pid, problem } = findProcess(wanted, lookup);
  const own = ownProcesses(Deno.pid, Deno.ppid, pid, lookup);
  // Hooks of parallel calls run other perfmon processes at the same moment: not the tools' doing either.
  const skip = (each: number): boolean =>
    own.has(each) || lookup(each)?.command === lookup(Deno.pid)?.command;
  const found = descendants(pid, skip, "/proc", (each) => hasOneThread(textOf(each)));
  return { usage: sampleLinux(pid, found, "/proc", parseStat(textOf(pid))), problem };
}
