import { binMedians, medianOf, type Point, type Slope, theilSen, thin } from "./trend.ts";

/**
 * What a series of resident sizes looks like. `leak`: grows steadily to the end. `step`: grew, half
 * of it or more at once. `settled`: grew, and stopped. `uneven`: grew, with falls between.
 */
export type MemoryVerdict =
  | "leak"
  | "step"
  | "settled"
  | "uneven"
  | "steady"
  | "shrinks"
  | "too few";

/**
 * How the resident set of one process went over time: sizes in KiB, times in seconds, the slope in
 * KiB a second.
 */
export interface MemoryTrend {
  readonly first: number;
  readonly last: number;
  /** From the first point to the last. */
  readonly seconds: number;
  /** How many points there were, and how many the slope rests on. */
  readonly points: number;
  readonly used: number;
  readonly slope: Slope | undefined;
  /** The greatest rise from one point to the next: its size, and the index of the later point. */
  readonly biggestStep: { readonly size: number; readonly index: number } | undefined;
  /** The medians of the sizes, KiB, in each of `LEVELS` equal parts of the time. */
  readonly levels: readonly number[];
  readonly verdict: MemoryVerdict;
}

/** The number of equal parts of the time that `MemoryTrend.levels` has a median of. */
export const LEVELS = 16;
/** What a series must come to for the verdict `leak`, as `--help` states it; `growth` in KiB. */
export const LEAK_RULE = { points: 20, seconds: 600, growth: 50 * 1024 } as const;
/**
 * The least part of the growth in the last quarter: a line over all points would gain a third of
 * its growth from the third quarter's to the fourth's median.
 */
const STILL_GROWING = 1 / 6;

/**
 * The trend of resident sizes (y in KiB) over time (x in seconds), given in order of time. The slope
 * rests on `limit` points at most (see `thin`). Returns `undefined` where there are no points.
 */
export function memoryTrend(points: readonly Point[], limit = 500): MemoryTrend | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const used = thin(points, limit);
  const slope = theilSen(used);
  const biggestStep = greatestRise(points);
  return {
    first: first.y,
    last: last.y,
    seconds: last.x - first.x,
    points: points.length,
    used: used.length,
    slope,
    biggestStep,
    levels: binMedians(points, LEVELS),
    verdict: verdictOn(points, slope, biggestStep?.size ?? 0),
  };
}

function greatestRise(points: readonly Point[]): MemoryTrend["biggestStep"] {
  let greatest: MemoryTrend["biggestStep"];
  for (let index = 1; index < points.length; index++) {
    const size = (points[index]?.y ?? 0) - (points[index - 1]?.y ?? 0);
    if (size > (greatest?.size ?? 0)) greatest = { size, index };
  }
  return greatest;
}

/**
 * Returns the slope, KiB a second, of a series whose verdict by `memoryTrend` is `leak`, and `undefined`
 * where it is another, which takes much less time to tell.
 */
export function leakSlope(points: readonly Point[], limit: number): Slope | undefined {
  if (isTooFew(points) || !mayLeak(points)) return undefined;
  const slope = theilSen(thin(points, limit));
  return slope === undefined || slope.low <= 0 ? undefined : slope;
}

/** Whether a series can be a leak, as far as that is told without its slope. */
function mayLeak(points: readonly Point[]): boolean {
  const [q1 = 0, q2 = 0, q3 = 0, q4 = 0] = quarterMedians(points);
  const growth = q4 - q1;
  return growth >= LEAK_RULE.growth && q1 < q2 && q2 < q3 && q3 < q4 &&
    q4 - q3 >= growth * STILL_GROWING && (greatestRise(points)?.size ?? 0) < growth / 2;
}

function isTooFew(points: readonly Point[]): boolean {
  const span = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0);
  return points.length < LEAK_RULE.points || span < LEAK_RULE.seconds;
}

function verdictOn(
  points: readonly Point[],
  slope: Slope | undefined,
  step: number,
): MemoryVerdict {
  if (slope === undefined || isTooFew(points)) return "too few";
  const [q1 = 0, q2 = 0, q3 = 0, q4 = 0] = quarterMedians(points);
  const growth = q4 - q1;
  if (slope.high < 0 && growth <= -LEAK_RULE.growth) return "shrinks";
  if (slope.low <= 0 || growth < LEAK_RULE.growth) return "steady";
  if (step >= growth / 2) return "step";
  if (q4 - q3 < growth * STILL_GROWING) return "settled";
  return q1 < q2 && q2 < q3 && q3 < q4 ? "leak" : "uneven";
}

/** The medians of y in the first, second, third and fourth quarter of the points. */
export function quarterMedians(points: readonly Point[]): number[] {
  return [0, 1, 2, 3].map((quarter) => {
    const part = points.slice(
      Math.floor(points.length * quarter / 4),
      Math.max(1, Math.floor(points.length * (quarter + 1) / 4)),
    );
    return medianOf(part.map(({ y }) => y));
  });
}
