import { firstPlace } from "./first_place.ts";

/** Moments in order of time, to be looked up; those that are not known (`NaN`) are left out. */
export class SortedTimes {
  private readonly times: Float64Array;

  constructor(times: readonly number[]) {
    this.times = Float64Array.from(times.filter((time) => !Number.isNaN(time))).sort();
  }

  /** The first behind a time, `Infinity` where there is none; of those at `without` one is passed over. */
  after(time: number, without?: number): number {
    const at = this.placeBehind(time);
    const { [at]: first = Infinity, [at + 1]: second = Infinity } = this.times;
    return first === without ? second : first;
  }

  /** The last before a time; `-Infinity` where there is none. */
  before(time: number): number {
    let at = this.placeBehind(time) - 1;
    while (this.times[at] === time) at--;
    return this.times[at] ?? -Infinity;
  }

  /** The place of the first that is behind a time. */
  private placeBehind(time: number): number {
    return firstPlace(this.times.length, (place) => this.times[place]! > time);
  }
}
