import type { CallList } from "../../calls/call_list.ts";
import type { Report, Summary } from "../../summary/summary.ts";

/** A report in a page, so that it need not be worked out there. */
export type StoredReport = Omit<Report, "running"> & { readonly running: readonly OpenCall[] };

/** A call without an end, and its place among the page's. */
export interface OpenCall {
  readonly place: number;
  readonly toolName: string;
  /** Seconds since the epoch. */
  readonly startTime: number | undefined;
}

/** Makes what is stored; `calls` are those in the page, all that are open among them. */
export function storedReport(report: Report, { calls }: CallList): StoredReport {
  return {
    ...report,
    all: plain(report.all),
    groups: report.groups.map(plain),
    running: calls.flatMap(({ status, toolName, startTime }, place) =>
      status === "running" ? [{ place, toolName, startTime }] : []
    ),
  };
}

/** The figures as members of its own, which an object has not that works them out when it is asked. */
function plain(summary: Summary): Summary {
  const { name, kind, calls, failed, interrupted, background, imported, timed } = summary;
  const { meanSeconds, p50Seconds, p95Seconds, p99Seconds, maxSeconds } = summary;
  const { totalSeconds, shareOfTime, waitSeconds, promptSeconds, gateSeconds } = summary;
  const { cpuSeconds, isCpuShared } = summary;
  const { rssMean, rssMax, rssEnd, cpuPercentMean, cpuPercentMax, cpuPercentDuring } = summary;
  const { growth, outputBytes, peakMemory, peakProcess, isPeakProportional, isPeakShared } =
    summary;
  const { firstTime, lastTime } = summary;
  return {
    ...{ name, kind, calls, failed, interrupted, background, imported, timed },
    ...{ meanSeconds, p50Seconds, p95Seconds, p99Seconds, maxSeconds },
    ...{ totalSeconds, shareOfTime, waitSeconds, promptSeconds, gateSeconds },
    ...{ cpuSeconds, isCpuShared },
    ...{ rssMean, rssMax, rssEnd, cpuPercentMean, cpuPercentMax, cpuPercentDuring },
    ...{ growth, outputBytes, peakMemory, peakProcess, isPeakProportional, isPeakShared },
    ...{ firstTime, lastTime },
  };
}
