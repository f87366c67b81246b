import { PEAK_SHARED } from "../call_state.ts";
import type { CallTable } from "../call_table.ts";
import { PEAK_RSS, PROCESS_SECONDS } from "../../row/row_view.ts";

/** Marks the calls of one process whose processes have the same figures: the sampler could not tell them apart. */
export function markSharedPeaks(calls: CallTable): void {
  if (!calls.hasPeaks) return;
  const { end: rss } = calls.figures(PEAK_RSS);
  const { end: seconds } = calls.figures(PROCESS_SECONDS);
  const first = new Map<string, number>();
  for (let call = 0; call < calls.size; call++) {
    if (rss[call] !== rss[call]) continue; // NaN
    const figures = `${calls.process[call]} ${rss[call]} ${seconds[call]}`;
    const other = first.get(figures);
    if (other === undefined || calls.time[call]! >= calls.endTime[other]!) first.set(figures, call);
    else for (const each of [call, other]) calls.flags[each]! |= PEAK_SHARED;
  }
}
