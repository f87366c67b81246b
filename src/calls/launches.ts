import type { RowPair } from "./pair.ts";
import type { RowReader } from "./row_reader.ts";

/** Hooks of one moment run side by side: their times may be out of order by so many seconds. */
const HOOK_SKEW_SECONDS = 2;

/** The launches of a moment that have no run yet. */
export interface WaitingState<Made> {
  /** How many of the launches that have ended were added, and how many of these, from the first, are out. */
  readonly added: number;
  readonly out: number;
  readonly open: OpenLaunches<Made> | undefined;
}

/** Launches without an end, the newest of them first. */
export interface OpenLaunches<Made> {
  readonly newest: Made;
  readonly others: OpenLaunches<Made> | undefined;
}

/**
 * The calls of the Agent tool in one session that no run of a subagent (SubagentStart, SubagentStop) was
 * found for yet, to make one call of both. Nothing in the rows ties them together but time: a run
 * belongs to the earliest launch that was going on when it started; to the newest launch without an
 * end only where there is no other, because a denied launch has no end either. Launches are added, and
 * runs asked for, in order of time.
 */
export class WaitingLaunches<Row, Made extends RowPair<Row>> {
  private readonly ended: Made[] = [];
  private out = 0;
  private open: OpenLaunches<Made> | undefined;

  constructor(private readonly reader: RowReader<Row>) {}

  /** Adds a launch. */
  add(launch: Made): void {
    if (launch.end === undefined) this.open = { newest: launch, others: this.open };
    else this.ended.push(launch);
  }

  /** Takes out the launch of a run, and returns it. */
  take({ start }: Made): Made | undefined {
    const earliest = (start === undefined ? 0 : this.reader.time(start)) - HOOK_SKEW_SECONDS;
    while (this.out < this.ended.length) {
      const launch = this.ended[this.out++]!;
      // Else it is too old for all runs that come yet.
      if (launch.end !== undefined && this.reader.time(launch.end) >= earliest) return launch;
    }
    const launch = this.open?.newest;
    this.open = this.open?.others;
    return launch;
  }

  /** What it holds at this moment. */
  get state(): WaitingState<Made> {
    return { added: this.ended.length, out: this.out, open: this.open };
  }

  /** Goes back to an earlier moment; without a state to when nothing had been added. */
  goBack({ added, out, open }: WaitingState<Made> = { added: 0, out: 0, open: undefined }): void {
    this.ended.length = added;
    this.out = out;
    this.open = open;
  }
}

/**
 * The row that a call ended with, `undefined` where it has not: of a run, the end of its launch stands in
 * for a stop that was never written, where the launch returned at the end of its run.
 */
export function endOfRun<Row>(
  { end }: RowPair<Row>,
  launch: RowPair<Row> | undefined,
  reader: RowReader<Row>,
): Row | undefined {
  if (end !== undefined || launch?.end === undefined) return end;
  return reader.isBackground(launch.end) ? undefined : launch.end;
}
