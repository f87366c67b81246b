import type { HistogramPoint, Metric } from "./metrics.ts";

/** Labels that every series gets besides its own. */
export type Labels = Readonly<Record<string, string>>;

/** Names that series have as labels of their own, or that Prometheus gives a meaning. */
const TAKEN: readonly string[] = ["tool", "command", "status", "le", "version", "deno"];

/** Whether a label of that name may be added: Prometheus' rules, none that is taken. */
export function isLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith("__") && !TAKEN.includes(name);
}

/**
 * Metrics in Prometheus' text exposition format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/), without timestamps: HELP and TYPE for
 * each that has any series.
 */
export function exposition(metrics: readonly Metric[], labels: Labels = {}): string {
  return metrics.filter(({ points }) => points.length > 0)
    .map((metric) =>
      `# HELP ${metric.name} ${escaped(metric.help)}\n# TYPE ${metric.name} ${metric.type}\n` +
      series(metric, labels).join("")
    ).join("");
}

function series(metric: Metric, labels: Labels): string[] {
  const { name } = metric;
  if (metric.type === "histogram") {
    return metric.points.flatMap((point) => histogramLines(name, metric.bounds, point, labels));
  }
  return metric.points.map((point) => line(name, { ...labels, ...point.labels }, point.value));
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels: own, counts, sum }: HistogramPoint,
  common: Labels,
): string[] {
  const labels = { ...common, ...own };
  let count = 0;
  const buckets = counts.map((each, index) => {
    count += each;
    return line(`${name}_bucket`, { ...labels, le: number(bounds[index] ?? Infinity) }, count);
  });
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, count)];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) =>
    `${key}="${escaped(text).replaceAll('"', '\\"')}"`
  );
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
