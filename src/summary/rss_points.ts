import type { Call } from "../calls/call.ts";
import type { Point } from "../stats/trend.ts";

/** The resident set of the client at one row. */
export interface RssPoint extends Point {
  readonly call: Call;
  readonly isEnd: boolean;
}

/** The resident sizes (y, KiB) that the rows of calls have, over time (x, seconds since the epoch), in order of time. */
export function rssPoints(calls: readonly Call[]): RssPoint[] {
  const points: RssPoint[] = [];
  for (const call of calls) {
    const { start, end } = call;
    if (start?.memoryRss !== undefined) {
      points.push({ x: start.timestamp, y: start.memoryRss, call, isEnd: false });
    }
    if (end?.memoryRss !== undefined) {
      points.push({ x: end.timestamp, y: end.memoryRss, call, isEnd: true });
    }
  }
  return points.sort((a, b) => a.x - b.x);
}
