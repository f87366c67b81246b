import { CallsById, type SameIds } from "./calls_by_id.ts";
import { LoosePairs } from "../pair.ts";
import { Processes } from "../processes.ts";
import { isCallEvent, type Sample } from "../../row/sample.ts";
import { DONES, PEAKS, RowsBehind } from "./rows_behind.ts";
import { SessionLaunches } from "./session_launches.ts";
import { STREAMED_ROWS, StreamedCall } from "./streamed_call.ts";

/**
 * The calls of a log whose rows come little by little. At any moment they are those that `toCalls` makes
 * of all rows so far, whatever the pieces in which these came: what a row changes is looked up, not
 * worked out anew.
 */
export class CallStream {
  private places = 0;
  private readonly known = new Set<StreamedCall>();
  private readonly withId = new CallsById();
  private readonly loose = new LoosePairs(STREAMED_ROWS, () => new StreamedCall());
  private readonly behind = { done: new RowsBehind(DONES), peak: new RowsBehind(PEAKS) };
  private readonly processes = new Processes();
  private readonly sessions = new Map<string, SessionLaunches>();

  /** How many calls it knows, those that launched a run counted apart. */
  get size(): number {
    return this.known.size;
  }

  /** How many rows have come so far. */
  get rows(): number {
    return this.places;
  }

  /**
   * Takes further rows in the order of the log; returns the calls that began, ended or changed with them,
   * and those that are no more, because their rows are another's.
   */
  add(samples: Iterable<Sample>): Set<StreamedCall> {
    const touched = this.pair(samples);
    for (const call of touched) {
      if (call.isThere) this.known.add(call);
      else this.known.delete(call);
      const row = call.start ?? call.end;
      call.session ??= row?.sample.sessionId ?? "";
    }
    const { done, peak } = this.behind;
    for (const kind of [done, peak]) for (const call of kind.settle(touched)) touched.add(call);
    for (const call of this.findLaunches(touched)) touched.add(call);
    const changed = new Set<StreamedCall>();
    for (const call of touched) changed.add(call.run ?? call);
    return changed;
  }

  /** The calls as they are, in the order in which their first rows came. */
  calls(): StreamedCall[] {
    return [...this.known].filter(({ run }) => run === undefined);
  }

  /** Lets go of a call: no further row belongs to it. */
  forget(call: StreamedCall): void {
    const { launch } = call;
    this.known.delete(call);
    this.behind.done.delete(call);
    this.behind.peak.delete(call);
    const row = call.start ?? call.end;
    if (row?.sample.toolUseId) this.withId.delete(call);
    else this.loose.delete(call);
    const { session = "" } = call;
    const launches = this.sessions.get(session);
    launches?.delete(call);
    if (launches?.size === 0) this.sessions.delete(session);
    if (launch !== undefined) this.forget(launch);
  }

  /** Pairs further rows; returns the calls that this may have changed. */
  private pair(samples: Iterable<Sample>): Set<StreamedCall> {
    const touched = new Set<StreamedCall>();
    const sameIds = new Set<SameIds>();
    for (const sample of samples) {
      const { pid = NaN, processStart = NaN } = sample;
      const process = this.processes.of(pid, processStart);
      const row = { sample, place: this.places++, process };
      const { event } = sample;
      if ((event === "done" || event === "peak") && sample.toolUseId) this.behind[event].add(row);
      if (!isCallEvent(event)) continue;
      if (sample.toolUseId) sameIds.add(this.withId.add(row));
      else touched.add(this.loose.add(row));
    }
    for (const group of sameIds) for (const call of group.pair()) touched.add(call);
    return touched;
  }

  /** Finds out which launches belong to which runs, where that may have changed; returns the calls of which it has. */
  private findLaunches(touched: Iterable<StreamedCall>): StreamedCall[] {
    const bySession = new Map<SessionLaunches, StreamedCall[]>();
    for (const call of touched) {
      const launches = this.launchesOf(call);
      if (launches === undefined) continue;
      const calls = bySession.get(launches);
      if (calls === undefined) bySession.set(launches, [call]);
      else calls.push(call);
    }
    return [...bySession].flatMap(([launches, calls]) => [...launches.update(calls)]);
  }

  /** The launches of a call's session; `undefined` where there are none, and none begin with it. */
  private launchesOf(call: StreamedCall): SessionLaunches | undefined {
    const { session = "" } = call;
    let launches = this.sessions.get(session);
    if (launches === undefined && call.isAgent && call.isThere) {
      this.sessions.set(session, launches = new SessionLaunches());
    }
    return launches;
  }
}
