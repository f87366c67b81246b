import { type Lookup, type Others, ownProcesses, toolsProcesses } from "./ancestry.ts";
import {
  hasOneThread,
  parseStat,
  parseUptime,
  type ProcessStat,
  sampleLinux,
  TICKS,
} from "./linux.ts";
import { descendants } from "./tree.ts";
import { findProcess, type Range, type SampleResult } from "./find_process.ts";

/**
 * Samples the first of the `wanted` processes that is alive, else the first ancestor that is no
 * shell. On Linux by /proc, elsewhere (or where /proc is not mounted) by one call of `ps`. Never throws.
 */
export async function sampleProcess(
  wanted: readonly number[],
  others: Others = { onlyOlder: false },
): Promise<SampleResult> {
  let reason: unknown;
  try {
    if (Deno.build.os === "linux") return sampleByProc(wanted, others);
  } catch (error) {
    reason = error;
  }
  return (await import("./sample_ps.ts")).sampleWithoutProc(wanted, others, reason);
}

/**
 * In a pid namespace without a /proc of its own (`unshare --pid`) the numbers in it are those of other
 * processes, for `ps` too: figures are left out.
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

/** Why figures of all processes here are left out; `undefined` where they are not. */
export function lastingProblem(): string | undefined {
  return Deno.build.os === "linux" && isForeignProc() ? FOREIGN.problem : undefined;
}

function sampleByProc(wanted: readonly number[], others: Others): SampleResult {
  if (isForeignProc()) return FOREIGN;
  const stats = new Map<number, ProcessStat>();
  const texts = new Map<number, string>();
  const textOf = (pid: number): string => {
    const text = texts.get(pid) ?? Deno.readTextFileSync(`/proc/${pid}/stat`);
    texts.set(pid, text);
    return text;
  };
  const statOf = (pid: number): ProcessStat => {
    let stat = stats.get(pid);
    if (stat === undefined) stats.set(pid, stat = parseStat(textOf(pid)));
    return stat;
  };
  const lookup: Lookup = (pid) => {
    try {
      const { parent, command, startTicks } = statOf(pid);
      return { parent, command, start: startTicks };
    } catch {
      return undefined;
    }
  };
  const isZombie = (pid: number): boolean => {
    try {
      return statOf(pid).isZombie;
    } catch {
      return true; // it has ended, too
    }
  };
  const { pid, problem } = findProcess(wanted, lookup);
  const own = ownProcesses(Deno.pid, Deno.ppid, pid, lookup);
  // A hook's shell that nobody has waited for yet has lost the perfmon by which it is known.
  const all = descendants(
    pid,
    (each) => own.has(each) || isZombie(each),
    "/proc",
    (each) => hasOneThread(textOf(each)),
  );
  const found = toolsProcesses(all, pid, lookup, others);
  const self = lookup(Deno.pid);
  const since = (self?.start ?? 0) - TICKS * (others.slowAfter ?? Infinity);
  const isSlow = (each: number): boolean => {
    const process = lookup(each);
    return process?.command === self?.command && (process?.start ?? Infinity) < since;
  };
  return {
    usage: sampleLinux(pid, found, "/proc", statOf),
    problem,
    slow: all.some(isSlow) ? pid : undefined,
    began: others.isDated === true ? beginOf(own, lookup) : undefined,
  };
}

/**
 * When the first of these processes began, seconds since the epoch. The kernel counts in ticks from the time of
 * boot, and cuts off; so does /proc/uptime, which says where it is by now.
 */
function beginOf(pids: Iterable<number>, lookup: Lookup): Range {
  const uptime = parseUptime(Deno.readTextFileSync("/proc/uptime"));
  const boot = Date.now() / 1000 - uptime;
  let ticks = Infinity;
  for (const pid of pids) ticks = Math.min(ticks, lookup(pid)?.start ?? Infinity);
  return { from: boot + (ticks - 1) / TICKS, to: boot + (ticks + 1) / TICKS };
}
