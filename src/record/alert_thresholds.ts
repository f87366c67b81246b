import type { AlertFlag, RecOptions } from "../agents/rec_flags.ts";
import { SampleCall } from "../calls/figures.ts";
import type { Sample } from "../row/sample.ts";
import { holdsOrAsks } from "../row/tool_name.ts";
import { formatBytes, formatDuration, parseBytes, parseDuration } from "../text/units.ts";

/** The thresholds of alerts as given, by their flags: `60s`, `4GiB`, `90`. */
export type AlertThresholds = Pick<RecOptions, AlertFlag>;

/** A threshold that a call is over, in words. */
export interface Alert {
  readonly flag: AlertFlag;
  readonly text: string;
}

/** How one alert reads, measures and tells. */
export interface AlertKind {
  /** A threshold as an example for people. */
  readonly example: string;
  parse(text: string): number | undefined;
  format(value: number): string;
  /** The value of a call, in the threshold's unit; `undefined` where it is not known, or not yet. */
  measure(call: SampleCall): number | undefined;
  /** Says of a call, in words, what its value is. */
  describe(value: string, call: SampleCall): string;
}

/** The shortest call, seconds, whose CPU is looked at: the kernel counts it in ticks of 10 ms. */
const LEAST_CPU_SECONDS = 1;

/** So long a peak may be told of after its call, seconds: as long as an alert is told once. */
const PEAK_SECONDS = 600;

/** The alerts, by the flags that ask for them; each goes by the two rows of one call. */
export const ALERTS: Readonly<Record<AlertFlag, AlertKind>> = {
  "alert-duration": {
    example: "60s",
    parse: parseDuration,
    format: formatDuration,
    measure: (call) =>
      call.status === "background" || holdsOrAsks(call.toolName) ? undefined : call.durationSeconds,
    describe: (value, call) => `${titleOf(call)} took ${value}`,
  },
  "alert-rss": {
    example: "4GiB",
    parse: parseBytes,
    format: formatBytes,
    measure: ({ end }) => {
      const most = Math.max(end.memoryRss ?? 0, end.treeRss ?? 0);
      return most === 0 ? undefined : 1024 * most;
    },
    describe: (value) => `Claude Code with its processes holds ${value} of memory`,
  },
  "alert-peak": {
    example: "8GiB",
    parse: parseBytes,
    format: formatBytes,
    measure: () => undefined, // a row of its own tells, after the call
    describe: () => "",
  },
  "alert-cpu": {
    example: "90",
    parse: (text) => {
      const percent = /^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1];
      return percent === undefined ? undefined : Number(percent);
    },
    format: (value) => `${Math.round(value)}%`,
    measure: cpuPercent,
    describe: (value, call) => `${titleOf(call)} and Claude Code used ${value} of a core`,
  },
};

/** The tool and, where that is recorded, which command it was. */
function titleOf({ toolName, start, end }: SampleCall): string {
  return `${toolName} ${start.command ?? end.command ?? ""}`.trimEnd();
}

/** The CPU that client and processes of a call used between its two rows, per cent of one core. */
function cpuPercent({ start, end, clientCpuSeconds }: SampleCall): number | undefined {
  // Known only where both rows are of one process.
  if (clientCpuSeconds === undefined) return undefined;
  const seconds = end.timestamp - start.timestamp;
  const { childCpuSeconds: before } = start;
  const { childCpuSeconds: after } = end;
  if (before === undefined || after === undefined || seconds < LEAST_CPU_SECONDS) return undefined;
  return 100 * (clientCpuSeconds + Math.max(0, after - before)) / seconds;
}

/** The thresholds that a call is over. Those that can't be read are none. */
export function alertsOf(start: Sample, end: Sample, thresholds: AlertThresholds): Alert[] {
  const call = new SampleCall(start, end);
  return givenAlerts(thresholds).flatMap(([flag, threshold]): Alert[] => {
    const { parse, format, measure, describe } = ALERTS[flag];
    const limit = parse(threshold);
    const value = measure(call);
    if (limit === undefined || value === undefined || value <= limit) return [];
    return [{ flag, text: `${describe(format(value), call)} (alert above ${format(limit)})` }];
  });
}

/**
 * The call of a session, among rows of its last minutes, whose processes held most, if that is over the threshold.
 * The sampler tells of a call when that has ended, so it is mostly the one before.
 */
export function peakAlert(
  rows: readonly Sample[],
  { sessionId, timestamp }: Sample,
  threshold: string,
): Alert[] {
  const limit = parseBytes(threshold);
  const sizeOf = ({ peakPss, peakRss = 0 }: Sample): number => 1024 * (peakPss ?? peakRss);
  const [largest] = rows.filter((row) =>
    row.event === "peak" && row.sessionId === sessionId && row.timestamp > timestamp - PEAK_SECONDS
  ).sort((a, b) => sizeOf(b) - sizeOf(a));
  if (limit === undefined || largest === undefined || sizeOf(largest) <= limit) return [];
  const { toolName, command = "", peakProcess } = largest;
  const most = peakProcess === undefined ? "" : `, most of it ${peakProcess}`;
  return [{
    flag: "alert-peak",
    text: `${`${toolName} ${command}`.trimEnd()} held ${formatBytes(sizeOf(largest))} at its peak` +
      `${most} (alert above ${formatBytes(limit)})`,
  }];
}

/** The alerts that are asked for, each with its threshold as given. */
export function givenAlerts(thresholds: AlertThresholds): [AlertFlag, string][] {
  return (Object.keys(ALERTS) as AlertFlag[]).flatMap((flag) => {
    const threshold = thresholds[flag];
    return threshold === undefined ? [] : [[flag, threshold] satisfies [AlertFlag, string]];
  });
}
