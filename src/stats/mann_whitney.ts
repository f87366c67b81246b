/** What a rank test says of two samples. */
export interface RankTest {
  /** How probable so great a difference is by chance, both sides, 0 … 1. */
  readonly p: number;
  /** How often a value of the second sample is the greater one, ties counting half, 0 … 1. */
  readonly superiority: number;
}

/**
 * The rank test of Mann and Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other" (1947): by the normal approximation with the corrections for
 * ties and continuity, which is good from some ten values a side. Takes both samples ascending, and
 * their values as independent. `undefined` where a sample is empty or all values are the same.
 */
export function mannWhitney(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): RankTest | undefined {
  const m = first.length;
  const n = second.length;
  const total = m + n;
  const { rankSum, tieSum } = rankSecond(first, second);
  const u = rankSum - n * (n + 1) / 2;
  const variance = m * n / 12 * (total + 1 - tieSum / (total * (total - 1)));
  if (m === 0 || n === 0 || !(variance > 0)) return undefined;
  const z = Math.max(0, Math.abs(u - m * n / 2) - 0.5) / Math.sqrt(variance);
  return { p: Math.min(1, erfc(z / Math.SQRT2)), superiority: u / (m * n) };
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

/** Factors of the Chebyshev fit to erfc: Press et al., "Numerical Recipes in C" (1992), section 6.2. */
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
