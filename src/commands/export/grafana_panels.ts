export type PanelType = "stat" | "timeseries" | "bargauge";

/** What every query is narrowed to: where the figures come from. */
export const SOURCES = 'job=~"$job", instance=~"$instance"';
const TOOLS = `${SOURCES}, tool=~"$tool"`;
const LAST = "[$__rate_interval]";
const SHOWN = "[$__range]";

/** A query and what its series are called. */
export type Query = readonly [expr: string, legend: string];

/** One panel: what it shows, and by which queries. */
export interface PanelPlan {
  readonly type: PanelType;
  readonly title: string;
  readonly description: string;
  /** An id of Grafana's units. */
  readonly unit: string;
  readonly queries: readonly Query[];
}

/** Single figures. */
export const STATS: readonly PanelPlan[] = [
  {
    type: "stat",
    title: "Calls",
    description: "Tool calls that ended in the time shown.",
    unit: "short",
    queries: [[`sum(increase(perfmon_tool_calls_total{${TOOLS}}${SHOWN}))`, "Calls"]],
  },
  {
    type: "stat",
    title: "Failed",
    description: "Share of the calls in the time shown that ended with an error.",
    unit: "percentunit",
    queries: [[
      `sum(increase(perfmon_tool_calls_total{${TOOLS}, status="error"}${SHOWN}))` +
      ` / sum(increase(perfmon_tool_calls_total{${TOOLS}}${SHOWN}))`,
      "Failed",
    ]],
  },
  {
    type: "stat",
    title: "Open calls",
    description: "Calls that have not ended: running, or at the gate.",
    unit: "short",
    queries: [[`sum(perfmon_running_calls{${SOURCES}})`, "Open"]],
  },
  {
    type: "stat",
    title: "Oldest open call",
    description: "For how long the oldest call that has not ended has been going on.",
    unit: "s",
    queries: [[
      `max(time() - perfmon_oldest_running_call_start_timestamp_seconds{${SOURCES}})`,
      "Age",
    ]],
  },
];

/** Courses in time, and tools compared. */
export const CHARTS: readonly PanelPlan[] = [
  {
    type: "timeseries",
    title: "Calls by tool",
    description: "Tool calls that ended, per minute.",
    unit: "cpm",
    queries: [[
      `60 * sum by (tool) (rate(perfmon_tool_calls_total{${TOOLS}}${LAST})) > 0`,
      "{{tool}}",
    ]],
  },
  {
    type: "timeseries",
    title: "Failures by tool",
    description: "Calls that ended with an error, per minute.",
    unit: "cpm",
    queries: [[
      `60 * sum by (tool) (rate(perfmon_tool_calls_total{${TOOLS}, status="error"}${LAST})) > 0`,
      "{{tool}}",
    ]],
  },
  quantile("Median duration by tool", "0.5", "Half of the calls ran for no longer than this."),
  quantile("95th percentile by tool", "0.95", "All calls but one in twenty ran for no longer."),
  {
    type: "bargauge",
    title: "Slowest tools",
    description: "95th percentile of the durations in the time shown, the ten highest.",
    unit: "s",
    queries: [[
      "topk(10, histogram_quantile(0.95, " +
      `sum by (le, tool) (increase(perfmon_tool_duration_seconds_bucket{${TOOLS}}${SHOWN}))) > 0)`,
      "{{tool}}",
    ]],
  },
  {
    type: "bargauge",
    title: "Most time by tool",
    description: "Run time of all calls in the time shown, the ten highest.",
    unit: "s",
    queries: [[
      "topk(10, " +
      `sum by (tool) (increase(perfmon_tool_duration_seconds_sum{${TOOLS}}${SHOWN})) > 0)`,
      "{{tool}}",
    ]],
  },
  {
    type: "timeseries",
    title: "Gate by tool",
    description:
      "Time beyond the calls' run time (the gate: checks, hooks; and prompts), as a share of " +
      "the time that passed: 100 % is one call that always stands there.",
    unit: "percentunit",
    queries: [[
      `sum by (tool) (rate(perfmon_tool_wait_seconds_total{${TOOLS}}${LAST})) > 0`,
      "{{tool}}",
    ]],
  },
  {
    type: "timeseries",
    title: "CPU of tools",
    description: "CPU of the processes that calls ran and waited for; 100 % is one core. A call " +
      "counts when it ends.",
    unit: "percentunit",
    queries: [[
      `sum by (tool) (rate(perfmon_tool_cpu_seconds_total{${TOOLS}}${LAST})) > 0`,
      "{{tool}}",
    ]],
  },
  {
    type: "timeseries",
    title: "CPU of Claude Code",
    description: "CPU of the monitored Claude Code processes themselves; 100 % is one core.",
    unit: "percentunit",
    queries: [[
      `sum by (instance) (rate(perfmon_client_cpu_seconds_total{${SOURCES}}${LAST}))`,
      "{{instance}}",
    ]],
  },
  {
    type: "timeseries",
    title: "Memory",
    description: "Resident memory of the monitored Claude Code processes, and with all below them.",
    unit: "bytes",
    queries: [
      [
        `sum by (instance) (perfmon_client_resident_memory_bytes{${SOURCES}})`,
        "{{instance}} Claude Code",
      ],
      [
        `sum by (instance) (perfmon_client_tree_resident_memory_bytes{${SOURCES}})`,
        "{{instance}} with all below",
      ],
    ],
  },
  {
    type: "timeseries",
    title: "Open calls and clients",
    description: "Calls that have not ended, and monitored Claude Code processes that live.",
    unit: "short",
    queries: [
      [`sum by (instance) (perfmon_running_calls{${SOURCES}})`, "{{instance}} calls"],
      [`sum by (instance) (perfmon_clients{${SOURCES}})`, "{{instance}} clients"],
    ],
  },
  {
    type: "timeseries",
    title: "Recording errors",
    description: "Lines in perfmon's log of errors and rows that could not be read: 0 is well.",
    unit: "short",
    queries: [
      [
        `sum by (instance) (increase(perfmon_errors_total{${SOURCES}}${LAST}))`,
        "{{instance}} errors",
      ],
      [
        `sum by (instance) (increase(perfmon_log_bad_rows_total{${SOURCES}}${LAST}))`,
        "{{instance}} bad rows",
      ],
    ],
  },
];

function quantile(title: string, q: string, description: string): PanelPlan {
  const rate = `rate(perfmon_tool_duration_seconds_bucket{${TOOLS}}${LAST})`;
  return {
    type: "timeseries",
    title,
    description: `${description} Calls that went to the background are left out.`,
    unit: "s",
    queries: [[`histogram_quantile(${q}, sum by (le, tool) (${rate})) > 0`, "{{tool}}"]],
  };
}
