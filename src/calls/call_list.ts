import { firstPlace } from "../stats/first_place.ts";
import { numbersTo } from "../stats/intervals.ts";
import type { CallColumns, CallView } from "./call_columns.ts";

/** Some of the calls in columns, in order of time; an object for each only where it is asked for. */
export class CallList {
  private views: readonly CallView[] | undefined;

  /** @param indices Which calls, ascending. */
  constructor(readonly columns: CallColumns, readonly indices: Int32Array) {}

  /** All the calls. */
  static all(columns: CallColumns): CallList {
    return new CallList(columns, numbersTo(columns.size));
  }

  get size(): number {
    return this.indices.length;
  }

  /** As objects, the same ones each time. */
  get calls(): readonly CallView[] {
    return this.views ??= Array.from(this.indices, (index) => this.columns.call(index));
  }

  /** The calls that began, or else ended, from `since` to `until` (exclusive); seconds since the epoch. */
  within(since: number | undefined, until: number | undefined): CallList {
    if (since === undefined && until === undefined) return this;
    const { indices, columns: { time } } = this;
    const placeOf = (moment: number): number =>
      firstPlace(indices.length, (at) => time[indices[at]!]! >= moment);
    const from = since === undefined ? 0 : placeOf(since);
    const to = until === undefined ? indices.length : placeOf(until);
    return new CallList(this.columns, indices.subarray(from, Math.max(from, to)));
  }

  /** The `count` that ended last, or of those that run began last; the last one at the end. */
  newest(count: number): CallView[] {
    const { time, endTime } = this.columns;
    const lastTimes = endTime.map((end, index) => end === end ? end : time[index]!); // NaN: it runs
    return this.leading(count, lastTimes).sort((a, b) => lastTimes[a]! - lastTimes[b]!)
      .slice(-count).map((index) => this.columns.call(index));
  }

  /** The `count` with the greatest figures, by call, greatest first; those without one (NaN) are left out. */
  greatest(count: number, figures: Float64Array): CallView[] {
    return this.leading(count, figures).sort((a, b) => figures[b]! - figures[a]!)
      .slice(0, count).map((index) => this.columns.call(index));
  }

  /** The indices of the calls with one of the `count` greatest figures, in their order. */
  private leading(count: number, figures: Float64Array): number[] {
    const known = new Float64Array(this.size);
    let size = 0;
    for (let at = 0; at < known.length; at++) {
      const figure = figures[this.indices[at]!]!;
      if (figure === figure) known[size++] = figure; // NaN is not
    }
    const least = known.subarray(0, size).sort()[size - count] ?? -Infinity;
    return Array.from(this.indices.filter((index) => figures[index]! >= least));
  }

  filter(isWanted: (index: number, place: number) => boolean): CallList {
    return new CallList(this.columns, this.indices.filter(isWanted));
  }

  /** The distinct texts that the calls have in a column of the log, by its place in a row (row_view.ts). */
  texts(place: number): string[] {
    const { names } = this.columns.texts(place);
    return this.numbers(place).map((number) => names.text(number) ?? "");
  }

  /** How many distinct texts that are. */
  countTexts(place: number): number {
    return this.numbers(place).length;
  }

  /** The numbers of these texts, in the order in which the calls have them. */
  private numbers(place: number): number[] {
    const { numbers, names } = this.columns.texts(place);
    const isFound = new Uint8Array(names.size + 1);
    isFound[0] = 1; // not known
    const found: number[] = [];
    for (let at = 0; at < this.indices.length; at++) {
      const number = numbers[this.indices[at]!]!;
      if (isFound[number] === 1) continue;
      isFound[number] = 1;
      found.push(number);
    }
    return found;
  }
}
