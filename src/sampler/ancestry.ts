/** A process as its ancestors are told apart by. */
export interface Relative {
  readonly parent: number;
  /** The program's name, without its folder and without the dash of a login shell. */
  readonly command: string;
  /** When it began, to compare with others of one lookup. */
  readonly start?: number | undefined;
}

/** Looks a process up; `undefined` where it is gone. */
export type Lookup = (pid: number) => Relative | undefined;

const SHELLS: ReadonlySet<string> = new Set(
  ["sh", "bash", "dash", "ash", "zsh", "fish", "ksh", "mksh", "tcsh", "csh", "busybox"],
);

/** No chain of ancestors is followed further than this. */
export const CHAIN_LIMIT = 64;

/**
 * The process that a hook's parent works for: the first of the chain that is no shell. Where all are
 * shells (pid 1 of a container may be one), the outermost. The client is never looked for by name:
 * its native binary can be called by its version number.
 */
export function findMonitored(parent: number, lookup: Lookup): number {
  let last = parent;
  for (let pid = parent, steps = 0; pid > 0 && steps < CHAIN_LIMIT; steps++) {
    const relative = lookup(pid);
    if (relative === undefined) break;
    last = pid;
    if (!SHELLS.has(relative.command)) break;
    pid = relative.parent;
  }
  return last;
}

/** perfmon itself and the shells between it and the monitored process: what is not the tool's doing. */
export function ownProcesses(
  self: number,
  parent: number,
  monitored: number,
  lookup: Lookup,
): ReadonlySet<number> {
  const own = new Set([self]);
  for (let pid = parent, steps = 0; pid !== monitored && steps < CHAIN_LIMIT; steps++) {
    const relative = lookup(pid);
    if (relative === undefined || !SHELLS.has(relative.command)) break;
    own.add(pid);
    pid = relative.parent;
  }
  return own;
}

/** Whose processes are left out of a sample besides perfmon's own. */
export interface Others {
  /** Leaves out what began with the hook or since: it was not there before the call. */
  readonly onlyOlder: boolean;
  /** Whether it is told when the hook began. */
  readonly isDated?: boolean;
  /** The age, seconds, from which another perfmon is long at work. */
  readonly slowAfter?: number;
}

/**
 * The descendants of the monitored process that are the tools' doing: not this hook's, and not those of
 * hooks that run beside it, which perfmon processes and the shells above them tell.
 */
export function toolsProcesses(
  descendants: readonly number[],
  monitored: number,
  lookup: Lookup,
  { onlyOlder }: Others,
): number[] {
  const self = lookup(Deno.pid);
  const own = ownProcesses(Deno.pid, Deno.ppid, monitored, lookup);
  const hooks = new Set(own);
  for (const pid of descendants) {
    const process = lookup(pid);
    if (process === undefined || process.command !== self?.command) continue;
    for (const each of ownProcesses(pid, process.parent, monitored, lookup)) hooks.add(each);
  }
  let since = Infinity;
  if (onlyOlder) { for (const pid of own) since = Math.min(since, lookup(pid)?.start ?? Infinity); }
  const isOfTool = (pid: number): boolean => {
    for (let each = pid, steps = 0; each !== monitored && steps < CHAIN_LIMIT; steps++) {
      const process = lookup(each);
      if (hooks.has(each) || (process?.start ?? 0) >= since) return false;
      if (process === undefined) break;
      each = process.parent;
    }
    return true;
  };
  return descendants.filter(isOfTool);
}

/** Whether a process descends from another. */
export function isBelow(pid: number, ancestor: number, lookup: Lookup): boolean {
  let each = pid;
  for (let steps = 0; each > 0 && steps < CHAIN_LIMIT; steps++) {
    each = lookup(each)?.parent ?? 0;
    if (each === ancestor) return true;
  }
  return false;
}
