/** A process as its ancestors are told apart by. */
export interface Relative {
  readonly pid: number;
  readonly parent: number;
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
  for (const each of chain(parent, lookup)) {
    last = each.pid;
    if (!isShell(each.command)) return last;
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
  if (parent === monitored) return own;
  for (const each of chain(parent, lookup)) {
    if (each.pid === monitored || !isShell(each.command)) break;
    own.add(each.pid);
  }
  return own;
}

function* chain(pid: number, lookup: Lookup): Generator<Relative> {
  for (let steps = 0; pid > 0 && steps < CHAIN_LIMIT; steps++) {
    const relative = lookup(pid);
    if (relative === undefined) return;
    yield relative;
    pid = relative.parent;
  }
}

/** A login shell's name begins with a dash, and `ps` gives whole paths on some systems. */
function isShell(command: string): boolean {
  return SHELLS.has(command.replace(/^-/, "").replace(/^.*\//, ""));
}
