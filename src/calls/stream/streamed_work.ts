import { endsOfWork } from "../background_work.ts";
import { STREAMED_ROWS, type StreamedCall, type StreamedRow } from "./streamed_call.ts";

/** Of so many ids of work that ended it is remembered when, though nobody knows of its call yet. */
const MAX_WAITING = 500;

/** What is known of one session and tool_use_id. */
interface Work {
  readonly calls: Set<StreamedCall>;
  readonly dones: StreamedRow[];
}

/** Which rows `done` of a stream end the work of which calls. */
export class StreamedWork {
  private readonly byName = new Map<string, Work>();
  private readonly names = new Map<StreamedCall, string>();
  /** The names of which something has changed. */
  private readonly touched = new Set<string>();

  /** Takes a row `done`; `settle` then says what it changes. */
  add(row: StreamedRow): void {
    const name = nameOf(row);
    const { dones } = this.of(name);
    dones.push(row);
    dones.sort(compare);
    this.touched.add(name);
    for (const [oldest, { calls }] of this.byName) {
      if (this.byName.size <= MAX_WAITING) break;
      if (calls.size === 0) this.byName.delete(oldest);
    }
  }

  /** Takes calls that have changed, and rows that were added; returns the calls whose work has another end by that. */
  settle(changed: Iterable<StreamedCall>): StreamedCall[] {
    for (const call of changed) this.update(call);
    const other: StreamedCall[] = [];
    for (const name of this.touched) {
      const { calls, dones } = this.of(name);
      const launched = [...calls].flatMap((call) => call.end ? [{ call, end: call.end }] : [])
        .sort((a, b) => compare(a.end, b.end));
      const ends = endsOfWork(launched, dones, STREAMED_ROWS);
      for (const each of launched) {
        const done = ends.get(each);
        if (each.call.done === done) continue;
        each.call.done = done;
        other.push(each.call);
      }
    }
    this.touched.clear();
    return other;
  }

  /** Lets go of a call. */
  delete(call: StreamedCall): void {
    const name = this.names.get(call);
    if (name === undefined) return;
    this.names.delete(call);
    const work = this.byName.get(name);
    work?.calls.delete(call);
    if (work?.calls.size === 0) this.byName.delete(name);
  }

  private update(call: StreamedCall): void {
    const { end } = call;
    const goesOn = call.isThere && end !== undefined && STREAMED_ROWS.isBackground(end);
    const name = goesOn && end.sample.toolUseId ? nameOf(end) : undefined;
    const known = this.names.get(call);
    if (known !== undefined) this.touched.add(known);
    if (known !== name) {
      if (known !== undefined) this.byName.get(known)?.calls.delete(call);
      this.names.delete(call);
      call.done = undefined;
    }
    if (name === undefined) return;
    this.names.set(call, name);
    this.of(name).calls.add(call);
    this.touched.add(name);
  }

  private of(name: string): Work {
    let work = this.byName.get(name);
    if (work === undefined) this.byName.set(name, work = { calls: new Set(), dones: [] });
    return work;
  }
}

function nameOf({ sample: { sessionId, toolUseId } }: StreamedRow): string {
  return `${sessionId}\n${toolUseId}`;
}

function compare(a: StreamedRow, b: StreamedRow): number {
  return STREAMED_ROWS.time(a) - STREAMED_ROWS.time(b) || a.place - b.place;
}
