import { LEVELS, memoryTrend, quarterMedians } from "../../../src/stats/memory_trend.ts";
import type { Point } from "../../../src/stats/trend.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

const MIB = 1024;

/** Forty points a minute apart, the resident size in MiB by the index. */
function series(mebibytes: (index: number) => number): Point[] {
  return Array.from({ length: 40 }, (_, index) => ({
    x: 60 * index,
    y: mebibytes(index) * MIB,
  }));
}

/** A saw tooth of 8 MiB, as a garbage collector leaves it. */
const saw = (index: number): number => 4 * (index % 3);

const VERDICTS: readonly (readonly [what: string, points: Point[], verdict: string])[] = [
  ["grows by 5 MiB a minute", series((i) => 400 + 5 * i + saw(i)), "leak"],
  ["stays", series((i) => 400 + saw(i)), "steady"],
  ["grows by 1 MiB a minute: 30 MiB from quarter to quarter", series((i) => 400 + i), "steady"],
  ["jumps by 200 MiB half-way", series((i) => (i < 20 ? 400 : 600) + i / 10), "step"],
  ["grows for half the time", series((i) => 400 + 10 * Math.min(i, 20) + i / 100), "settled"],
  [
    "rises, falls, and rises again",
    series((i) => i < 15 ? 20 * i : i < 25 ? 400 - 8 * i : 20 * i - 300),
    "uneven",
  ],
  ["shrinks by 5 MiB a minute", series((i) => 800 - 5 * i), "shrinks"],
  ["nineteen points", series((i) => 400 + 5 * i).slice(0, 19), "too few"],
  [
    "forty points in nine minutes",
    series((i) => 5 * i).map(({ x, y }) => ({ x: x / 5, y })),
    "too few",
  ],
];

for (const [what, points, verdict] of VERDICTS) {
  Deno.test(`memoryTrend: ${what}: ${verdict}`, () => {
    assertEquals(memoryTrend(points)?.verdict, verdict);
  });
}

Deno.test("memoryTrend: first, last, slope, biggest step", () => {
  const trend = memoryTrend(series((i) => 400 + 5 * i + (i >= 30 ? 20 : 0)));
  // 39 steps of 5 MiB and 20 besides; at index 30 the step is 25.
  assertEquals([trend?.first, trend?.last], [400 * MIB, 615 * MIB]);
  assertEquals(trend?.biggestStep, { size: 25 * MIB, index: 30 });
  assertEquals(trend?.levels.length, LEVELS);
  // Most pairs lie on one side of the step: their slope is 5 MiB a minute.
  assertAlmostEquals((trend?.slope?.slope ?? NaN) * 60 / MIB, 5, 0.7);
});

Deno.test("memoryTrend: nothing, and a single point", () => {
  assertEquals(memoryTrend([]), undefined);
  const one = memoryTrend([{ x: 1, y: 7 }]);
  assertEquals([one?.first, one?.last, one?.slope, one?.verdict], [7, 7, undefined, "too few"]);
});

Deno.test("quarterMedians: of the points, not of the time", () => {
  const points = [1, 3, 5, 7, 20, 22, 40, 44].map((y, index) => ({ x: index ** 3, y }));
  assertEquals(quarterMedians(points), [2, 6, 21, 42]);
});
