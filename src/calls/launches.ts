import type { RowPair } from "./pair.ts";
import type { RowReader } from "./row_reader.ts";

/** Hooks of one moment run side by side: their times may be out of order by so many seconds. */
const HOOK_SKEW_SECONDS = 2;

/**
 * The calls of the Agent tool in one session that no run of a subagent (SubagentStart, SubagentStop) was
 * found for yet, to make one call of both. Nothing in the rows ties them together but time: a run
 * belongs to the earliest launch that was going on when it started; to the newest launch without an
 * end only where there is no other, because a denied launch has no end either.
 */
export class WaitingLaunches<Row, Made extends RowPair<Row>> {
  private ended: Made[] = [];
  private open: Made[] = [];

  /** @param compare The order of calls in time. */
  constructor(
    private readonly reader: RowReader<Row>,
    private readonly compare: (a: Made, b: Made) => number,
  ) {}

  /** Adds a launch. */
  add(launch: Made): void {
    const others = launch.end === undefined ? this.open : this.ended;
    let place = others.length;
    while (place > 0 && this.compare(others[place - 1]!, launch) > 0) place--;
    others.splice(place, 0, launch);
  }

  /** Removes a launch, if it is there. */
  delete(launch: Made): void {
    for (const others of [this.open, this.ended]) {
      const place = others.lastIndexOf(launch);
      if (place >= 0) others.splice(place, 1);
    }
  }

  /**
   * Removes the launch of a run, and returns it. All launches that were added began before the run,
   * and no run that began before is asked for later.
   */
  take(run: Made): Made | undefined {
    this.ended = this.ended.filter((launch) => mayLaunch(launch, run, this.reader));
    return this.ended.shift() ?? this.open.pop();
  }
}

/** True where a launch was going on, as far as is known, when a later run started. */
export function mayLaunch<Row>(
  { end }: RowPair<Row>,
  { start }: RowPair<Row>,
  reader: RowReader<Row>,
): boolean {
  if (end === undefined || start === undefined) return true;
  return reader.time(end) >= reader.time(start) - HOOK_SKEW_SECONDS;
}
