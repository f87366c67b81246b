import { compareRows, pairAgain, type PairedRows, pairOn } from "../pair_again.ts";
import { STREAMED_ROWS, StreamedCall, type StreamedRow } from "./streamed_call.ts";

/** The calls of a stream that have an id: those of one session, agent, tool and tool_use_id together. */
export class CallsById {
  private readonly groups = new Map<string, SameIds>();

  /** Adds a row; the calls that it changes are made by `pair` of what it returns. */
  add(row: StreamedRow): SameIds {
    const key = keyOf(row);
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, group = new SameIds());
    group.add(row);
    return group;
  }

  /** Lets go of a call with its rows. */
  delete(call: StreamedCall): void {
    const row = call.start ?? call.end;
    if (row === undefined) return;
    const key = keyOf(row);
    const group = this.groups.get(key);
    group?.delete(call);
    if (group?.isEmpty) this.groups.delete(key);
  }
}

function keyOf({ sample: { sessionId, agentId, toolName, toolUseId } }: StreamedRow): string {
  return [sessionId, agentId, toolName || "unknown", toolUseId].join("\n");
}

/** The rows that only order in time tells which call they are of, and these calls. */
export class SameIds {
  /** In order of time. */
  private readonly rows: StreamedRow[] = [];
  private readonly calls = new Map<StreamedRow, StreamedCall>();
  /** The calls of the rows before this place are what they are. */
  private settled = 0;

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  /** Adds a row to its place, nearly always the last. */
  add(row: StreamedRow): void {
    let place = this.rows.length;
    while (place > 0 && compareInTime(this.rows[place - 1]!, row) > 0) place--;
    this.rows.splice(place, 0, row);
    if (place <= this.settled) this.settled = 0;
  }

  /**
   * Pairs the rows anew; returns the calls that are new, have changed, or are no more: these have no rows.
   * A call stays the one that has its end, so that what has ended once does not end again.
   */
  pair(): StreamedCall[] {
    const from = this.settled;
    const rows = from === 0 ? this.rows : this.rows.slice(from);
    const pairs = from === 0 ? pairAgain(rows, STREAMED_ROWS) : pairOn(rows, STREAMED_ROWS);
    this.settled = from + pairs.settled;
    const before = new Set(rows.flatMap((row) => this.calls.get(row) ?? []));
    const calls = this.callsOf(rows, pairs, before);
    rows.forEach((row, place) => this.calls.set(row, calls[pairs.callOf[place]!]!));
    const changed = [...before].filter((call) => call.change(undefined, undefined, false));
    calls.forEach((call, index) => {
      const { starts, ends, approximate } = pairs;
      if (call.change(starts[index], ends[index], approximate[index]!)) changed.push(call);
    });
    return changed;
  }

  /** The calls of pairs: each that there was before once, and taken out of `before`. */
  private callsOf(
    rows: readonly StreamedRow[],
    { starts, callOf }: PairedRows<StreamedRow>,
    before: Set<StreamedCall>,
  ): StreamedCall[] {
    const found: (StreamedCall | undefined)[] = starts.map(() => undefined);
    for (const isStart of [false, true]) {
      rows.forEach((row, place) => {
        const call = this.calls.get(row);
        const index = callOf[place]!;
        if (call === undefined || found[index] !== undefined) return;
        if (STREAMED_ROWS.isStart(row) !== isStart || isStart && call.end !== undefined) return;
        if (before.delete(call)) found[index] = call;
      });
    }
    return found.map((call) => call ?? new StreamedCall());
  }

  delete(call: StreamedCall): void {
    let kept = 0;
    let settled = 0;
    for (const [place, row] of this.rows.entries()) {
      if (this.calls.get(row) === call) this.calls.delete(row);
      else {
        this.rows[kept++] = row;
        if (place < this.settled) settled = kept;
      }
    }
    this.rows.length = kept;
    this.settled = settled;
  }
}

function compareInTime(a: StreamedRow, b: StreamedRow): number {
  return compareRows(a, b, STREAMED_ROWS) || a.place - b.place;
}
