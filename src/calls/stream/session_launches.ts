import { firstPlace } from "../../stats/first_place.ts";
import { WaitingLaunches, type WaitingState } from "../launches.ts";
import { STREAMED_ROWS, type StreamedCall, type StreamedRow } from "./streamed_call.ts";

/** A call of the Agent tool or a run of a subagent, as it was last reckoned with. */
interface Entry {
  readonly call: StreamedCall;
  readonly start: StreamedRow | undefined;
  readonly end: StreamedRow | undefined;
  readonly time: number;
  readonly place: number;
  /** The launches that wait for their run when this one is done with. */
  after?: WaitingState<StreamedCall>;
}

/** Which call of the Agent tool launched which run of a subagent, in one session of a stream. */
export class SessionLaunches {
  /** In order of time. */
  private readonly entries: Entry[] = [];
  private readonly byCall = new Map<StreamedCall, Entry>();
  /** How many of the entries, from the first, are done with. */
  private done = 0;
  private runs = 0;
  private readonly waiting = new WaitingLaunches<StreamedRow, StreamedCall>(STREAMED_ROWS);

  /** How many calls and runs it holds. */
  get size(): number {
    return this.entries.length;
  }

  /**
   * Takes calls that are new or may have changed; returns those that have another launch, or another run,
   * than before. What came later in time than such a call is gone through again: nothing as a rule, at the
   * end of a launch what began in its time.
   */
  update(calls: Iterable<StreamedCall>): Set<StreamedCall> {
    const changed = [...calls].filter((call) => {
      const known = this.byCall.get(call);
      return known?.start !== call.start || known?.end !== call.end;
    });
    // All of them first: a row, and so a place, may have become another call's.
    for (const call of changed) this.delete(call);
    for (const call of changed) {
      if (call.isAgent && call.isThere && (call.start !== undefined || call.isRun)) {
        this.insert(call);
      }
    }
    return this.runs === 0 ? new Set() : this.goOn();
  }

  /** Lets go of a call. */
  delete(call: StreamedCall): void {
    const entry = this.byCall.get(call);
    if (entry === undefined) return;
    this.byCall.delete(call);
    const index = this.indexOf(entry);
    this.entries.splice(index, 1);
    this.done = Math.min(this.done, index);
    if (call.isRun) this.runs--;
  }

  private insert(call: StreamedCall): void {
    const { start, end } = call;
    // Its own: which launch it has is what is asked.
    const time = (start ?? end)?.sample.timestamp ?? 0;
    const place = Math.min(start?.place ?? Infinity, end?.place ?? Infinity);
    const entry = { call, start, end, time, place };
    this.byCall.set(call, entry);
    const index = this.indexOf(entry);
    this.entries.splice(index, 0, entry);
    this.done = Math.min(this.done, index);
    if (call.isRun) this.runs++;
  }

  /** Where an entry stands, or belongs. */
  private indexOf({ time, place }: Entry): number {
    return firstPlace(this.entries.length, (at) => {
      const other = this.entries[at]!;
      return !(other.time < time || other.time === time && other.place < place);
    });
  }

  private goOn(): Set<StreamedCall> {
    const rest = this.entries.slice(this.done);
    const before = rest.map(({ call }) => separate(call));
    this.waiting.goBack(this.entries[this.done - 1]?.after);
    for (const entry of rest) {
      const { call } = entry;
      if (!call.isRun) this.waiting.add(call);
      else join(call, this.waiting.take(call));
      entry.after = this.waiting.state;
    }
    this.done = this.entries.length;
    const changed = new Set<StreamedCall>();
    rest.forEach(({ call }, index) => {
      const launches = [before[index], call.launch];
      if (launches[0] === launches[1]) return;
      for (const each of [call, ...launches]) if (each !== undefined) changed.add(each);
    });
    return changed;
  }
}

/** Makes a run, or any other call, one without a launch; returns the one that it had. */
function separate(run: StreamedCall): StreamedCall | undefined {
  const { launch } = run;
  if (launch !== undefined) launch.run = undefined;
  run.launch = undefined;
  return launch;
}

function join(run: StreamedCall, launch: StreamedCall | undefined): void {
  run.launch = launch;
  if (launch !== undefined) launch.run = run;
}
