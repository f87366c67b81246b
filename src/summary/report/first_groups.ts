import type { Report, Summary } from "../summary.ts";

/**
 * The report with `count` lines at most: of more groups the first ones, or with `fromEnd` the last, and one
 * line for all others. A line for one other is as good as that group's own.
 */
export function firstGroups(
  report: Report,
  count: number,
  { fromEnd = false }: { readonly fromEnd?: boolean } = {},
): Report {
  const { groups } = report;
  if (groups.length <= count) return report;
  const kept = Math.max(1, count - 1);
  if (fromEnd) {
    const others = groups.slice(0, -kept);
    return { ...report, groups: [sumOf(others, "earlier"), ...groups.slice(-kept)] };
  }
  return { ...report, groups: [...groups.slice(0, kept), sumOf(groups.slice(kept), "more")] };
}

/** What several groups came to together; nothing of what can't be told from their figures, such as medians. */
function sumOf(groups: readonly Summary[], word: string): Summary {
  const sum = (figure: (group: Summary) => number | undefined): number | undefined =>
    groups.reduce<number | undefined>((total, group) => {
      const value = figure(group);
      return value === undefined ? total : (total ?? 0) + value;
    }, undefined);
  const longest = groups.reduce(
    (most, { maxSeconds = -Infinity }) => Math.max(most, maxSeconds),
    -Infinity,
  );
  return {
    name: `${groups.length} ${word}`,
    kind: "other",
    calls: sum(({ calls }) => calls) ?? 0,
    failed: sum(({ failed }) => failed),
    interrupted: sum(({ interrupted }) => interrupted) ?? 0,
    background: sum(({ background }) => background) ?? 0,
    imported: 0,
    timed: sum(({ timed }) => timed) ?? 0,
    meanSeconds: undefined,
    p50Seconds: undefined,
    p95Seconds: undefined,
    p99Seconds: undefined,
    maxSeconds: longest === -Infinity ? undefined : longest,
    totalSeconds: sum(({ totalSeconds }) => totalSeconds),
    shareOfTime: sum(({ shareOfTime }) => shareOfTime),
    waitSeconds: sum(({ waitSeconds }) => waitSeconds),
    promptSeconds: sum(({ promptSeconds }) => promptSeconds),
    gateSeconds: sum(({ gateSeconds }) => gateSeconds),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    isCpuShared: groups.some(({ isCpuShared }) => isCpuShared),
    ...peakOf(groups),
    rssMean: undefined,
    rssMax: undefined,
    cpuPercentMean: undefined,
    cpuPercentMax: undefined,
    cpuPercentDuring: undefined,
    rssEnd: undefined,
    growth: undefined,
    outputBytes: sum(({ outputBytes }) => outputBytes),
    firstTime: undefined,
    lastTime: undefined,
  };
}

/** The peak of the group that had the highest. */
function peakOf(
  groups: readonly Summary[],
): Pick<Summary, "peakMemory" | "peakProcess" | "isPeakProportional" | "isPeakShared"> {
  const [first] = groups.toSorted((a, b) => (b.peakMemory ?? -1) - (a.peakMemory ?? -1));
  const { peakMemory, peakProcess, isPeakProportional = false, isPeakShared = false } = first ?? {};
  return { peakMemory, peakProcess, isPeakProportional, isPeakShared };
}
