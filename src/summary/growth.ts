import type { Call } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";
import type { CallList } from "../calls/call_list.ts";
import { MEMORY_RSS, SESSION_ID } from "../row/row_view.ts";
import { firstPlace } from "../stats/first_place.ts";
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

/** Which calls one process made for one session: by call the number of its series, −1 where its session is not known. */
export interface Series {
  readonly numbers: Int32Array;
  readonly count: number;
}

/** The series of all calls. A session that is resumed goes on in another process. */
export function seriesOf(columns: CallColumns): Series {
  const { process, processes } = columns;
  const sessions = columns.texts(SESSION_ID).numbers;
  const numbers = new Int32Array(columns.size).fill(-1);
  const byKey = new Map<number, number>();
  /** By process, the series of its newest call and whose it is: most work for one session. */
  const newest = new Int32Array(processes + 1);
  const owner = new Int32Array(processes + 1);
  for (let call = 0; call < numbers.length; call++) {
    const session = sessions[call]!;
    if (session === 0) continue;
    const client = process[call]!;
    if (owner[client] !== session) {
      const key = session * newest.length + client;
      const number = byKey.get(key) ?? byKey.size;
      byKey.set(key, number);
      newest[client] = number;
      owner[client] = session;
    }
    numbers[call] = newest[client]!;
  }
  return { numbers, count: byKey.size };
}

/** The session that leaks most, by the lower end of its slope's interval. `series` are those of all calls in the list's columns. */
export function steepestGrowth(
  list: CallList,
  series: Series = seriesOf(list.columns),
): Growth | undefined {
  const { names } = list.columns.texts(SESSION_ID);
  const candidates = rssRanges(list, series)
    .filter(({ gain, seconds }) => gain >= LEAK_RULE.growth && seconds >= LEAK_RULE.seconds)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, CANDIDATES);
  return candidates
    .flatMap((range): Growth[] => {
      const points = rssPointsOf(list, series, range);
      const slope = leakSlope(points, POINTS);
      const sessionId = names.text(range.session);
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

/** What the memory of one process did while it worked for one session, from the first call to the newest. */
interface RssRange {
  /** The number of the series. */
  readonly number: number;
  /** The number of the session's id. */
  readonly session: number;
  readonly first: number;
  readonly last: number;
  /** KiB, and seconds. */
  readonly gain: number;
  readonly seconds: number;
}

/** What each session's process gained from its first to its newest call. */
function rssRanges({ columns, indices }: CallList, { numbers, count }: Series): RssRange[] {
  const { time, endTime } = columns;
  const { start, end } = columns.figures(MEMORY_RSS);
  const sessions = columns.texts(SESSION_ID).numbers;
  // NaN is not itself.
  const rssOf = (call: number): number =>
    endTime[call] === endTime[call] ? end[call]! : start[call]!;
  const firsts = new Int32Array(count).fill(-1);
  const lasts = new Int32Array(count);
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const number = numbers[call]!;
    if (number < 0 || rssOf(call) !== rssOf(call)) continue; // NaN
    if (firsts[number]! < 0) firsts[number] = call;
    lasts[number] = call;
  }
  const ranges: RssRange[] = [];
  firsts.forEach((first, number) => {
    if (first < 0) return;
    const last = lasts[number]!;
    const gain = rssOf(last) - rssOf(first);
    const seconds = time[last]! - time[first]!;
    ranges.push({ number, session: sessions[last]!, first, last, gain, seconds });
  });
  return ranges;
}

/** The resident sizes that the rows of a range's calls have, as `rssPoints` gives them. */
function rssPointsOf(
  { columns, indices }: CallList,
  { numbers }: Series,
  { number, first, last }: RssRange,
): Point[] {
  const { time, endTime } = columns;
  const { start, end } = columns.figures(MEMORY_RSS);
  const points: Point[] = [];
  const from = firstPlace(indices.length, (at) => indices[at]! >= first);
  for (let at = from; at < indices.length && indices[at]! <= last; at++) {
    const call = indices[at]!;
    if (numbers[call] !== number) continue;
    if (start[call] === start[call]) points.push({ x: time[call]!, y: start[call]! }); // not NaN
    if (end[call] === end[call]) points.push({ x: endTime[call]!, y: end[call]! });
  }
  return points.sort((a, b) => a.x - b.x);
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
