import { PROCESS_START_TOLERANCE_SECONDS } from "./figures.ts";

/**
 * Numbers processes, from 1. A pid alone may be that of another process: of a later one, or of one in
 * another container that writes to the same log. The start of one process may move by a little from row to
 * row, and so in time by more.
 */
export class Processes {
  /** The highest number. */
  last = 0;
  private readonly byPid = new Map<number, Started[]>();

  /** The number of a process; 0 where no pid is known. A start (seconds since the epoch) that is not known is NaN. */
  of(pid: number, start: number): number {
    if (pid !== pid) return 0; // NaN
    const known = this.byPid.get(pid);
    for (const process of known ?? []) {
      if (!isSameStart(process.start, start)) continue;
      process.start = start;
      return process.number;
    }
    const process = { start, number: ++this.last };
    if (known === undefined) this.byPid.set(pid, [process]);
    else known.push(process);
    return process.number;
  }
}

interface Started {
  /** As it was read last. */
  start: number;
  readonly number: number;
}

function isSameStart(a: number, b: number): boolean {
  return a === a && b === b
    ? Math.abs(a - b) <= PROCESS_START_TOLERANCE_SECONDS
    : a !== a === (b !== b);
}
