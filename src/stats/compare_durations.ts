import { quantile } from "./quantiles.ts";

/** By how much one set of durations differs from another. */
export interface Difference {
  /** After ÷ before, typical of a call: the median of all ratios (Hodges–Lehmann). Above 1: slower. */
  readonly ratio: number;
  /** The bounds that hold it with 99 % confidence (Moses). */
  readonly low: number;
  readonly high: number;
  /** Whether the data can tell: the rank test says so at 1 %, and the bounds do not include 1. */
  readonly isClear: boolean;
}

/** Fewer values than this on either side say nothing: the test's normal approximation needs them. */
export const LEAST_COMPARABLE = 8;

/** The standard normal quantile of 99.5 %: two-sided 1 %. */
const CRITICAL_Z = 2.5758293035489004;

/** Durations come in whole milliseconds; a ratio needs more than 0. */
const LEAST_SECONDS = 0.0005;

/** The ratios of so many quantiles a side stand for those of all pairs. */
const GRID = 300;

/**
 * Compares two ascending lists of durations, seconds. `undefined` where one has fewer than
 * `LEAST_COMPARABLE`.
 */
export function compareDurations(
  before: readonly number[],
  after: readonly number[],
): Difference | undefined {
  if (Math.min(before.length, after.length) < LEAST_COMPARABLE) return undefined;
  const from = thinned(before, GRID).map(logarithm);
  const to = thinned(after, GRID).map(logarithm);
  const ratios = Float64Array.from(to.flatMap((b) => from.map((a) => b - a))).sort();
  const pairs = before.length * after.length;
  const spread = CRITICAL_Z * Math.sqrt((before.length + after.length + 1) / (12 * pairs));
  const at = (p: number): number => Math.exp(quantile(ratios, Math.min(1, Math.max(0, p))) ?? 0);
  const [low, ratio, high] = [at(0.5 - spread), at(0.5), at(0.5 + spread)];
  const isSignificant = Math.abs(rankTest(before, after)) > CRITICAL_Z;
  return { ratio, low, high, isClear: isSignificant && (low > 1 || high < 1) };
}

function logarithm(seconds: number): number {
  return Math.log(Math.max(LEAST_SECONDS, seconds));
}

/**
 * As they are where they are no more than `count`; else so many quantiles (type 7) at the middles of
 * equal parts. Takes and returns ascending values.
 */
export function thinned(ascending: ArrayLike<number>, count: number): number[] {
  if (ascending.length <= count) return Array.from(ascending);
  return Array.from(
    { length: count },
    (_, index) => quantile(ascending, (index + 0.5) / count) ?? 0,
  );
}

/**
 * The z of the Mann–Whitney rank test with the correction for ties and for continuity (Hollander,
 * Wolfe and Chicken, "Nonparametric Statistical Methods", 4.1); above 0 where `after` tends to be greater.
 * 0 where all values are the same.
 */
export function rankTest(before: readonly number[], after: readonly number[]): number {
  const values = [
    ...before.map((value) => ({ value, isAfter: false })),
    ...after.map((value) => ({ value, isAfter: true })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let first = 0; first < values.length;) {
    let end = first;
    let isAfter = 0;
    for (; end < values.length && values[end]?.value === values[first]?.value; end++) {
      if (values[end]?.isAfter) isAfter++;
    }
    const tied = end - first;
    // Ranks count from 1; tied values share the mean of theirs.
    rankSum += isAfter * (first + end + 1) / 2;
    ties += tied ** 3 - tied;
    first = end;
  }
  const total = values.length;
  const pairs = before.length * after.length;
  const excess = rankSum - after.length * (after.length + 1) / 2 - pairs / 2;
  const variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 0;
  return Math.sign(excess) * Math.max(0, Math.abs(excess) - 0.5) / Math.sqrt(variance);
}
