import type { Call } from "./call.ts";
import type { CallTable, CallView } from "./call_table.ts";
import { tableOfCalls } from "./foreign_calls.ts";
import { RowCursor } from "../row/row_cursor.ts";

/** Some calls of one table, in order of time; an object for each only where it is asked for. */
export class CallList {
  private views: readonly CallView[] | undefined;

  /** @param indices Which calls, ascending. */
  constructor(readonly table: CallTable, readonly indices: Int32Array) {}

  /** All calls of a table. */
  static all(table: CallTable): CallList {
    const indices = new Int32Array(table.size);
    for (let index = 0; index < indices.length; index++) indices[index] = index;
    return new CallList(table, indices);
  }

  /** Calls in order of time: some that one `toCalls` returned, or others. */
  static of(calls: readonly Call[]): CallList {
    const [first] = calls;
    const table = (first as Partial<CallView> | undefined)?.table;
    if (table === undefined) return CallList.all(tableOfCalls(calls));
    const indices = Int32Array.from(calls, (call) => {
      if ((call as CallView).table === table) return (call as CallView).index;
      throw new TypeError("Calls of two tables can't be one list");
    });
    return new CallList(table, indices);
  }

  get size(): number {
    return this.indices.length;
  }

  /** As objects, the same ones each time. */
  get calls(): readonly CallView[] {
    return this.views ??= Array.from(this.indices, (index) => this.table.call(index));
  }

  /** The calls that began, or else ended, from `since` to `until` (exclusive); seconds since the epoch. */
  within(since: number | undefined, until: number | undefined): CallList {
    if (since === undefined && until === undefined) return this;
    const { time } = this.table;
    return this.filter((index) =>
      (since === undefined || time[index]! >= since) &&
      (until === undefined || time[index]! < until)
    );
  }

  filter(isWanted: (index: number, place: number) => boolean): CallList {
    return new CallList(this.table, this.indices.filter(isWanted));
  }

  /** The distinct texts that the calls have in a place of their rows: that of the start, or else of the end. */
  texts(place: number): string[] {
    const found = new Set<number>();
    const text = textOf(this.table, place);
    let last = 0; // most calls have the text of the one before
    for (let at = 0; at < this.indices.length; at++) {
      const number = text(this.indices[at]!);
      if (number !== last) found.add(last = number);
    }
    found.delete(0);
    return Array.from(found, (number) => this.table.rows.names.text(number) ?? "");
  }
}

/** Gives the number of the text that a call has in a place of its rows: that of the start, or else of the end; 0 for none. */
export function textOf(table: CallTable, place: number): (index: number) => number {
  const cursor = new RowCursor(table.rows);
  const { starts, ends } = table;
  return (index) => {
    const start = starts[index]!;
    const text = start < 0 ? 0 : cursor.at(start).text(place);
    return text !== 0 || ends[index]! < 0 ? text : cursor.at(ends[index]!).text(place);
  };
}
