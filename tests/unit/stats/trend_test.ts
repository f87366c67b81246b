import { medianOf, type Point, theilSen, thin } from "../../../src/stats/trend.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

const line = (...values: number[]): Point[] => values.map((y, x) => ({ x, y }));

/** As scipy.stats.theilslopes(y, x, 0.95) gives them. */
const SCIPY: readonly (readonly [points: Point[], slope: number, low: number, high: number])[] = [
  // 15 slopes; the 8th of 2 -1 3 2 -1 | 1/2 2/3 … is 4/3.
  [line(1, 3, 2, 5, 7, 6), 4 / 3, -1, 2.5],
  // Two points at x = 1 make no pair: 14 slopes, the median between 1.25 and 4/3.
  [
    [[0, 1], [1, 1], [1, 2], [3, 5], [4, 7], [5, 6]].map(([x = 0, y = 0]) => ({ x, y })),
    31 / 24,
    0,
    2,
  ],
];

for (const [points, slope, low, high] of SCIPY) {
  Deno.test(`theilSen: slope ${slope.toFixed(3)}, from ${low} to ${high}`, () => {
    const found = theilSen(points);
    assertAlmostEquals(found?.slope ?? NaN, slope, 1e-12);
    assertAlmostEquals(found?.low ?? NaN, low, 1e-12);
    assertAlmostEquals(found?.high ?? NaN, high, 1e-12);
  });
}

Deno.test("theilSen: one wild value in ten does not move a line", () => {
  const points = line(0, 2, 4, 6, 8, 1000, 12, 14, 16, 18);
  assertEquals(theilSen(points)?.slope, 2);
});

Deno.test("theilSen: no slope of one point, nor of points at the same x", () => {
  assertEquals(theilSen([]), undefined);
  assertEquals(theilSen(line(1)), undefined);
  assertEquals(theilSen([{ x: 1, y: 1 }, { x: 1, y: 2 }]), undefined);
});

Deno.test("thin: the medians of equal bins, gaps left out; short series as they are", () => {
  const points = [[0, 1], [1, 5], [2, 3], [90, 7], [100, 9]].map(([x = 0, y = 0]) => ({ x, y }));
  // Bins of 25: 0 to 2 (medians 1 and 3), nothing, nothing, 90 and 100 (medians 95 and 8).
  assertEquals(thin(points, 4), [{ x: 1, y: 3 }, { x: 95, y: 8 }]);
  assertEquals(thin(points, 5), points);
});

Deno.test("thin: a long line keeps its slope", () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({ x, y: 3 * x }));
  const thinned = thin(points, 500);
  assertEquals(thinned.length, 500);
  assert(Math.abs((theilSen(thinned)?.slope ?? 0) - 3) < 1e-9);
});

Deno.test("medianOf: between the two in the middle", () => {
  assertEquals(medianOf([9, 1, 2, 4]), 3);
});
