import { AGENT_TOOLS, ASKING_TOOLS } from "../../row/tool_name.ts";

/** A condition that somebody should be told of. */
interface AlertRule {
  readonly alert: string;
  readonly comment: string;
  /** PromQL, a line each. */
  readonly expr: readonly string[];
  readonly for: string;
  readonly severity: "warning" | "info";
  readonly summary: string;
  readonly description: string;
}

const RULES: readonly AlertRule[] = [
  {
    alert: "PerfmonToolSlow",
    comment: "Subagents and questions to the person take their time; a few calls say little.",
    expr: [
      `histogram_quantile(0.95, rate(perfmon_tool_duration_seconds_bucket{${notSlow()}}[30m])) > 60`,
      "and",
      `increase(perfmon_tool_duration_seconds_count{${notSlow()}}[30m]) >= 20`,
    ],
    for: "10m",
    severity: "warning",
    summary: "{{ $labels.tool }} is slow on {{ $labels.instance }}",
    description:
      "One in twenty calls of the last 30 minutes took {{ $value | humanizeDuration }} or longer.",
  },
  {
    alert: "PerfmonToolFailing",
    comment: "Every second call, of ten or more.",
    expr: [
      'sum without (status) (increase(perfmon_tool_calls_total{status="error"}[30m]))',
      "  / sum without (status) (increase(perfmon_tool_calls_total[30m])) > 0.5",
      "and",
      "sum without (status) (increase(perfmon_tool_calls_total[30m])) >= 10",
    ],
    for: "5m",
    severity: "warning",
    summary: "{{ $labels.tool }} fails on {{ $labels.instance }}",
    description:
      "{{ $value | humanizePercentage }} of its calls of the last 30 minutes ended with an error.",
  },
  {
    alert: "PerfmonMemoryGrowth",
    comment: "200 MiB an hour, of clients that stayed the same ones, once it is worth a word.",
    expr: [
      "deriv(perfmon_client_resident_memory_bytes[1h]) * 3600 > 200 * 1024 * 1024",
      "and perfmon_client_resident_memory_bytes > 2 * 1024 * 1024 * 1024",
      "and changes(perfmon_clients[1h]) == 0",
    ],
    for: "15m",
    severity: "warning",
    summary: "Claude Code's memory grows on {{ $labels.instance }}",
    description:
      "By {{ $value | humanize1024 }}B an hour; perfmon report last tells which session.",
  },
  {
    alert: "PerfmonCallHung",
    comment: "perfmon running tells which.",
    expr: ["time() - perfmon_oldest_running_call_start_timestamp_seconds > 3600"],
    for: "5m",
    severity: "warning",
    summary: "A call hangs on {{ $labels.instance }}",
    description:
      "A tool call has not ended for {{ $value | humanizeDuration }}: it hangs, or stands at the gate.",
  },
  {
    alert: "PerfmonRecorderSilent",
    comment: "Claude Code works (20 % of a core over 30 minutes), and no row comes: hooks off?",
    expr: [
      "rate(perfmon_client_cpu_seconds_total[30m]) > 0.2",
      "and time() - perfmon_last_row_timestamp_seconds > 3600",
    ],
    for: "10m",
    severity: "warning",
    summary: "Nothing is recorded on {{ $labels.instance }}",
    description:
      "Claude Code uses CPU, and no call was recorded for an hour; perfmon doctor looks into it.",
  },
  {
    alert: "PerfmonRecorderFailing",
    comment: "errors.log says what failed.",
    expr: ["increase(perfmon_errors_total[15m]) > 0"],
    for: "0m",
    severity: "info",
    summary: "Recording has trouble on {{ $labels.instance }}",
    description:
      "perfmon's hooks noted errors in the last 15 minutes; perfmon status shows the last one.",
  },
  {
    alert: "PerfmonExportStale",
    comment: "From node_exporter: the timer that runs perfmon export prometheus has stopped.",
    expr: ['time() - node_textfile_mtime_seconds{file=~".*perfmon.*"} > 900'],
    for: "5m",
    severity: "warning",
    summary: "perfmon's metrics are old on {{ $labels.instance }}",
    description: "{{ $labels.file }} was written {{ $value | humanizeDuration }} ago.",
  },
];

/** Tools that may take long are no news. */
function notSlow(): string {
  return `tool!~"${[...AGENT_TOOLS, ...ASKING_TOOLS].join("|")}"`;
}

/** Alert rules for Prometheus, as a rule file. */
export function alertRules(): string {
  const rules = RULES.map((rule) =>
    `      # ${rule.comment}
      - alert: ${rule.alert}
        expr: |
${rule.expr.map((line) => `          ${line}\n`).join("")}        for: ${rule.for}
        labels:
          severity: ${rule.severity}
        annotations:
          summary: ${JSON.stringify(rule.summary)}
          description: ${JSON.stringify(rule.description)}
`
  );
  return `# Alert rules for perfmon's metrics: thresholds to begin with, change them to what is normal for you.
groups:
  - name: perfmon
    rules:
${rules.join("\n")}`;
}
