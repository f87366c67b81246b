/**
 * The quantile `p` (0 … 1) of ascending values by linear interpolation: type 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages" (1996), the default of numpy, pandas and R. `undefined`
 * where there are no values.
 */
export function quantile(ascending: ArrayLike<number>, p: number): number | undefined {
  const position = (ascending.length - 1) * p;
  const below = ascending[Math.floor(position)];
  const above = ascending[Math.ceil(position)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * The number of values that the quantile `p` needs to say something: 1 up to the median, then 1 /
 * (1 − p), so 20 for p95 and 100 for p99.
 */
export function leastValues(p: number): number {
  return p <= 0.5 ? 1 : Math.round(1 / (1 - p));
}

/**
 * The quantile `p` (0 … 1, type 7) of ascending values; `undefined` where they are fewer than
 * `leastValues(p)`.
 */
export function quantileIfEnough(ascending: ArrayLike<number>, p: number): number | undefined {
  return ascending.length < leastValues(p) ? undefined : quantile(ascending, p);
}

/**
 * Returns ascending values as they are where they are no more than `count`; else so many quantiles
 * (type 7) of them, ascending, at the middles of equal parts.
 */
export function thinned(ascending: ArrayLike<number>, count: number): number[] {
  if (ascending.length <= count) return Array.from(ascending);
  return Array.from(
    { length: count },
    (_, index) => quantile(ascending, (index + 0.5) / count) ?? 0,
  );
}

/** The arithmetic mean of values in any order; `undefined` where there are no values. */
export function mean(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/**
 * The length of the union of the intervals from `starts[i]` to `ends[i]`, so that what overlaps counts
 * once. The pairs may come in any order; no end may lie before its start.
 */
export function unionLength(starts: ArrayLike<number>, ends: ArrayLike<number>): number {
  // Which end belongs to which start makes no difference to the union: both are sorted on their own.
  const opening = sortNearly(new Float64Array(starts));
  const closing = sortNearly(new Float64Array(ends));
  let length = 0;
  let opened = 0;
  for (let i = 0; i < closing.length; i++) {
    const end = closing[i] ?? 0;
    const next = opening[i + 1];
    // Before this end i + 1 intervals have begun and i have ended: if none begins by now, a gap follows.
    if (next === undefined || next > end) {
      length += end - (opening[opened] ?? 0);
      opened = i + 1;
    }
  }
  return length;
}

/**
 * The number of places that a value may be moved on average; beyond it sorting from scratch is
 * sooner done.
 */
const MOVES = 16;

/** Sorts in place, and returns, values that are nearly in order, as times of calls are: by insertion. */
function sortNearly(values: Float64Array): Float64Array {
  let moves = MOVES * values.length;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    let place = i;
    for (; place > 0 && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
    values[place] = value;
    moves -= i - place;
    if (moves < 0) return values.sort();
  }
  return values;
}
