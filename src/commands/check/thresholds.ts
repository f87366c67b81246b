import {
  formatBytes,
  formatDuration,
  formatPercent,
  parseBytes,
  parseDuration,
} from "../../text/units.ts";

/** Something that `perfmon check` can hold a log to. */
export interface Threshold {
  /** What stands for the limit in `--help`, and one that can be used. */
  readonly value: string;
  readonly example: string;
  /** What a limit is, for the error message: `a duration`. */
  readonly form: string;
  /** A limit as a regular expression, for editors that check rules files by a schema. */
  readonly pattern: string;
  /** The unit of limits and values, as JSON names it. */
  readonly unit: "seconds" | "percent_of_a_core" | "bytes" | "bytes_per_second" | "ratio";
  /** A tool can have a limit of its own; else it is of the client, which all tools share. */
  readonly isOfTool: boolean;
  /** What is measured, and of what data. */
  readonly help: string;
  /** The limit in its unit; `undefined` where the text is none. */
  parse(text: string): number | undefined;
  format(value: number): string;
  /** By how much a value is over a limit. */
  formatExcess(excess: number): string;
}

const DURATION = {
  value: "TIME",
  form: "a duration with its unit",
  pattern: String.raw`^(\d+(\.\d+)?\s*(ms|[smhdw])\s*)+$`,
  unit: "seconds",
  isOfTool: true,
  parse: parseDuration,
  format: formatDuration,
  formatExcess: formatDuration,
} as const;

const SIZE = String.raw`\d+(\.\d+)?\s*([KMGTkmgt]([iI]?[bB])?|[bB])?`;

const points = (value: number): string => `${Number(value.toPrecision(value < 10 ? 2 : 3))} points`;

/** All thresholds by the names of their flags, in the order in which they are reported. */
export const THRESHOLDS = {
  "max-duration": {
    ...DURATION,
    example: "60s",
    help: "Each call: its duration (as Claude Code gives it, else end − start)",
  },
  "max-p95": {
    ...DURATION,
    example: "30s",
    help: "Each tool: the 95th percentile of its durations; needs 20 calls",
  },
  "max-failures": {
    value: "PERCENT",
    example: "20%",
    form: "a percentage",
    pattern: String.raw`^\d+(\.\d+)?\s*%$`,
    unit: "ratio",
    isOfTool: true,
    help: "Each tool: failed of all ended calls; needs the status column",
    parse: (text) => {
      const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
      return percent === undefined ? undefined : Number(percent) / 100;
    },
    format: formatPercent,
    formatExcess: (excess) => points(100 * excess),
  },
  "max-open": {
    ...DURATION,
    example: "10m",
    help: "Each call that runs now, whenever it began: time since its start",
  },
  "max-cpu": {
    value: "PERCENT",
    example: "90",
    form: "a percentage of one core",
    pattern: String.raw`^\d+(\.\d+)?\s*%?$`,
    unit: "percent_of_a_core",
    isOfTool: true,
    help:
      "Each Claude Code process: CPU of itself and its finished children over the time from its " +
      "first to its last row, % of one core; needs cpu_seconds and child_cpu_seconds. With " +
      "--tool, or of a tool in --rules: over the time in its calls",
    parse: (text) => {
      const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text)?.[1];
      return percent === undefined ? undefined : Number(percent);
    },
    format: (value) => `${Math.round(value)}%`,
    formatExcess: points,
  },
  "max-rss": {
    value: "SIZE",
    example: "4GiB",
    form: "a size",
    pattern: `^${SIZE}$`,
    unit: "bytes",
    isOfTool: false,
    help: "Each Claude Code process: the most memory at the start or end of a call, with all " +
      "processes below it (tree_rss, else memory_rss)",
    parse: parseBytes,
    format: formatBytes,
    formatExcess: formatBytes,
  },
  "max-peak": {
    value: "SIZE",
    example: "8GiB",
    form: "a size",
    pattern: `^${SIZE}$`,
    unit: "bytes",
    isOfTool: true,
    help: "Each call: the most memory that its processes held, shared pages once where that is " +
      "known (rec start --watch)",
    parse: parseBytes,
    format: formatBytes,
    formatExcess: formatBytes,
  },
  "max-growth": {
    value: "SIZE/TIME",
    example: "100MiB/h",
    form: "a size per s, m, h or d",
    pattern: String.raw`^${SIZE}\s*/\s*[smhd]$`,
    unit: "bytes_per_second",
    isOfTool: false,
    help:
      "Each session: the slope of memory_rss (Theil and Sen); needs 20 rows in 10 minutes or more",
    parse: parseRate,
    format: (value) => `${formatBytes(3600 * value)}/h`,
    formatExcess: (excess) => `${formatBytes(3600 * excess)}/h`,
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;

export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly ThresholdName[];

/** The threshold of a name. */
export function thresholdOf(name: ThresholdName): Threshold {
  return THRESHOLDS[name];
}

/** The bytes a second of `100MiB/h`. */
function parseRate(text: string): number | undefined {
  const [, size, unit] = /^(.+?)\s*\/\s*([smhd])$/.exec(text) ?? [];
  const bytes = size === undefined ? undefined : parseBytes(size);
  const seconds = parseDuration(`1${unit}`);
  return bytes === undefined || seconds === undefined ? undefined : bytes / seconds;
}
