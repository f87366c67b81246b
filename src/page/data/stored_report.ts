import type { Call } from "../../calls/call.ts";
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

/** The figures of a group, by name: where they are worked out on request an object has none of its own. */
const SUMMARY_KEYS = [
  ...["name", "kind", "calls", "failed", "interrupted", "background", "imported", "timed"] as const,
  ...["meanSeconds", "p50Seconds", "p95Seconds", "p99Seconds", "maxSeconds"] as const,
  ...["totalSeconds", "shareOfTime", "waitSeconds", "cpuSeconds", "isCpuShared"] as const,
  ...["rssMean", "rssMax", "cpuPercentMean", "cpuPercentMax", "cpuPercentDuring"] as const,
  ...["rssEnd", "growth"] as const,
] as const satisfies readonly (keyof Summary)[];

/** Makes what is stored; `calls` are those in the page, all that are open among them. */
export function storedReport(report: Report, calls: readonly Call[]): StoredReport {
  return {
    ...report,
    all: plain(report.all),
    groups: report.groups.map(plain),
    running: calls.flatMap(({ status, toolName, startTime }, place) =>
      status === "running" ? [{ place, toolName, startTime }] : []
    ),
  };
}

function plain(summary: Summary): Summary {
  return Object.fromEntries(SUMMARY_KEYS.map((key) => [key, summary[key]])) as unknown as Summary;
}
