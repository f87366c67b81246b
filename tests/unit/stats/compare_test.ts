import { compareDurations, rankTest, thinned } from "../../../src/stats/compare_durations.ts";
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

Deno.test("compareDurations: finds by how much, with its bounds", () => {
  const found = compareDurations(durations(1, 500, 1), durations(2, 700, 1.3));
  assert(found !== undefined && found.isClear);
  assert(found.ratio > 1.2 && found.ratio < 1.4, `${found.ratio}`);
  assert(found.low > 1 && found.low < 1.3 && found.high > 1.3 && found.high < 1.6);
  const back = compareDurations(durations(2, 700, 1.3), durations(1, 500, 1));
  assertAlmostEquals((back?.ratio ?? 0) * found.ratio, 1, 1e-9);
});

Deno.test("compareDurations: the same distribution is told apart in about one case of a hundred", () => {
  let clear = 0;
  for (let run = 0; run < 400; run++) {
    const before = durations(3 + run, 60, 1);
    const after = durations(90_001 + 7 * run, 40, 1);
    if (compareDurations(before, after)?.isClear) clear++;
  }
  assert(clear <= 10, `${clear} of 400`);
});

Deno.test("compareDurations: too few, or all the same, can't be told", () => {
  assertEquals(compareDurations(durations(1, 7, 1), durations(2, 700, 9)), undefined);
  assertEquals(compareDurations([], []), undefined);
  const same = compareDurations(Array(20).fill(0.004), Array(30).fill(0.004));
  assertEquals(same, { ratio: 1, low: 1, high: 1, isClear: false });
});

Deno.test("compareDurations: durations of 0 give finite ratios", () => {
  const found = compareDurations(Array(20).fill(0), Array(20).fill(1));
  assert(found !== undefined && found.isClear);
  assertAlmostEquals(found.ratio, 2000, 1e-6);
});

Deno.test("thinned: few values as they are, of many the quantiles of even steps", () => {
  assertEquals(thinned([1, 2, 3], 3), [1, 2, 3]);
  const many = Array.from({ length: 1001 }, (_, index) => index);
  assertEquals(thinned(many, 4), [125, 375, 625, 875]);
});
