import type { CallColumns } from "../calls/call_columns.ts";
import { numberOf } from "../calls/call_state.ts";
import { MEMORY_RSS } from "../row/row_view.ts";

const ERROR = numberOf("error");

/** The time is cut into so many parts, each hardly wider than a pixel. */
const PARTS = 800;
/** Of a part the first and last call, those with least and most memory, the longest, and one that failed. */
const KEPT = 6;

/** As many calls as can be seen, of up to 500,000; places of calls, ascending. */
export function thinCalls(columns: CallColumns, calls: Int32Array): Int32Array {
  if (calls.length <= PARTS * KEPT) return calls;
  const { time, duration, status } = columns;
  const { start, end } = columns.figures(MEMORY_RSS);
  const rssOf = (call: number): number => end[call] === end[call] ? end[call]! : start[call]!; // not NaN
  const from = time[calls[0]!]!;
  const scale = PARTS / (time[calls[calls.length - 1]!]! - from || 1);
  const kept = new Int32Array(PARTS * KEPT).fill(-1);
  for (let at = 0; at < calls.length; at++) {
    const call = calls[at]!;
    const first = KEPT * Math.min(PARTS - 1, Math.floor((time[call]! - from) * scale));
    if (kept[first] === -1) kept.fill(call, first, first + KEPT - 1);
    const rss = rssOf(call);
    kept[first + 1] = call;
    if (rss < rssOf(kept[first + 2]!)) kept[first + 2] = call;
    if (rss > rssOf(kept[first + 3]!)) kept[first + 3] = call;
    if (duration[call]! > duration[kept[first + 4]!]!) kept[first + 4] = call;
    if (status[call] === ERROR) kept[first + 5] = call;
  }
  return Int32Array.from(new Set(kept.filter((call) => call >= 0).sort()));
}
