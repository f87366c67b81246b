import { type Call, hasEnded } from "../calls/call.ts";
import { isSameProcess } from "../calls/figures.ts";
import type { LiveProcess } from "../sampler/live_process.ts";

/** A process that began during a call and outlived it. */
export interface LeftBehind {
  readonly process: LiveProcess;
  readonly call: Call;
  /** The live processes below it, itself included. */
  readonly tree: readonly LiveProcess[];
  /** It was handed to another parent; only its environment ties it to the session. */
  readonly isReparented: boolean;
}

/** A process's start and a row's time are read from two clocks; `ps` gives whole seconds only. */
function skewSeconds({ processStart }: LiveProcess): number {
  return Number.isInteger(processStart) ? 1 : 0.05;
}

/**
 * The processes that ended calls left behind, oldest first, each with what is below it. The log has no
 * pids of children, so time is what ties them: a process that lives below the client and began while
 * a call ran is taken for that call's, if the call had more children at its end than at its start;
 * one that was handed to another parent, if its environment names the session or the client.
 */
export function findLeftBehind(
  calls: readonly Call[],
  processes: readonly LiveProcess[],
): LeftBehind[] {
  const ended = calls.filter((call) => hasEnded(call) && !call.isRun && call.start !== undefined);
  const owners = new Map<number, Call>();
  for (const process of processes) {
    const call = ended.findLast((each) => isOf(each, process));
    if (call !== undefined) owners.set(process.pid, call);
  }
  return processes.flatMap((process): LeftBehind[] => {
    const call = owners.get(process.pid);
    if (call === undefined || owners.has(process.parent)) return [];
    return [{
      process,
      call,
      tree: treeOf(process, processes),
      isReparented: process.client === undefined,
    }];
  }).sort((a, b) => a.process.processStart - b.process.processStart);
}

function isOf(call: Call, process: LiveProcess): boolean {
  const { startTime = 0, endTime = 0, durationSeconds, start, survivors, sessionId } = call;
  const from = Math.max(startTime, endTime - (durationSeconds ?? Infinity)) - skewSeconds(process);
  if (process.processStart < from) return false;
  if (process.processStart > endTime + skewSeconds(process)) return false;
  if (process.client !== undefined) return isSameProcess(process.client, start) && survivors !== 0;
  if (process.namedSession !== undefined) return process.namedSession === sessionId;
  return process.namedClient !== undefined && process.namedClient === start?.pid;
}

function treeOf(root: LiveProcess, processes: readonly LiveProcess[]): LiveProcess[] {
  const tree = [root];
  for (const parent of tree) { // grows while it is walked
    tree.push(...processes.filter((each) => each.parent === parent.pid && each.pid !== root.pid));
  }
  return tree;
}

/** The processes below a running call's client that began since the call did, or while its row was written. */
export function childrenOf(call: Call, processes: readonly LiveProcess[]): LiveProcess[] {
  const { start } = call;
  if (start?.pid === undefined) return [];
  return processes.filter((process) =>
    isSameProcess(process.client, start) && process.pid !== start.pid &&
    process.processStart >= start.timestamp - skewSeconds(process)
  );
}
