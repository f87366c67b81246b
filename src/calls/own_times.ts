/**
 * When calls ran: the own time of a call ends with its end row and began its duration before that, so that
 * waits are not in it. Seconds since the epoch; NaN where it is not known.
 */
export class OwnTimes {
  readonly begins: Float64Array;
  private everyCall: Int32Array | undefined;

  constructor(readonly ends: Float64Array, durations: Float64Array) {
    this.begins = new Float64Array(ends.length);
    for (let call = 0; call < ends.length; call++) {
      this.begins[call] = ends[call]! - durations[call]!;
    }
  }

  /** Those of some calls, given in order of time, whose own time is known, in the order in which it began. */
  inOrder(calls: Int32Array): Int32Array {
    // To look through all calls is sooner done than to put many in order.
    if (calls.length < this.begins.length / 4) return ascending(this.begins, calls);
    this.everyCall ??= ascending(this.begins, Int32Array.from(this.begins.keys()));
    const isOne = new Uint8Array(this.begins.length);
    for (let at = 0; at < calls.length; at++) isOne[calls[at]!] = 1;
    const found = new Int32Array(calls.length);
    let count = 0;
    for (let at = 0; at < this.everyCall.length; at++) {
      const call = this.everyCall[at]!;
      if (isOne[call] === 1) found[count++] = call;
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
