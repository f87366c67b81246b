import { erfc, mannWhitney } from "../../../src/stats/mann_whitney.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

Deno.test("mannWhitney: ties share ranks", () => {
  // Of 30 pairs the second is greater in 2 + 3 + 4 + 5 + 5 + 5 = 24, equal in 3: 25.5 / 30 = 0.85.
  // scipy.stats.mannwhitneyu([1..5], [3..8], method="asymptotic") gives p = 0.0660154315.
  const test = mannWhitney([1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 8]);
  assertAlmostEquals(test?.p ?? NaN, 0.0660154315, 1e-7);
  assertAlmostEquals(test?.superiority ?? NaN, 0.85, 1e-12);
});

Deno.test("mannWhitney: the same values on both sides say nothing", () => {
  const same = mannWhitney([1, 2, 3], [1, 2, 3]);
  assertEquals(same?.superiority, 0.5);
  assertAlmostEquals(same?.p ?? NaN, 1, 1e-6);
  assertEquals(mannWhitney([5, 5], [5, 5]), undefined);
  assertEquals(mannWhitney([], [1]), undefined);
});

Deno.test("mannWhitney: a clear difference is improbable by chance, whichever side is greater", () => {
  const low = Array.from({ length: 50 }, (_, i) => i);
  const high = low.map((value) => value + 40);
  // 40 … 49 are greater than 40.5 … 49.5 values (ties half), 45 on average: 10 · 45 + 40 · 50 = 2450 of 2500.
  assertAlmostEquals(mannWhitney(low, high)?.superiority ?? NaN, 0.98, 1e-12);
  assertAlmostEquals(mannWhitney(high, low)?.superiority ?? NaN, 0.02, 1e-12);
  assertEquals((mannWhitney(low, high)?.p ?? 1) < 1e-9, true);
});

Deno.test("erfc: as tables have it", () => {
  assertAlmostEquals(erfc(0), 1, 1.2e-7);
  assertAlmostEquals(erfc(1), 0.157299207, 1.2e-7); // Abramowitz and Stegun, table 7.1
  assertAlmostEquals(erfc(2), 0.004677735, 1.2e-7);
});
