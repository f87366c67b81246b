import type { CallColumns } from "../calls/call_columns.ts";
import { REVERSED, SHARED } from "../calls/call_state.ts";
import { CHILD_CPU_SECONDS } from "../row/row_view.ts";
import type { Sums } from "./sums.ts";

/** The CPU of calls, seconds, and whether other calls may have a part in it. */
export interface Cpu {
  readonly seconds: number | undefined;
  readonly isShared: boolean;
}

/** Calls of one process that overlap: when they end, and what the column says at their start and end. */
interface Overlap {
  until: number;
  from: number;
  to: number;
}

/**
 * The CPU of the tools' processes over calls in order of time. The column is cumulative, so calls of one
 * process that overlap are taken as one: from the first one's start to the last one's end.
 */
export function cpuOnce(columns: CallColumns, sums: Sums, all: () => Int32Array): Cpu {
  const { time, endTime, cpu, flags, process } = columns;
  const { start, end } = columns.figures(CHILD_CPU_SECONDS);
  // Calls that overlap are marked as shared, unless a clock was set: then all are looked at.
  const isClockSet = (sums.flags & REVERSED) !== 0;
  const calls = isClockSet ? all() : sums.shared;
  let { seconds, known } = isClockSet ? { seconds: 0, known: 0 } : sums.cpu;
  let shared = 0;
  const overlaps = new Map<number, Overlap>();
  for (let at = 0; at < calls.length; at++) {
    const call = calls[at]!;
    const own = cpu[call]!;
    if (own !== own) continue; // NaN
    known++;
    shared |= flags[call]! & SHARED;
    let overlap = overlaps.get(process[call]!);
    if (overlap === undefined) {
      overlap = { until: -Infinity, from: 0, to: 0 };
      overlaps.set(process[call]!, overlap);
    }
    const [from, to, until] = [start[call]!, end[call]!, endTime[call]!];
    if (time[call]! >= overlap.until || from < overlap.from) {
      seconds += own;
      overlap.from = from;
      overlap.until = until;
      overlap.to = to;
    } else {
      seconds += Math.max(0, to - overlap.to);
      overlap.until = Math.max(overlap.until, until);
      overlap.to = Math.max(overlap.to, to);
    }
  }
  return { seconds: known === 0 ? undefined : seconds, isShared: shared !== 0 };
}
