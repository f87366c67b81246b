/**
 * Intervals by their number, of which most come in the order in which they begin. `NaN` where one is not
 * known.
 */
export class Intervals {
  readonly begins: Float64Array;
  private everyOne: Int32Array | undefined;

  /** @param lengths Counted back from the ends. */
  constructor(readonly ends: Float64Array, lengths: Float64Array) {
    this.begins = new Float64Array(ends.length);
    for (let at = 0; at < ends.length; at++) this.begins[at] = ends[at]! - lengths[at]!;
  }

  /** Puts some intervals, given by their numbers, in the order in which they begin; leaves out those not known. */
  inOrder(some: Int32Array): Int32Array {
    // To look through all of them is sooner done than to put many in order.
    if (some.length < this.begins.length / 4) return ascending(this.begins, some);
    const order = this.everyOne ??= ascending(this.begins, numbersTo(this.begins.length));
    const isOne = new Uint8Array(this.begins.length);
    for (let at = 0; at < some.length; at++) isOne[some[at]!] = 1;
    const found = new Int32Array(some.length);
    let count = 0;
    for (let at = 0; at < order.length; at++) {
      const number = order[at]!;
      if (isOne[number] === 1) found[count++] = number;
    }
    return found.subarray(0, count);
  }
}

/** So many steps a value: what is further out of order is sorted by comparing. */
const MOST_STEPS = 100;

/** The places of values but NaN in ascending order; by insertion, which is quick where they nearly are. */
function ascending(values: Float64Array, places: Int32Array): Int32Array {
  const found = new Int32Array(places.length);
  let count = 0;
  let steps = MOST_STEPS * places.length;
  for (let index = 0; index < places.length; index++) {
    const value = values[places[index]!]!;
    if (value !== value) continue; // NaN
    let at = count++;
    if (steps > 0) {
      const last = at;
      for (; at > 0 && values[found[at - 1]!]! > value; at--) found[at] = found[at - 1]!;
      steps -= last - at;
    }
    found[at] = places[index]!;
  }
  const sorted = found.subarray(0, count);
  return steps > 0 ? sorted : sorted.sort((a, b) => values[a]! - values[b]! || a - b);
}

/** The numbers from 0 to one less than a count; an iterator takes ten times as long. */
export function numbersTo(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let number = 0; number < count; number++) numbers[number] = number;
  return numbers;
}
