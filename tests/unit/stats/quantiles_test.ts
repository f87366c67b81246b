import {
  leastValues,
  mean,
  quantile,
  quantileIfEnough,
  thinned,
  unionLength,
} from "../../../src/stats/quantiles.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

/** As numpy.quantile(values, p) gives them (its default method, "linear", is type 7). */
const NUMPY: readonly (readonly [values: number[], p: number, expected: number])[] = [
  [[7], 0.5, 7],
  [[7], 0.95, 7],
  [[1, 2], 0.5, 1.5],
  [[1, 2, 3, 4], 0.25, 1.75], // 3 · 0.25 = 0.75 between 1 and 2
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0.95, 3.85], // 3 · 0.95 = 2.85 between 3 and 4
  [[1, 2, 3, 4, 7, 10], 0.5, 3.5], // the example of numpy.percentile: median of 10 7 4 3 2 1
  [[0, 10, 20], 0, 0],
  [[0, 10, 20], 1, 20],
];

for (const [values, p, expected] of NUMPY) {
  Deno.test(`quantile: ${p} of ${values.join(" ")} is ${expected}`, () => {
    assertAlmostEquals(quantile(values, p) ?? NaN, expected, 1e-12);
  });
}

Deno.test("quantile: of nothing is not known", () => {
  assertEquals(quantile([], 0.5), undefined);
});

Deno.test("quantileIfEnough: p50 from 1 value, p95 from 20, p99 from 100", () => {
  const values = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  assertEquals([leastValues(0.5), leastValues(0.95), leastValues(0.99)], [1, 20, 100]);
  assertEquals(quantileIfEnough(values(1), 0.5), 0);
  assertEquals(quantileIfEnough(values(19), 0.95), undefined);
  assertAlmostEquals(quantileIfEnough(values(20), 0.95) ?? NaN, 18.05, 1e-12); // 19 · 0.95
  assertEquals(quantileIfEnough(values(99), 0.99), undefined);
  assertAlmostEquals(quantileIfEnough(values(100), 0.99) ?? NaN, 98.01, 1e-12); // 99 · 0.99
});

Deno.test("mean: the sum over the count, and not known of nothing", () => {
  assertEquals(mean([1, 2, 6]), 3);
  assertEquals(mean([]), undefined);
});

const UNIONS: readonly (readonly [what: string, intervals: [number, number][], length: number])[] =
  [
    ["nothing", [], 0],
    ["one interval", [[1, 4]], 3],
    ["a gap is left out", [[0, 1], [5, 7]], 3],
    ["an overlap counts once", [[0, 4], [2, 6]], 6],
    ["what lies inside adds nothing", [[0, 10], [2, 3], [4, 5]], 10],
    ["intervals that touch", [[0, 1], [1, 2]], 2],
    ["any order", [[5, 7], [0, 2], [1, 3]], 5], // 0–3 and 5–7
    ["the same twice", [[1, 2], [1, 2]], 1],
    ["an empty interval", [[3, 3], [0, 1]], 1],
  ];

for (const [what, intervals, length] of UNIONS) {
  Deno.test(`unionLength: ${what}`, () => {
    assertEquals(
      unionLength(intervals.map(([start]) => start), intervals.map(([, end]) => end)),
      length,
    );
  });
}

Deno.test("thinned: few values as they are, of many the quantiles of even steps", () => {
  assertEquals(thinned([1, 2, 3], 3), [1, 2, 3]);
  const many = Array.from({ length: 1001 }, (_, index) => index);
  assertEquals(thinned(many, 4), [125, 375, 625, 875]);
});
