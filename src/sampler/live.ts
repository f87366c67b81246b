import type { ProcessName } from "../row/sample.ts";
import type { LiveProcess } from "./live_process.ts";
import { ownProcesses } from "./ancestry.ts";
import { namesInEnvironment } from "./environment_names.ts";
import {
  pageKibibytes,
  parseResidentPages,
  parseUptime,
  type ProcessStat,
  readStat,
  TICKS,
} from "./linux.ts";
import { descendants } from "./tree.ts";

/** Which processes are looked for. */
export interface Wanted {
  /** The monitored processes: what lives below them. */
  readonly clients: readonly ProcessName[];
  /** Besides, processes that began no earlier than this (seconds since the epoch) and name a client in their environment. */
  readonly orphansSince: number | undefined;
  /** The clients themselves, too, each as its own client. */
  readonly withClients?: boolean;
}

/** No more processes than this are looked at for orphans. */
const SCAN_LIMIT = 5000;

/**
 * What lives below the clients, and what they left to other parents. On Linux by /proc, elsewhere by
 * one call of `ps`, which tells nothing of orphans. perfmon itself is left out, by /proc its hooks
 * below a client, too: they are no call's work. Never throws.
 */
export async function liveProcesses(wanted: Wanted): Promise<LiveProcess[]> {
  try {
    return Deno.build.os === "linux" ? byProc(wanted, "/proc") : await byPs(wanted);
  } catch {
    return [];
  }
}

function byProc({ clients, orphansSince, withClients }: Wanted, proc: string): LiveProcess[] {
  const bootTime = Date.now() / 1000 - parseUptime(Deno.readTextFileSync(`${proc}/uptime`));
  const page = pageKibibytes(proc);
  const statOf = statReader(proc);
  const read = (pid: number): LiveProcess | undefined => {
    const stat = statOf(pid);
    return stat && liveProcess(pid, stat, { proc, bootTime, page });
  };
  const found = new Map<number, LiveProcess>();
  const pids = pidsOf(clients);
  const leftOut = new Set([Deno.pid]);
  for (const [root, client] of pids) {
    const below = descendants(root, (each) => each === Deno.pid, proc);
    for (const hook of hooksAmong(below, root, proc, statOf)) leftOut.add(hook);
    for (const pid of withClients === true ? [root, ...below] : below) {
      if (leftOut.has(pid)) continue;
      const process = read(pid);
      if (process !== undefined) found.set(pid, { ...process, client });
    }
  }
  if (orphansSince === undefined) return [...found.values()];
  for (const pid of allPids(proc)) {
    if (found.has(pid) || pids.has(pid) || leftOut.has(pid)) continue;
    const process = read(pid);
    if (process === undefined || process.processStart < orphansSince) continue;
    const names = namesInEnvironment(pid, proc);
    if (names !== undefined) found.set(pid, { ...process, ...names });
  }
  return [...found.values()];
}

/** Looks a process up; `undefined` where it has ended. */
type StatLookup = (pid: number) => ProcessStat | undefined;

/** Reads the stat of each process that is asked for once. */
function statReader(proc: string): StatLookup {
  const known = new Map<number, ProcessStat | undefined>();
  return (pid) => {
    if (!known.has(pid)) known.set(pid, statIfThere(pid, proc));
    return known.get(pid);
  };
}

function statIfThere(pid: number, proc: string): ProcessStat | undefined {
  try {
    return readStat(pid, proc);
  } catch {
    return undefined; // ended meanwhile
  }
}

/** Which of the processes below a client are perfmon's hooks, and the shells that run these. */
function hooksAmong(
  pids: readonly number[],
  root: number,
  proc: string,
  statOf: StatLookup,
): ReadonlySet<number> {
  const own = statOf(Deno.pid)?.command;
  const hooks = new Set<number>();
  for (const pid of pids) {
    const process = statOf(pid);
    if (process === undefined || process.command !== own || !isRecorder(pid, proc)) continue;
    for (const each of ownProcesses(pid, process.parent, root, statOf)) hooks.add(each);
  }
  return hooks;
}

/** Whether a perfmon's command is `rec`. */
function isRecorder(pid: number, proc: string): boolean {
  try {
    return Deno.readTextFileSync(`${proc}/${pid}/cmdline`).split("\0")[1] === "rec";
  } catch {
    return false; // ended meanwhile
  }
}

function pidsOf(clients: readonly ProcessName[]): Map<number, ProcessName> {
  const pids = new Map<number, ProcessName>();
  for (const client of clients) if (client.pid !== undefined) pids.set(client.pid, client);
  return pids;
}

/** `bootTime`: seconds since the epoch; `page`: KiB. */
function liveProcess(
  pid: number,
  stat: ProcessStat,
  { proc, bootTime, page }: {
    readonly proc: string;
    readonly bootTime: number;
    readonly page: number;
  },
): LiveProcess | undefined {
  try {
    return {
      pid,
      parent: stat.parent,
      command: stat.command,
      processStart: bootTime + stat.startTicks / TICKS,
      cpuSeconds: (stat.userTicks + stat.systemTicks) / TICKS,
      rss: page * parseResidentPages(Deno.readTextFileSync(`${proc}/${pid}/statm`)),
      client: undefined,
    };
  } catch {
    return undefined; // ended meanwhile
  }
}

function allPids(proc: string): number[] {
  const pids: number[] = [];
  for (const { name } of Deno.readDirSync(proc)) {
    if (/^\d+$/.test(name) && pids.push(Number(name)) >= SCAN_LIMIT) break;
  }
  return pids;
}

async function byPs({ clients, withClients }: Wanted): Promise<LiveProcess[]> {
  const { parsePs, runPs } = await import("./ps.ts");
  const processes = parsePs(runPs());
  const children = Map.groupBy(processes.values(), (each) => each.parent);
  return [...pidsOf(clients)].flatMap(([root, client]) => {
    const own = withClients === true ? processes.get(root) : undefined;
    const found: LiveProcess[] = own === undefined ? [] : [{ ...own, client }];
    const pending = [root];
    for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
      for (const { pid, command, processStart, cpuSeconds, rss } of children.get(parent) ?? []) {
        if (pid === Deno.pid) continue;
        found.push({ pid, parent, command, processStart, cpuSeconds, rss, client });
        pending.push(pid);
      }
    }
    return found;
  });
}
