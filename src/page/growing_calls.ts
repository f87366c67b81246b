import { LEAK_RULE } from "../core/memory_trend.ts";
import { PageCall, type PageCalls } from "../dashboard/page_call.ts";

/** More than `findings` looks at closely: which of them leaks, it says itself. */
const CANDIDATES = 8;

/**
 * Finds, of up to 500,000 calls, those of the sessions' processes that gained most memory: all that
 * the search for growth in `findings` needs.
 */
export class GrowingCalls {
  /** By call, the number of its session's process; -1 without a session. */
  private readonly series: Int32Array;
  private count = 0;

  constructor(private readonly page: PageCalls) {
    const { session, process } = page.columns;
    this.series = new Int32Array(session.length).fill(-1);
    const known = new Map<string, number>();
    /** By session, the process of its last call and that series' number. */
    const last: { process: number; number: number }[] = [];
    for (let call = 0; call < session.length; call++) {
      const place = session[call]!;
      if (place < 0) continue;
      const before = last[place];
      if (before !== undefined && before.process === process[call]) {
        this.series[call] = before.number;
        continue;
      }
      const key = `${place} ${process[call]}`;
      const number = known.get(key) ?? this.count++;
      known.set(key, number);
      last[place] = { process: process[call]!, number };
      this.series[call] = number;
    }
  }

  /** Takes places of calls, ascending. */
  of(chosen: Uint32Array): PageCall[] {
    const { time, rssStart, rssEnd } = this.page.columns;
    const from = new Float64Array(this.count).fill(NaN);
    const least = new Float64Array(this.count);
    const gain = new Float64Array(this.count);
    const seconds = new Float64Array(this.count);
    for (const call of chosen) {
      const series = this.series[call]!;
      const end = rssEnd[call]!;
      const rss = end === end ? end : rssStart[call]!;
      if (rss !== rss || series < 0) continue; // NaN: not known
      if (from[series] !== from[series]) {
        from[series] = time[call]!;
        least[series] = rss;
      } else {
        gain[series] = rss - least[series]!;
        seconds[series] = time[call]! - from[series]!;
      }
    }
    const grown = Array.from(gain, (_, series) => series)
      .filter((each) => gain[each]! >= LEAK_RULE.growth && seconds[each]! >= LEAK_RULE.seconds)
      .sort((a, b) => gain[b]! - gain[a]!).slice(0, CANDIDATES);
    if (grown.length === 0) return [];
    return Array.from(chosen.filter((call) => grown.includes(this.series[call]!)))
      .map((call) => new PageCall(this.page, call));
  }
}
