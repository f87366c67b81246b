import { thinned } from "./quantiles.ts";

/** By how much the durations of one sample differ from those of another, and whether the data can tell. */
export interface Difference {
  /** After ÷ before, typical of a call: the median of all ratios (Hodges–Lehmann). Above 1: slower. */
  readonly ratio: number;
  /** The bounds that hold `ratio` with 99 % confidence (Moses). */
  readonly low: number;
  readonly high: number;
  /** How probable so great a difference is by chance alone, both directions together, 0 … 1. */
  readonly p: number;
  /** `undefined` where the data can't tell. */
  readonly verdict: "slower" | "faster" | undefined;
}

/** The number of values that either sample must have: the test's normal approximation needs them. */
const LEAST_COMPARABLE = 8;

/** A verdict needs a chance below this. */
const LEVEL = 0.01;

/** The standard normal quantile of 99.5 %: two-sided 1 %. */
const CRITICAL_Z = 2.5758293035489004;

/** The shortest duration that ratios are taken of, seconds: they come in whole milliseconds, 0 too. */
const LEAST_SECONDS = 0.0005;

/** The number of quantiles of each sample whose ratios stand for those of all pairs. */
const GRID = 300;

/**
 * Tells whether calls became slower or faster, and by how much: perfmon's one answer to that question.
 * Takes two samples of durations in seconds, both ascending; returns `undefined` where one has fewer
 * than `LEAST_COMPARABLE`.
 *
 * The verdict is that of the rank test of Mann and Whitney, "On a test of whether one of two random
 * variables is stochastically larger than the other" (1947), at the 1 % level, where the interval that
 * belongs to it agrees, that is, does not hold 1. Ranks, unlike means and medians, are hardly moved by
 * single long calls or by where in a distribution of several humps the middle happens to fall. The
 * ratio is Hodges and Lehmann's estimate of shift on logarithms, with the distribution-free interval of
 * Moses: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 4.1 to 4.3. Both take the
 * calls as independent of each other.
 */
export function difference(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): Difference | undefined {
  if (Math.min(before.length, after.length) < LEAST_COMPARABLE) return undefined;
  const [from, to] = [logarithms(before), logarithms(after)];
  const pairs = before.length * after.length;
  const spread = CRITICAL_Z * Math.sqrt((before.length + after.length + 1) / (12 * pairs));
  const at = (p: number): number =>
    Math.exp(quantileOfShifts(from, to, Math.min(1, Math.max(0, p))));
  const [low, ratio, high] = [at(0.5 - spread), at(0.5), at(0.5 + spread)];
  const p = chanceOf(rankTest(before, after));
  const isClear = p < LEVEL && (low > 1 || high < 1);
  const verdict = !isClear ? undefined : ratio > 1 ? "slower" : "faster";
  return { ratio, low, high, p, verdict };
}

/** The natural logarithms of ascending durations, or of `GRID` quantiles of more; ascending. */
function logarithms(durations: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    thinned(durations, GRID),
    (seconds) => Math.log(Math.max(LEAST_SECONDS, seconds)),
  );
}

/** The quantile `p` (type 7) of `b - a` over all pairs of values of two ascending samples. */
function quantileOfShifts(from: Float64Array, to: Float64Array, p: number): number {
  const position = (from.length * to.length - 1) * p;
  const below = shiftAt(Math.floor(position), from, to);
  const above = shiftAt(Math.ceil(position), from, to);
  return below + (above - below) * (position - Math.floor(position));
}

/** Halving the range of shifts so often leaves less of it than a figure has digits. */
const HALVINGS = 40;

/** The shift at an index of all in ascending order: by bisection, because sorting 90,000 takes 10 ms. */
function shiftAt(index: number, from: Float64Array, to: Float64Array): number {
  let [low, below] = [to[0]! - from.at(-1)! - 1, 0];
  let [high, upTo] = [to.at(-1)! - from[0]!, from.length * to.length];
  for (let step = 0; step < HALVINGS && upTo - below > 1; step++) {
    const middle = (low + high) / 2;
    const count = countUpTo(middle, from, to);
    if (count > index) [high, upTo] = [middle, count];
    else [low, below] = [middle, count];
  }
  return leastAbove(low, from, to);
}

/** The number of pairs of values whose shift is no more than `limit`. */
function countUpTo(limit: number, from: Float64Array, to: Float64Array): number {
  let count = 0;
  let j = 0;
  for (let i = 0; i < from.length; i++) {
    while (j < to.length && to[j]! - from[i]! <= limit) j++;
    count += j;
  }
  return count;
}

/** The least shift above `limit`. */
function leastAbove(limit: number, from: Float64Array, to: Float64Array): number {
  let least = Infinity;
  let j = 0;
  for (let i = 0; i < from.length; i++) {
    while (j < to.length && to[j]! - from[i]! <= limit) j++;
    if (j < to.length) least = Math.min(least, to[j]! - from[i]!);
  }
  return least;
}

/**
 * Returns the z of the Mann–Whitney rank test with the corrections for ties and for continuity: above 0
 * where the second sample tends to be greater, 0 where one is empty or all values are the same. Takes
 * both samples ascending.
 */
export function rankTest(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const [m, n] = [first.length, second.length];
  const total = m + n;
  const { rankSum, tieSum } = rankSecond(first, second);
  const excess = rankSum - n * (n + 1) / 2 - m * n / 2;
  const variance = m * n / 12 * (total + 1 - tieSum / (total * (total - 1)));
  if (!(variance > 0)) return 0;
  return Math.sign(excess) * Math.max(0, Math.abs(excess) - 0.5) / Math.sqrt(variance);
}

/** The sum of the second sample's ranks among all values, ties sharing the mean; and Σ t³ − t over ties. */
function rankSecond(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { rankSum: number; tieSum: number } {
  let rankSum = 0;
  let tieSum = 0;
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const value = Math.min(first[i] ?? Infinity, second[j] ?? Infinity);
    const before = i + j;
    const secondBefore = j;
    while (i < first.length && (first[i] ?? 0) <= value) i++;
    while (j < second.length && (second[j] ?? 0) <= value) j++;
    const tied = i + j - before;
    rankSum += (j - secondBefore) * (before + (tied + 1) / 2);
    tieSum += tied ** 3 - tied;
  }
  return { rankSum, tieSum };
}

/** The chance, 0 … 1, that a standard normal value lies as far from 0 as `z` or farther, to either side. */
export function chanceOf(z: number): number {
  return Math.min(1, erfc(Math.abs(z) / Math.SQRT2));
}

/** The factors of the Chebyshev fit to erfc: Press et al., "Numerical Recipes in C" (1992), section 6.2. */
const ERFC = [
  -1.26551223,
  1.00002368,
  0.37409196,
  0.09678418,
  -0.18628806,
  0.27886807,
  -1.13520398,
  1.48851587,
  -0.82215223,
  0.17087277,
];

/** The complementary error function for x from 0 up; its relative error is below 1.2e-7. */
export function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const series = ERFC.reduceRight((sum, factor) => factor + t * sum, 0);
  return t * Math.exp(-x * x + series);
}
