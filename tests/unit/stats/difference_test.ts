import { chanceOf, difference, erfc, rankTest } from "../../../src/stats/difference.ts";
import { quantile } from "../../../src/stats/quantiles.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

/** Values that repeat from run to run (a linear congruential generator), between 0 and 1. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function durations(seed: number, count: number, scale: number): number[] {
  const source = random(seed);
  const next = (): number => source.next().value;
  return Array.from({ length: count }, () => scale * Math.exp(next() + next() + next()))
    .sort((a, b) => a - b);
}

Deno.test("rankTest: the textbook case without ties", () => {
  // U of `after` is 16 + 3 = 4 × 6 - 5 pairs in the wrong order; mean 12, variance 4 × 6 × 11 / 12 = 22.
  const z = rankTest([1, 2, 3, 8], [4, 5, 6, 7, 9, 10]);
  assertAlmostEquals(z, (20 - 12 - 0.5) / Math.sqrt(22), 1e-12);
});

Deno.test("rankTest: ties share their ranks and lessen the variance", () => {
  // before 1 1 2, after 1 2 2: ranks 2 2 2 5 5 5, rank sum of after 12, U 6 of 9, mean 4.5;
  // variance 9 / 12 × (7 - (24 + 24) / (6 × 5)) = 4.05.
  assertAlmostEquals(rankTest([1, 1, 2], [1, 2, 2]), (6 - 4.5 - 0.5) / Math.sqrt(4.05), 1e-12);
  assertAlmostEquals(rankTest([1, 2, 2], [1, 1, 2]), -(6 - 4.5 - 0.5) / Math.sqrt(4.05), 1e-12);
  assertEquals(rankTest([1, 1, 1], [1, 1]), 0);
});

Deno.test("difference: finds by how much, with its bounds", () => {
  const found = difference(durations(1, 500, 1), durations(2, 700, 1.3));
  assert(found !== undefined);
  assertEquals(found.verdict, "slower");
  assert(found.ratio > 1.2 && found.ratio < 1.4, `${found.ratio}`);
  assert(found.low > 1 && found.low < 1.3 && found.high > 1.3 && found.high < 1.6);
  const back = difference(durations(2, 700, 1.3), durations(1, 500, 1));
  assertAlmostEquals((back?.ratio ?? 0) * found.ratio, 1, 1e-9);
  assertEquals([back?.verdict, back?.p], ["faster", found.p]);
});

Deno.test("difference: the ratio is the median of all ratios, the bounds are the 99 % range's", () => {
  const [before, after] = [durations(11, 30, 1), durations(12, 41, 1.2)];
  const ratios = after.flatMap((b) => before.map((a) => Math.log(b / a))).sort((a, b) => a - b);
  const spread = 2.5758293035489 * Math.sqrt(72 / (12 * 30 * 41));
  const found = difference(before, after);
  for (const [key, p] of [["low", 0.5 - spread], ["ratio", 0.5], ["high", 0.5 + spread]] as const) {
    assertAlmostEquals(found?.[key] ?? 0, Math.exp(quantile(ratios, p) ?? 0), 1e-12);
  }
});

Deno.test("difference: the same distribution is told apart in about one case of a hundred", () => {
  let clear = 0;
  for (let run = 0; run < 400; run++) {
    const before = durations(3 + run, 60, 1);
    const after = durations(90_001 + 7 * run, 40, 1);
    if (difference(before, after)?.verdict !== undefined) clear++;
  }
  assert(clear <= 10, `${clear} of 400`);
});

Deno.test("difference: too few, or all the same, can't be told", () => {
  assertEquals(difference(durations(1, 7, 1), durations(2, 700, 9)), undefined);
  assertEquals(difference([], []), undefined);
  const same = difference(Array(20).fill(0.004), Array(30).fill(0.004));
  assertEquals(same, { ratio: 1, low: 1, high: 1, p: 1, verdict: undefined });
});

Deno.test("difference: durations of 0 give finite ratios", () => {
  const found = difference(Array(20).fill(0), Array(20).fill(1));
  assertEquals(found?.verdict, "slower");
  assertAlmostEquals(found?.ratio ?? 0, 2000, 1e-6);
});

Deno.test("difference: where a range of all ratios holds 1, the rank test alone is no verdict", () => {
  // Many ties lessen the rank test's variance, not the range: it reaches 1 where half of all pairs are the same.
  const before = [...Array(190).fill(0.01), ...Array(10).fill(0.02)];
  const after = [...Array(170).fill(0.01), ...Array(30).fill(0.02)];
  const found = difference(before, after);
  assert(found !== undefined && found.p < 0.01, `${found?.p}`);
  assertEquals([found.low, found.ratio, found.high, found.verdict], [1, 1, 1, undefined]);
});

Deno.test("chanceOf: of a rank test with ties, as scipy has it", () => {
  // scipy.stats.mannwhitneyu([1..5], [3..8], method="asymptotic") gives p = 0.0660154315.
  const z = rankTest([1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 8]);
  assertAlmostEquals(chanceOf(z), 0.0660154315, 1e-7);
  assertAlmostEquals(chanceOf(-z), 0.0660154315, 1e-7);
  assertEquals(z > 0, true);
});

Deno.test("rankTest: the same values on both sides say nothing, nor does an empty side", () => {
  assertAlmostEquals(chanceOf(rankTest([1, 2, 3], [1, 2, 3])), 1, 1e-6);
  assertEquals(rankTest([5, 5], [5, 5]), 0);
  assertEquals(rankTest([], [1]), 0);
});

Deno.test("rankTest: a clear difference is improbable by chance, whichever side is greater", () => {
  const low = Array.from({ length: 50 }, (_, i) => i);
  const high = low.map((value) => value + 40);
  assertEquals(rankTest(low, high), -rankTest(high, low));
  assertEquals(chanceOf(rankTest(low, high)) < 1e-9, true);
});

Deno.test("erfc: as tables have it", () => {
  assertAlmostEquals(erfc(0), 1, 1.2e-7);
  assertAlmostEquals(erfc(1), 0.157299207, 1.2e-7); // Abramowitz and Stegun, table 7.1
  assertAlmostEquals(erfc(2), 0.004677735, 1.2e-7);
});
