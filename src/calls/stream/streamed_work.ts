import { firstPlace } from "../../stats/first_place.ts";
import { STREAMED_ROWS, type StreamedCall, type StreamedRow } from "./streamed_call.ts";

/** Of so many ids of work that ended it is remembered when, though nobody knows of its call yet. */
const MAX_WAITING = 500;

/** A call whose work goes on, with the row that it returned with. */
interface Launched {
  readonly call: StreamedCall;
  readonly end: StreamedRow;
}

/** What is known of one session and tool_use_id, both in order. */
interface Work {
  readonly name: string;
  readonly launched: Launched[];
  readonly dones: StreamedRow[];
}

/**
 * Which rows `done` of a stream end the work of which calls, as `endsOfWork` says: that of a call is the first from its
 * return to the next one's.
 */
export class StreamedWork {
  private readonly byName = new Map<string, Work>();
  private readonly known = new Map<StreamedCall, { readonly work: Work; readonly own: Launched }>();
  /** Those of which no call is known, the oldest first. */
  private readonly waiting = new Set<Work>();
  /** Calls of which the end may be another now. */
  private readonly touched = new Set<StreamedCall>();

  /** Takes a row `done`; `settle` then says what it changes. */
  add(row: StreamedRow): void {
    const work = this.of(nameOf(row));
    const { dones, launched } = work;
    dones.splice(firstOf(dones, (each) => compare(each, row) > 0), 0, row);
    const next = firstOf(launched, ({ end }) => timeOf(end) > timeOf(row));
    this.touch(launched[next - 1]);
    if (launched.length === 0) this.waiting.add(work);
    for (const oldest of this.waiting) {
      if (this.waiting.size <= MAX_WAITING) break;
      this.waiting.delete(oldest);
      this.byName.delete(oldest.name);
    }
  }

  /** Takes calls that have changed, and rows that were added; returns the calls whose work has another end by that. */
  settle(changed: Iterable<StreamedCall>): StreamedCall[] {
    for (const call of changed) this.update(call);
    const other: StreamedCall[] = [];
    for (const call of this.touched) {
      const known = this.known.get(call);
      const done = known === undefined ? undefined : doneOf(known.work, known.own);
      if (call.done === done) continue;
      call.done = done;
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
    const { end } = call;
    const goesOn = call.isThere && end !== undefined && STREAMED_ROWS.isBackground(end) &&
      end.sample.toolUseId !== undefined && end.sample.toolUseId !== "";
    const known = this.known.get(call);
    if (goesOn && known?.own.end === end) return;
    if (known !== undefined) this.remove(call);
    if (goesOn) this.insert(call, end);
    else call.done = undefined;
  }

  private insert(call: StreamedCall, end: StreamedRow): void {
    const work = this.of(nameOf(end));
    const own = { call, end };
    const place = firstOf(work.launched, (each) => compare(each.end, end) > 0);
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
      this.byName.set(name, work = { name, launched: [], dones: [] });
    }
    return work;
  }
}

/** The first row from a call's return to the next one's. */
function doneOf({ launched, dones }: Work, own: Launched): StreamedRow | undefined {
  const next = launched[placeOf(launched, own) + 1];
  const done = dones[firstOf(dones, (each) => timeOf(each) >= timeOf(own.end))];
  if (done === undefined || next !== undefined && timeOf(next.end) <= timeOf(done)) {
    return undefined;
  }
  return done;
}

/** The place of a call among those of its id. */
function placeOf(launched: readonly Launched[], own: Launched): number {
  let place = firstOf(launched, ({ end }) => compare(end, own.end) >= 0);
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
