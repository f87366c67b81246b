import { firstPlace } from "../../stats/first_place.ts";
import { STREAMED_ROWS, type StreamedCall, type StreamedRow } from "./streamed_call.ts";

/** The rows of so many ids are remembered, though nobody knows of their call yet. */
const MAX_WAITING = 500;

/** Which rows of a stream, that neither begin a call nor end it, are a call's. */
export interface RowKind {
  /** The member of a call that holds its row. */
  readonly member: "done" | "peak";
  /** From which row on those of its id are a call's, up to that of the next call; `undefined` where none is. */
  readonly anchorOf: (call: StreamedCall) => StreamedRow | undefined;
  /** Which of several counts. */
  readonly counts: "first" | "last";
}

/** When work in the background ended, as `endsOfWork` says. */
export const DONES: RowKind = {
  member: "done",
  anchorOf: ({ end }) => end !== undefined && STREAMED_ROWS.isBackground(end) ? end : undefined,
  counts: "first",
};

/** What a call's processes came to, as `peaksOf` says. */
export const PEAKS: RowKind = {
  member: "peak",
  anchorOf: ({ start, end }) => {
    const row = start ?? end;
    return row === undefined || STREAMED_ROWS.isAgent(row) ? undefined : row;
  },
  counts: "last",
};

/** A call with the row from which on rows are its own. */
interface Launched {
  readonly call: StreamedCall;
  readonly anchor: StreamedRow;
}

/** What is known of one session and tool_use_id, both in order. */
interface Work {
  readonly name: string;
  readonly launched: Launched[];
  readonly rows: StreamedRow[];
}

/** Which rows of a kind belong to which calls of a stream, by session, tool_use_id and time. */
export class RowsBehind {
  private readonly byName = new Map<string, Work>();
  private readonly known = new Map<StreamedCall, { readonly work: Work; readonly own: Launched }>();
  /** The works of which no call is known, the oldest first. */
  private readonly waiting = new Set<Work>();
  /** Calls of which the row may be another now. */
  private readonly touched = new Set<StreamedCall>();

  constructor(private readonly kind: RowKind) {}

  /** Takes a row of the kind; `settle` then says what it changes. */
  add(row: StreamedRow): void {
    const work = this.of(nameOf(row));
    const { rows, launched } = work;
    rows.splice(firstOf(rows, (each) => compare(each, row) > 0), 0, row);
    const next = firstOf(launched, ({ anchor }) => timeOf(anchor) > timeOf(row));
    this.touch(launched[next - 1]);
    if (launched.length === 0) this.waiting.add(work);
    for (const oldest of this.waiting) {
      if (this.waiting.size <= MAX_WAITING) break;
      this.waiting.delete(oldest);
      this.byName.delete(oldest.name);
    }
  }

  /** Takes calls that have changed, and rows that were added; returns the calls that have another by that. */
  settle(changed: Iterable<StreamedCall>): StreamedCall[] {
    for (const call of changed) this.update(call);
    const other: StreamedCall[] = [];
    for (const call of this.touched) {
      const known = this.known.get(call);
      const row = known === undefined ? undefined : this.rowOf(known.work, known.own);
      if (call[this.kind.member] === row) continue;
      call[this.kind.member] = row;
      if (known !== undefined) other.push(call);
    }
    this.touched.clear();
    return other;
  }

  /** Lets go of a call. */
  delete(call: StreamedCall): void {
    const known = this.known.get(call);
    if (known === undefined) return;
    this.remove(call);
    if (known.work.launched.length === 0) this.byName.delete(known.work.name);
    this.waiting.delete(known.work);
  }

  private update(call: StreamedCall): void {
    const row = call.isThere ? this.kind.anchorOf(call) : undefined;
    const anchor = row?.sample.toolUseId ? row : undefined;
    const known = this.known.get(call);
    if (anchor !== undefined && known?.own.anchor === anchor) return;
    if (known !== undefined) this.remove(call);
    if (anchor !== undefined) this.insert(call, anchor);
    else call[this.kind.member] = undefined;
  }

  private insert(call: StreamedCall, anchor: StreamedRow): void {
    const work = this.of(nameOf(anchor));
    const own = { call, anchor };
    const place = firstOf(work.launched, (each) => compare(each.anchor, anchor) > 0);
    work.launched.splice(place, 0, own);
    this.waiting.delete(work);
    this.known.set(call, { work, own });
    this.touch(own);
    this.touch(work.launched[place - 1]);
  }

  private remove(call: StreamedCall): void {
    const { work, own } = this.known.get(call)!;
    const { launched } = work;
    const place = placeOf(launched, own);
    launched.splice(place, 1);
    this.known.delete(call);
    this.touched.delete(call);
    this.touch(launched[place - 1]);
    if (launched.length === 0) this.waiting.add(work);
  }

  private touch(launched: Launched | undefined): void {
    if (launched !== undefined) this.touched.add(launched.call);
  }

  private of(name: string): Work {
    let work = this.byName.get(name);
    if (work === undefined) {
      this.byName.set(name, work = { name, launched: [], rows: [] });
    }
    return work;
  }

  /** The first or the last row from a call's anchor to the next one's. */
  private rowOf({ launched, rows }: Work, own: Launched): StreamedRow | undefined {
    const next = launched[placeOf(launched, own) + 1];
    const from = firstOf(rows, (each) => timeOf(each) >= timeOf(own.anchor));
    const to = next === undefined
      ? rows.length
      : firstOf(rows, (each) => timeOf(each) >= timeOf(next.anchor));
    return from >= to ? undefined : rows[this.kind.counts === "first" ? from : to - 1];
  }
}

/** The place of a call among those of its id. */
function placeOf(launched: readonly Launched[], own: Launched): number {
  let place = firstOf(launched, ({ anchor }) => compare(anchor, own.anchor) >= 0);
  while (launched[place] !== own) place++;
  return place;
}

/** The place of the first for which something is true that is so of all behind it, too. */
function firstOf<Item>(items: readonly Item[], isSo: (item: Item) => boolean): number {
  return firstPlace(items.length, (place) => isSo(items[place]!));
}

function nameOf({ sample: { sessionId, toolUseId } }: StreamedRow): string {
  return `${sessionId}\n${toolUseId}`;
}

function timeOf(row: StreamedRow): number {
  return STREAMED_ROWS.time(row);
}

function compare(a: StreamedRow, b: StreamedRow): number {
  return timeOf(a) - timeOf(b) || a.place - b.place;
}
