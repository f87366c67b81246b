import type { Call } from "../../calls/call.ts";
import { isSameProcess } from "../../calls/figures.ts";
import type { Sample } from "../../row/sample.ts";
import { rssPoints } from "../../summary/growth.ts";

/** A line of a chart: times in seconds since the epoch, and a value at each; `null` is a gap. */
export interface Series {
  readonly times: number[];
  readonly values: (number | null)[];
}

/** The client's resident set over the rows of a session's calls, MiB; a gap where the process changes. */
export function memorySeries(calls: readonly Call[]): Series {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let before: Sample | undefined;
  for (const { x, y, call, isEnd } of rssPoints(calls)) {
    const row = isEnd ? call.end : call.start;
    if (before?.pid !== undefined && !isSameProcess(before, row)) {
      times.push(x);
      values.push(null);
    }
    before = row;
    times.push(x);
    values.push(y / 1024);
  }
  return { times, values };
}

/**
 * CPU of the client and the processes that it waited for, in per cent of one core, as means over `count`
 * equal parts of the time between two moments. What two rows differ by is spread over the time between.
 */
export function cpuSeries(
  calls: readonly Call[],
  from: number,
  to: number,
  count: number,
): Series {
  const width = (to - from) / count;
  const seconds = new Float64Array(count);
  const known = new Float64Array(count);
  const rows = calls.flatMap(({ start, end }) => [start, end])
    .filter((row) => row !== undefined).sort((a, b) => a.timestamp - b.timestamp);
  let before: Sample | undefined;
  for (const row of rows) {
    const used = isOneProcess(before, row) ? difference(total(before), total(row)) : undefined;
    if (before !== undefined && used !== undefined) {
      spread(before.timestamp, row.timestamp, used);
    }
    if (total(row) !== undefined) before = row;
  }
  return {
    times: Array.from(seconds, (_, part) => from + (part + 0.5) * width),
    values: Array.from(
      seconds,
      (used, part) => known[part]! > 0 ? 100 * used / known[part]! : null,
    ),
  };

  function spread(start: number, end: number, used: number): void {
    const first = Math.max(0, Math.floor((start - from) / width));
    const last = Math.min(count - 1, Math.floor((end - from) / width));
    for (let part = first; part <= last; part++) {
      const covered = Math.min(end, from + (part + 1) * width) -
        Math.max(start, from + part * width);
      known[part]! += Math.max(0, covered);
      seconds[part]! += end > start ? used * Math.max(0, covered) / (end - start) : used;
    }
  }
}

/** True for rows of one process, and for those that name none (of other layouts). */
function isOneProcess(before: Sample | undefined, row: Sample): boolean {
  return isSameProcess(before, row) || before?.pid === undefined && row.pid === undefined;
}

function total(row: Sample | undefined): number | undefined {
  if (row?.cpuSeconds === undefined) return undefined;
  return row.cpuSeconds + (row.childCpuSeconds ?? 0);
}

function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}
