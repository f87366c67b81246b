import { readStat } from "./linux.ts";

/** No more descendants than this are followed: a fork bomb must not hold up a hook. */
const DESCENDANT_LIMIT = 2000;
/** No more processes than this are looked at where the kernel gives no lists of children. */
const SCAN_LIMIT = 5000;

/**
 * The live descendants of a process, in no particular order; those for which `skip` holds are left
 * out with all below them. By the kernel's lists of children (/proc/PID/task/TID/children,
 * CONFIG_PROC_CHILDREN), else by a bounded scan of /proc. `hasOneThread` may save a process's threads
 * from being listed; it throws or says no where that is not known.
 */
export function descendants(
  pid: number,
  skip: (pid: number) => boolean,
  proc = "/proc",
  hasOneThread: (pid: number) => boolean = () => false,
): number[] {
  const listed = listedChildren(pid, proc, hasOneThread);
  const childrenOf = listed === undefined
    ? scannedChildren(proc)
    : (parent: number): readonly number[] => listedChildren(parent, proc, hasOneThread) ?? [];
  const found: number[] = [];
  const pending = [...listed ?? childrenOf(pid)];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    if (skip(child)) continue;
    if (found.push(child) >= DESCENDANT_LIMIT) break;
    pending.push(...childrenOf(child));
  }
  return found;
}

/** `undefined` where the kernel gives no list of any thread. */
function listedChildren(
  pid: number,
  proc: string,
  hasOneThread: (pid: number) => boolean,
): number[] | undefined {
  let children: number[] | undefined;
  for (const thread of threads(pid, proc, hasOneThread)) {
    try {
      const list = Deno.readTextFileSync(`${proc}/${pid}/task/${thread}/children`);
      children ??= [];
      for (const word of list.split(" ")) if (word !== "") children.push(Number(word));
    } catch {
      // The thread ended while it was read; those of the others are still to be found.
    }
  }
  return children;
}

function threads(
  pid: number,
  proc: string,
  hasOneThread: (pid: number) => boolean,
): readonly (string | number)[] {
  try {
    if (hasOneThread(pid)) return [pid];
    return Array.from(Deno.readDirSync(`${proc}/${pid}/task`), (entry) => entry.name);
  } catch {
    return []; // the process ended meanwhile
  }
}

function scannedChildren(proc: string): (pid: number) => number[] {
  const byParent = new Map<number, number[]>();
  let looked = 0;
  for (const entry of Deno.readDirSync(proc)) {
    const pid = Number(entry.name);
    if (!(pid > 0)) continue;
    if (++looked > SCAN_LIMIT) break;
    try {
      const { parent } = readStat(pid, proc);
      const siblings = byParent.get(parent);
      if (siblings === undefined) byParent.set(parent, [pid]);
      else siblings.push(pid);
    } catch {
      // Ended meanwhile.
    }
  }
  return (pid) => byParent.get(pid) ?? [];
}
