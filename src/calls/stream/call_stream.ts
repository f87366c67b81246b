import { LoosePairs, takeRow } from "../pair.ts";
import { Processes } from "../processes.ts";
import type { Sample } from "../../row/sample.ts";
import { SessionLaunches } from "./session_launches.ts";
import { STREAMED_ROWS, StreamedCall, type StreamedRow } from "./streamed_call.ts";

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

  /** Takes further rows in the order of the log; returns the calls that began, ended or changed with them. */
  add(samples: Iterable<Sample>): Set<StreamedCall> {
    const touched = new Set<StreamedCall>();
    for (const sample of samples) {
      const { pid = NaN, processStart = NaN } = sample;
      const process = this.processes.of(pid, processStart);
      const call = this.pair({ sample, place: this.places++, process });
      this.known.add(call);
      touched.add(call);
    }
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
    const row = call.start ?? call.end;
    if (row?.sample.toolUseId) this.withId.delete(row.sample);
    else this.loose.delete(call);
    const session = sessionOf(call);
    const launches = this.sessions.get(session);
    launches?.delete(call);
    if (launches?.size === 0) this.sessions.delete(session);
    if (launch !== undefined) this.forget(launch);
  }

  private pair(row: StreamedRow): StreamedCall {
    if (!row.sample.toolUseId) return this.loose.add(row);
    const call = this.withId.of(row.sample);
    takeRow(call, row, STREAMED_ROWS);
    return call;
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

  /** Those of a call's session; `undefined` where there are none, and none begin with it. */
  private launchesOf(call: StreamedCall): SessionLaunches | undefined {
    const session = sessionOf(call);
    let launches = this.sessions.get(session);
    if (launches === undefined && call.start && STREAMED_ROWS.isAgent(call.start)) {
      this.sessions.set(session, launches = new SessionLaunches());
    }
    return launches;
  }
}

/** The calls that have an id, by session and tool_use_id. */
class CallsById {
  private readonly sessions = new Map<string, Map<string, StreamedCall>>();

  /** The call that a row belongs to, a new one where there was none. */
  of({ sessionId = "", toolUseId = "" }: Sample): StreamedCall {
    let calls = this.sessions.get(sessionId);
    if (calls === undefined) this.sessions.set(sessionId, calls = new Map());
    let call = calls.get(toolUseId);
    if (call === undefined) calls.set(toolUseId, call = new StreamedCall());
    return call;
  }

  /** Lets go of the call that a row belongs to. */
  delete({ sessionId = "", toolUseId = "" }: Sample): void {
    const calls = this.sessions.get(sessionId);
    calls?.delete(toolUseId);
    if (calls?.size === 0) this.sessions.delete(sessionId);
  }
}

function sessionOf({ start }: StreamedCall): string {
  return start?.sample.sessionId ?? "";
}
