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
  /** The launches that are out, went on in the background, and are no run's. */
  readonly left: OpenLaunches<Made> | undefined;
}

/** Launches, the newest of them first. */
export interface OpenLaunches<Made> {
  readonly newest: Made;
  readonly others: OpenLaunches<Made> | undefined;
}

/**
 * The calls of the Agent tool in one session that no run of a subagent (SubagentStart, SubagentStop) was
 * found for yet, to make one call of both. Nothing in the rows ties them together but time: a run
 * belongs to the earliest launch that was going on when it started; to the newest launch without an
 * end only where there is no other, because a denied launch has no end either. Of a run that only its stop
 * tells of, the launch can have been in the background for long. Launches are added, and runs asked for, in
 * order of time.
 */
export class WaitingLaunches<Row, Made extends RowPair<Row>> {
  private readonly ended: Made[] = [];
  private out = 0;
  private open: OpenLaunches<Made> | undefined;
  private left: OpenLaunches<Made> | undefined;

  constructor(private readonly reader: RowReader<Row>) {}

  /** Adds a launch. */
  add(launch: Made): void {
    if (launch.end === undefined) this.open = { newest: launch, others: this.open };
    else this.ended.push(launch);
  }

  /** Takes out the launch of a run, and returns it. */
  take({ start, end }: Made): Made | undefined {
    const first = start ?? end;
    const earliest = (first === undefined ? 0 : this.reader.time(first)) - HOOK_SKEW_SECONDS;
    this.passOver(earliest);
    if (start === undefined && this.left !== undefined) {
      const { newest, others } = this.left;
      this.left = others;
      return newest;
    }
    if (this.out < this.ended.length) return this.ended[this.out++];
    const launch = this.open?.newest;
    this.open = this.open?.others;
    return launch;
  }

  /** Takes out the launches that had ended before: they are too old for all runs that start yet. */
  private passOver(earliest: number): void {
    for (; this.out < this.ended.length; this.out++) {
      const launch = this.ended[this.out]!;
      if (launch.end === undefined || this.reader.time(launch.end) >= earliest) return;
      if (this.reader.isBackground(launch.end)) this.left = { newest: launch, others: this.left };
    }
  }

  /** What it holds at this moment. */
  get state(): WaitingState<Made> {
    return { added: this.ended.length, out: this.out, open: this.open, left: this.left };
  }

  /** Goes back to an earlier moment; without a state to when nothing had been added. */
  goBack(
    { added, out, open, left }: WaitingState<Made> = {
      added: 0,
      out: 0,
      open: undefined,
      left: undefined,
    },
  ): void {
    this.ended.length = added;
    this.out = out;
    this.open = open;
    this.left = left;
  }
}

/**
 * True for the stop of a subagent that nobody started: clients stop forks of their own, which have no
 * type, and these are no calls.
 */
export function isStopOfFork<Row>({ start, end }: RowPair<Row>, reader: RowReader<Row>): boolean {
  return start === undefined && end !== undefined && reader.isSubagentRun(end) &&
    !reader.agentType(end);
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
