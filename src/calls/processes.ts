import { PROCESS_START_TOLERANCE_SECONDS } from "./figures.ts";

/**
 * Numbers processes, from 1. A pid alone may be that of another process: of a later one, or of one in
 * another container that writes to the same log. The start of one process may move by a little from row to
 * row, and so in time by more.
 */
export class Processes {
  /** The highest number. */
  last = 0;
  private readonly byPid = new Map<number, ProcessesOfPid>();

  /** The number of a process; 0 where no pid is known. A start (seconds since the epoch) that is not known is NaN. */
  of(pid: number, start: number): number {
    if (pid !== pid) return 0; // NaN
    let known = this.byPid.get(pid);
    if (known === undefined) this.byPid.set(pid, known = new ProcessesOfPid());
    const process = known.find(start) ?? { start, number: ++this.last };
    known.put(process, start);
    return process.number;
  }
}

/** The processes of one pid, by where their start lies: in a container each client may have the same pid. */
class ProcessesOfPid {
  private readonly places = new Map<number, Set<Started>>();
  /** The process that was found last: nearly always it is the next one, too. */
  private newest: Started | undefined;

  /** The process that starts then, of several the first. */
  find(start: number): Started | undefined {
    if (this.newest !== undefined && Object.is(this.newest.start, start)) return this.newest;
    let found: Started | undefined;
    const place = placeOf(start);
    for (const near of [place - 1, place, place + 1]) {
      for (const each of this.places.get(near) ?? []) {
        const isBefore = found === undefined || each.number < found.number;
        if (isBefore && isSameStart(each.start, start)) found = each;
      }
    }
    return found;
  }

  /** Keeps a process with the start that was read last. */
  put(process: Started, start: number): void {
    if (process === this.newest && Object.is(process.start, start)) return;
    this.newest = process;
    this.places.get(placeOf(process.start))?.delete(process);
    process.start = start;
    const place = placeOf(start);
    const here = this.places.get(place);
    if (here === undefined) this.places.set(place, new Set([process]));
    else here.add(process);
  }
}

interface Started {
  /** Seconds since the epoch, as it was read last; NaN where it is not known. */
  start: number;
  readonly number: number;
}

/** Starts that are the same have the same place or one beside it; NaN of a start that is not known. */
function placeOf(start: number): number {
  return Math.floor(start / PROCESS_START_TOLERANCE_SECONDS);
}

function isSameStart(a: number, b: number): boolean {
  return a === a && b === b
    ? Math.abs(a - b) <= PROCESS_START_TOLERANCE_SECONDS
    : a !== a === (b !== b);
}
