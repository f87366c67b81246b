import type { Call } from "../calls/call.ts";
import type { CallList } from "../calls/call_list.ts";
import { MEMORY_RSS, SESSION_ID } from "../row/row_view.ts";
import { LEAK_RULE, leakSlope } from "../stats/memory_trend.ts";
import type { Point, Slope } from "../stats/trend.ts";

/** A session whose memory grows without an end in sight. */
export interface Growth {
  readonly sessionId: string;
  /** KiB a second. */
  readonly slope: Slope;
  /** What it gained while it was seen, KiB, for how long, seconds, and until when, since the epoch. */
  readonly gain: number;
  readonly seconds: number;
  readonly until: number;
}

/** So many sessions, those that gained most, are looked at closely, each on so many points. */
const CANDIDATES = 5;
const POINTS = 100;

/** The session that leaks most, by the lower end of its slope's interval. */
export function steepestGrowth(list: CallList): Growth | undefined {
  const { names } = list.columns.texts(SESSION_ID);
  const { ranges, numbers } = rssRanges(list);
  const candidates = ranges
    .filter(({ gain, seconds }) => gain >= LEAK_RULE.growth && seconds >= LEAK_RULE.seconds)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, CANDIDATES);
  const series = rssPointsOf(list, numbers, candidates);
  return candidates
    .flatMap(({ session }, candidate): Growth[] => {
      const points = series[candidate]!;
      const slope = leakSlope(points, POINTS);
      const sessionId = names.text(session);
      if (slope === undefined || sessionId === undefined) return [];
      const [first, last] = [points[0]!, points.at(-1)!]; // a slope has points
      const seconds = last.x - first.x;
      return [{ sessionId, slope, gain: last.y - first.y, seconds, until: last.x }];
    })
    .sort((a, b) => b.slope.low - a.slope.low)[0];
}

/** Tells what may grow apart: a session that is resumed goes on in another process. */
export function seriesKey(call: Call): string {
  return `${call.sessionId} ${call.process}`;
}

/** What the memory of one process did while it worked for one session, as by `seriesKey`. */
interface RssRange {
  readonly number: number;
  /** The number of the session's id. */
  readonly session: number;
  readonly from: number;
  readonly least: number;
  /** KiB above the least so far, and seconds since the first call, at the newest call. */
  gain: number;
  seconds: number;
}

/** What each session's process gained from its first to its newest call; and by call the number of its range, −1 for none. */
function rssRanges({ columns, indices }: CallList): { ranges: RssRange[]; numbers: Int32Array } {
  const { time, endTime, process, processes } = columns;
  const { start, end } = columns.figures(MEMORY_RSS);
  const sessions = columns.texts(SESSION_ID).numbers;
  const ranges: RssRange[] = [];
  const numbers = new Int32Array(indices.length).fill(-1);
  const byKey = new Map<number, number>();
  /** By process, the range of its newest call and whose it is: most work for one session. */
  const newest = new Int32Array(processes + 1).fill(-1);
  const owner = new Int32Array(processes + 1);
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const session = sessions[call]!;
    if (session === 0) continue;
    const client = process[call]!;
    const key = session * newest.length + client;
    let number = owner[client] === session ? newest[client]! : byKey.get(key) ?? -1;
    const hasEnd = endTime[call] === endTime[call]; // NaN is not itself
    const rss = hasEnd ? end[call]! : start[call]!;
    if (rss === rss) {
      if (number < 0) {
        number = ranges.length;
        ranges.push({ number, session, from: time[call]!, least: rss, gain: 0, seconds: 0 });
        byKey.set(key, number);
      }
      newest[client] = number;
      owner[client] = session;
      const range = ranges[number]!;
      range.gain = rss - range.least;
      range.seconds = time[call]! - range.from;
    }
    numbers[at] = number;
  }
  return { ranges, numbers };
}

/** By range, the resident sizes that the rows of its calls have, as `rssPoints` gives them. */
function rssPointsOf(
  { columns, indices }: CallList,
  numbers: Int32Array,
  ranges: readonly RssRange[],
): Point[][] {
  const { time, endTime } = columns;
  const { start, end } = columns.figures(MEMORY_RSS);
  const series = ranges.map((): Point[] => []);
  const byNumber: (Point[] | undefined)[] = [];
  ranges.forEach(({ number }, range) => byNumber[number] = series[range]);
  for (let at = 0; at < indices.length; at++) {
    const number = numbers[at]!;
    const points = number < 0 ? undefined : byNumber[number];
    if (points === undefined) continue;
    const call = indices[at]!;
    if (start[call] === start[call]) points.push({ x: time[call]!, y: start[call]! }); // not NaN
    if (end[call] === end[call]) points.push({ x: endTime[call]!, y: end[call]! });
  }
  return series.map((points) => points.sort((a, b) => a.x - b.x));
}

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
