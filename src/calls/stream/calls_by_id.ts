import { compareRows, type PairedRows } from "../pair_again.ts";
import { FIRST_STRETCH, pairAgain, pairOn, type Stretch } from "../stretches.ts";
import { firstPlace } from "../../stats/first_place.ts";
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
  private rows: StreamedRow[] = [];
  private readonly calls = new Map<StreamedRow, StreamedCall>();
  /** The calls of all but the last are what they are. */
  private stretches: Stretch<StreamedRow>[] = [FIRST_STRETCH];
  /** The calls that have rows, and those that were let go, whose rows are still there. */
  private readonly current = new Set<StreamedCall>();
  private readonly gone = new Set<StreamedCall>();
  /** Whether no row was let go. */
  private isWhole = true;

  get isEmpty(): boolean {
    return this.current.size === 0;
  }

  /** Adds a row to its place, nearly always the last. */
  add(row: StreamedRow): void {
    this.tidy();
    const { rows, stretches } = this;
    const last = rows.at(-1);
    const isNewest = last === undefined || compareInTime(last, row) <= 0;
    const place = isNewest
      ? rows.length
      : firstPlace(rows.length, (at) => compareInTime(rows[at]!, row) > 0);
    rows.splice(place, 0, row);
    while (stretches.length > 1 && stretches.at(-1)!.from >= place) stretches.pop();
  }

  /**
   * Pairs the rows of the last stretch anew; returns the calls that are new, have changed, or are no more: these have
   * no rows. A call stays the one that has its end, so that what has ended once does not end again.
   */
  pair(): StreamedCall[] {
    this.tidy();
    const stretch = this.stretches.pop() ?? FIRST_STRETCH;
    const rest = this.rows.slice(stretch.from);
    const pairs = stretch.from === 0 && this.isWhole
      ? pairAgain(rest, STREAMED_ROWS)
      : pairOn(stretch, rest, STREAMED_ROWS);
    this.stretches.push(...pairs.stretches);
    const rows = [...stretch.carried, ...rest];
    const before = new Set(rows.flatMap((row) => this.calls.get(row) ?? []));
    const calls = this.callsOf(rows, pairs, before);
    rows.forEach((row, place) => this.calls.set(row, calls[pairs.callOf[place]!]!));
    for (const call of before) this.current.delete(call);
    for (const call of calls) this.current.add(call);
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

  /** Lets go of a call; its rows go with the next that is done, because many are let go at once. */
  delete(call: StreamedCall): void {
    this.current.delete(call);
    this.gone.add(call);
  }

  /** Takes out the rows of the calls that were let go. */
  private tidy(): void {
    if (this.gone.size === 0) return;
    const isKept = (row: StreamedRow): boolean => !this.gone.has(this.calls.get(row)!);
    const kept: StreamedRow[] = [];
    let next = 0;
    const stretches: Stretch<StreamedRow>[] = [];
    for (const { from, carried, approximate } of this.stretches) {
      for (; next < from; next++) if (isKept(this.rows[next]!)) kept.push(this.rows[next]!);
      // Of those without a row of their own the last one stays.
      if (stretches.at(-1)?.from === kept.length) stretches.pop();
      stretches.push({ from: kept.length, carried: carried.filter(isKept), approximate });
    }
    this.stretches = stretches;
    for (; next < this.rows.length; next++) {
      if (isKept(this.rows[next]!)) kept.push(this.rows[next]!);
    }
    for (const row of this.rows) if (!isKept(row)) this.calls.delete(row);
    this.rows = kept;
    this.gone.clear();
    this.isWhole = false;
  }
}

function compareInTime(a: StreamedRow, b: StreamedRow): number {
  return compareRows(a, b, STREAMED_ROWS) || a.place - b.place;
}
