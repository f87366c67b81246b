import type { Labels } from "./exposition.ts";
import type { HistogramPoint, Metric, Point } from "./metrics.ts";

/** What the figures are of, and when. */
export interface OtlpContext {
  /** Of perfmon. */
  readonly version: string;
  readonly host: string;
  /** Attributes that every data point gets besides its own. */
  readonly labels: Labels;
  /** When the counters began, and when they were read; seconds since the epoch. */
  readonly since: number;
  readonly now: number;
}

/** Metrics of the monitored processes, by the names of the semantic conventions for processes. */
const PROCESS_METRICS: Readonly<Record<string, string>> = {
  perfmon_client_cpu_seconds_total: "process.cpu.time",
  perfmon_client_resident_memory_bytes: "process.memory.usage",
};

/** Figures that OTLP says by the resource. */
const LEFT_OUT: ReadonlySet<string> = new Set(["perfmon_build_info"]);

/** `AGGREGATION_TEMPORALITY_CUMULATIVE`. */
const CUMULATIVE = 2;

/**
 * The metrics as an `ExportMetricsServiceRequest` of OTLP 1 in its JSON encoding: 64-bit integers as
 * decimal strings, enums as integers (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 * The monitored processes are a resource of their own, `claude-code`: their CPU and memory are
 * `process.cpu.time` and `process.memory.usage`, summed over the processes of the host.
 */
export function otlpRequest(metrics: readonly Metric[], context: OtlpContext): unknown {
  const given = metrics.filter(({ name, points }) => points.length > 0 && !LEFT_OUT.has(name));
  const isOfProcess = ({ name }: Metric): boolean => name in PROCESS_METRICS;
  return {
    resourceMetrics: [
      resource("perfmon", given.filter((metric) => !isOfProcess(metric)), context, {
        "service.version": context.version,
      }),
      resource("claude-code", given.filter(isOfProcess), context, {}),
    ].filter(({ scopeMetrics: [scope] }) => (scope?.metrics.length ?? 0) > 0),
  };
}

interface ResourceMetrics {
  readonly resource: { readonly attributes?: readonly unknown[] };
  readonly scopeMetrics: readonly {
    readonly scope: unknown;
    readonly metrics: readonly unknown[];
  }[];
}

function resource(
  service: string,
  metrics: readonly Metric[],
  context: OtlpContext,
  more: Labels,
): ResourceMetrics {
  const { host, version } = context;
  return {
    resource: {
      ...attributes({
        "service.name": service,
        "service.instance.id": host,
        "host.name": host,
        ...more,
      }),
    },
    scopeMetrics: [{
      scope: { name: "perfmon", version },
      metrics: metrics.map((metric) => otlpMetric(metric, context)),
    }],
  };
}

function otlpMetric(metric: Metric, context: OtlpContext): unknown {
  const unit = unitOf(metric.name);
  const head = { name: otlpName(metric.name), description: metric.help, unit };
  if (metric.type === "histogram") {
    const dataPoints = metric.points.map((point) => histogramPoint(point, metric.bounds, context));
    return { ...head, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
  }
  const isSum = metric.type === "counter" || metric.name in PROCESS_METRICS;
  const dataPoints = metric.points.map((point) => numberPoint(point, unit, isSum, context));
  if (!isSum) return { ...head, gauge: { dataPoints } };
  const isMonotonic = metric.type === "counter";
  return { ...head, sum: { aggregationTemporality: CUMULATIVE, isMonotonic, dataPoints } };
}

function numberPoint(
  { labels, value }: Point,
  unit: string,
  isSum: boolean,
  { labels: common, since, now }: OtlpContext,
): unknown {
  return {
    ...attributes({ ...common, ...labels }),
    ...(isSum ? { startTimeUnixNano: nanoseconds(since) } : {}),
    timeUnixNano: nanoseconds(now),
    // Of one metric all values have one type: seconds are fractions, all else is counted.
    ...(unit === "s" ? { asDouble: value } : { asInt: String(Math.round(value)) }),
  };
}

function histogramPoint(
  { labels, counts, sum }: HistogramPoint,
  bounds: readonly number[],
  { labels: common, since, now }: OtlpContext,
): unknown {
  return {
    ...attributes({ ...common, ...labels }),
    startTimeUnixNano: nanoseconds(since),
    timeUnixNano: nanoseconds(now),
    count: String(counts.reduce((total, count) => total + count, 0)),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: bounds,
  };
}

/**
 * `perfmon_tool_wait_seconds_total` → `perfmon.tool.wait`: OpenTelemetry has the unit apart, and its
 * receivers for Prometheus put it back into the name.
 */
function otlpName(name: string): string {
  return PROCESS_METRICS[name] ?? name.replace(/_total$/, "").replace(/_(seconds|bytes)$/, "")
    .replace(/^perfmon_(tool|command|client|log)_/, "perfmon.$1.").replace(/^perfmon_/, "perfmon.")
    .replace(/^perfmon\.log$/, "perfmon.log.size");
}

/** After UCUM; a count of things is named in braces. */
function unitOf(name: string): string {
  const base = name.replace(/_total$/, "");
  if (base.endsWith("_seconds")) return "s";
  if (base.endsWith("_bytes")) return "By";
  const thing = /_(call|client|row|error)s$/.exec(base)?.[1];
  return thing === undefined ? "1" : `{${thing}}`;
}

function attributes(labels: Labels): { readonly attributes?: readonly unknown[] } {
  const list = Object.entries(labels).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  }));
  return list.length === 0 ? {} : { attributes: list };
}

/** To the millisecond: a double holds no more of the time since the epoch with certainty. */
function nanoseconds(seconds: number): string {
  return String(BigInt(Math.round(seconds * 1000)) * 1_000_000n);
}
