import type { ProcessUsage } from "../row/sample.ts";
import type { SpoolRecord, StoredFigures } from "../row/spool_record.ts";
import { pageKibibytes, parseBootTime, parseStat, TICKS } from "./linux.ts";
import { parsePs, samplePs } from "./ps.ts";

/** What stored figures are read with, besides themselves. */
export interface Machine {
  /** Seconds since the epoch; `undefined` where it isn't known. */
  readonly bootTime: number | undefined;
  readonly pageKibibytes: number;
}

/** So far a record's own boot time may be from this machine's: clocks are adjusted. */
const TOLERANCE_SECONDS = 10;

/** The machine that perfmon runs on. */
export function thisMachine(proc = "/proc"): Machine {
  try {
    return {
      bootTime: parseBootTime(Deno.readTextFileSync(`${proc}/stat`)),
      pageKibibytes: pageKibibytes(proc),
    };
  } catch {
    return { bootTime: undefined, pageKibibytes: 4 }; // no /proc: the figures are from `ps`
  }
}

/**
 * What a record, stored at `timestamp` (seconds since the epoch), says of the monitored process;
 * `undefined` where that had ended by then. Throws where its figures are none. What lives below its children is not known.
 *
 * The start counts from this machine's boot, as `rec` counts it, where the record's own boot time (its
 * time less its uptime) says the same; after a reboot, or on another machine, from the record's own,
 * to the second.
 */
export function readUsage(
  { figures, shell }: SpoolRecord,
  timestamp: number,
  machine: Machine,
): ProcessUsage | undefined {
  const { uptime, stat, resident, children, ps } = figures;
  if (ps !== undefined) return psUsage(ps);
  if (uptime === undefined || stat === undefined) return undefined;
  const parsed = parseStat(stat);
  const { startTicks, userTicks, systemTicks, childUserTicks, childSystemTicks } = parsed;
  const start = startTicks / TICKS;
  const cpuSeconds = (userTicks + systemTicks) / TICKS;
  const lifetime = Number(uptime) - start;
  const usage = {
    pid: Number.parseInt(stat),
    processStart: bootOf(timestamp - Number(uptime), machine.bootTime) + start,
    cpuPercent: lifetime > 0 ? 100 * cpuSeconds / lifetime : 0,
    cpuSeconds,
    childCpuSeconds: (childUserTicks + childSystemTicks) / TICKS,
    memoryRss: resident === undefined ? undefined : machine.pageKibibytes * Number(resident),
    children: countChildren(children, shell),
    majorFaults: parsed.childMajorFaults,
  };
  const isSound = Object.values(usage).every((figure) => figure === undefined || isFinite(figure));
  if (!isSound) throw new Error("Malformed /proc/PID/stat");
  return usage;
}

/**
 * A hook's processes use so many times the CPU that its shell has used when it looks: 3.2 with dash, 2.9 with
 * busybox, 2.7 with bash, 2.5 with zsh (tests/bench/README.md).
 */
const WHOLE_HOOK = 3;

/**
 * What the client's children had used when the record of a start was stored, with what that hook used in all: the
 * client waits for it later, and the call would be charged with it.
 */
export function withHookCpu(
  usage: ProcessUsage | undefined,
  { figures: { shellCpu } }: SpoolRecord,
): ProcessUsage | undefined {
  if (usage?.childCpuSeconds === undefined || shellCpu === undefined) return usage;
  const hookSeconds = WHOLE_HOOK * Number(shellCpu) / 1e9;
  return { ...usage, childCpuSeconds: usage.childCpuSeconds + hookSeconds };
}

/** This machine's boot time where the record's own says the same, or the record's. */
function bootOf(own: number, known: number | undefined): number {
  return known !== undefined && Math.abs(own - known) < TOLERANCE_SECONDS ? known : Math.round(own);
}

/** Behind each pid stands a blank. Where the kernel gives lists of children, the hook's own shell is in them. */
function countChildren(list: StoredFigures["children"], shell: number): number | undefined {
  if (!list) return undefined;
  const own = ` ${list}`.includes(` ${shell} `) ? 1 : 0;
  return list.split(" ").length - 1 - own;
}

function psUsage(line: string): ProcessUsage | undefined {
  const processes = parsePs(line);
  const [pid] = processes.keys();
  if (pid === undefined) return undefined;
  return { ...samplePs(pid, new Set(), processes), treeRss: undefined, children: undefined };
}
