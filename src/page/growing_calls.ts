import { rssPoints } from "../summary/rss_points.ts";
import { type Growth, mostGrown, steepestOf } from "../summary/findings.ts";
import { lastRssOf, PageCall, type PageCalls } from "./data/page_call.ts";

/** Finds the growth that `findings` finds, from the columns of up to 500,000 calls. */
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
  steepest(chosen: Uint32Array): Growth | undefined {
    const { columns } = this.page;
    const { time } = columns;
    const from = new Float64Array(this.count).fill(NaN);
    const least = new Float64Array(this.count);
    const gain = new Float64Array(this.count);
    const seconds = new Float64Array(this.count);
    for (let at = 0; at < chosen.length; at++) {
      const call = chosen[at]!;
      const series = this.series[call]!;
      const rss = lastRssOf(columns, call);
      if (rss !== rss || series < 0) continue; // NaN: not known
      if (from[series] !== from[series]) {
        from[series] = time[call]!;
        least[series] = rss;
      } else {
        gain[series] = rss - least[series]!;
        seconds[series] = time[call]! - from[series]!;
      }
    }
    const ranges = Array.from(gain, (each, series) => ({
      series,
      gain: each,
      seconds: seconds[series]!,
    }));
    const calls = this.callsOf(mostGrown(ranges).map(({ series }) => series), chosen);
    return steepestOf(calls.map((series) => ({
      sessionId: series[0]?.sessionId,
      points: rssPoints(series),
    })));
  }

  private callsOf(numbers: readonly number[], chosen: Uint32Array): PageCall[][] {
    const calls = numbers.map((): PageCall[] => []);
    const placeOf = new Int8Array(this.count).fill(-1);
    numbers.forEach((number, place) => placeOf[number] = place);
    for (let at = 0; at < chosen.length; at++) {
      const call = chosen[at]!;
      const place = this.series[call]! < 0 ? -1 : placeOf[this.series[call]!]!;
      if (place >= 0) calls[place]!.push(new PageCall(this.page, call));
    }
    return calls;
  }
}
