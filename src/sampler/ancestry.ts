/** A process as its ancestors are told apart by. */
export interface Relative {
  readonly parent: number;
  /** The program's name, without its folder and without the dash of a login shell. */
  readonly command: string;
}

/** Looks a process up; `undefined` where it is gone. */
export type Lookup = (pid: number) => Relative | undefined;

const SHELLS: ReadonlySet<string> = new Set(
  ["sh", "bash", "dash", "ash", "zsh", "fish", "ksh", "mksh", "tcsh", "csh", "busybox"],
);

/** No chain of ancestors is followed further than this. */
const CHAIN_LIMIT = 64;

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
