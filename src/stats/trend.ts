import { quantile } from "./quantiles.ts";

/** A point of a series. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line's rise for each unit of x, with its 95 % confidence interval. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution: two sides of 95 %. */
const Z_95 = 1.959964;

/**
 * The median of the slopes between all pairs of points: Theil, "A rank-invariant method of linear
 * and polynomial regression analysis" (1950), with Sen's confidence interval, "Estimates of the
 * regression coefficient based on Kendall's tau" (1968), corrected for ties. Points at the same x
 * make no pair. The interval takes the points as independent. Takes time and memory by the square
 * of the points: thin them first. `undefined` where no two points differ in x.
 */
export function theilSen(points: readonly Point[]): Slope | undefined {
  const slopes = pairSlopes(points);
  const slope = quantile(slopes, 0.5);
  if (slope === undefined) return undefined;
  const n = points.length;
  const variance = (tieTerm(n) - ties(points.map(({ x }) => x)) - ties(points.map(({ y }) => y))) /
    18;
  const spread = Z_95 * Math.sqrt(Math.max(0, variance));
  const last = slopes.length - 1;
  const low = Math.max(0, Math.round((slopes.length - spread) / 2) - 1);
  const high = Math.min(last, Math.round((slopes.length + spread) / 2));
  return { slope, low: slopes[low] ?? slope, high: slopes[high] ?? slope };
}

/** The slopes between all pairs of points that differ in x, ascending. */
function pairSlopes(points: readonly Point[]): Float64Array {
  const slopes = new Float64Array(points.length * (points.length - 1) / 2);
  const xs = new Float64Array(points.map(({ x }) => x));
  const ys = new Float64Array(points.map(({ y }) => y));
  let count = 0;
  for (let index = 0; index < xs.length; index++) {
    const x = xs[index]!;
    const y = ys[index]!;
    for (let other = index + 1; other < xs.length; other++) {
      const run = xs[other]! - x;
      if (run !== 0) slopes[count++] = (ys[other]! - y) / run;
    }
  }
  return slopes.subarray(0, count).sort();
}

function tieTerm(count: number): number {
  return count * (count - 1) * (2 * count + 5);
}

/** The amount by which values that are the same lessen the variance of Kendall's S, times 18. */
function ties(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + tieTerm(count), 0);
}

/**
 * Returns at most `limit` points for a long series: the medians of x and y in bins of equal width over x,
 * empty bins left out. A series that is short enough comes back as it is. Takes points ascending in x.
 */
export function thin(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const xs = Float64Array.from(points, ({ x }) => x);
  const ys = Float64Array.from(points, ({ y }) => y);
  const thinned: Point[] = [];
  // By bounds and not by a list for each bin: a short report spends its time on first calls.
  for (let start = 0, bin = 0; start < xs.length; bin++) {
    const end = endOfBin(xs, start, bin, limit);
    if (end === start) continue;
    thinned.push({
      x: quantile(xs.subarray(start, end), 0.5)!, // ascending as they are
      y: quantile(ys.subarray(start, end).sort(), 0.5)!,
    });
    start = end;
  }
  return thinned;
}

/**
 * The median of y in each of `count` bins of equal width over x; an empty bin repeats the one before.
 * Takes points ascending in x, at least one.
 */
export function binMedians(points: readonly Point[], count: number): number[] {
  const xs = Float64Array.from(points, ({ x }) => x);
  const ys = Float64Array.from(points, ({ y }) => y);
  let known = ys[0] ?? 0;
  let start = 0;
  return Array.from({ length: count }, (_, bin) => {
    const end = endOfBin(xs, start, bin, count);
    known = quantile(ys.subarray(start, end).sort(), 0.5) ?? known;
    start = end;
    return known;
  });
}

/**
 * The index at which the bin of this number ends that begins at the index `start`, of `count` of
 * equal width over ascending values.
 */
function endOfBin(xs: Float64Array, start: number, bin: number, count: number): number {
  const from = xs[0]!;
  const width = (xs.at(-1)! - from) / count;
  if (bin === count - 1 || width === 0) return xs.length;
  let end = start;
  while (end < xs.length && Math.floor((xs[end]! - from) / width) <= bin) end++;
  return end;
}

/** The median of values in any order; takes at least one. */
export function medianOf(values: readonly number[]): number {
  return quantile(new Float64Array(values).sort(), 0.5) ?? NaN;
}
