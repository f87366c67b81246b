/** A Grafana dashboard as file provisioning takes it, as far as perfmon fills it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: false;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
  readonly [setting: string]: unknown;
}

interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: "datasource" | "query";
  readonly query: string | { readonly query: string; readonly refId: string };
  readonly [setting: string]: unknown;
}

/** One panel: a title, a description and a unit for each, and all its queries. */
export interface Panel {
  readonly id: number;
  readonly type: PanelType;
  readonly title: string;
  readonly description: string;
  readonly datasource: typeof DATASOURCE;
  readonly gridPos: Place;
  readonly fieldConfig: { readonly defaults: { readonly unit: string }; readonly overrides: [] };
  readonly targets: readonly Target[];
  readonly options: unknown;
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: typeof DATASOURCE;
  readonly instant: boolean;
  readonly range: boolean;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

type PanelType = "stat" | "timeseries" | "bargauge";

const DATASOURCE = { type: "prometheus", uid: "${datasource}" } as const;
const SOURCES = 'job=~"$job", instance=~"$instance"';
const TOOLS = `${SOURCES}, tool=~"$tool"`;
const LAST = "[$__rate_interval]";
const SHOWN = "[$__range]";

/** A query and what its series are called. */
type Query = readonly [expr: string, legend: string];

interface PanelPlan {
  readonly type: PanelType;
  readonly title: string;
  readonly description: string;
  /** An id of Grafana's units. */
  readonly unit: string;
  readonly queries: readonly Query[];
}

const STATS: readonly PanelPlan[] = [
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
    description: "Calls that have not ended: running, or waiting for permission.",
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

const CHARTS: readonly PanelPlan[] = [
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
    title: "Waiting by tool",
    description:
      "Time beyond the calls' run time, for permission prompts and hooks, as a share of " +
      "the time that passed: 100 % is one call that always waits.",
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

/** Grafana's grid is 24 wide: the figures in one row, the charts by two. */
function panels(): Panel[] {
  const statWidth = 24 / STATS.length;
  const placed: (readonly [PanelPlan, Place])[] = [
    ...STATS.map((plan, index) =>
      [plan, { x: index * statWidth, y: 0, w: statWidth, h: 4 }] as const
    ),
    ...CHARTS.map((plan, index) =>
      [plan, { x: 12 * (index % 2), y: 4 + 8 * Math.floor(index / 2), w: 12, h: 8 }] as const
    ),
  ];
  return placed.map(([plan, place], index) => panel(plan, place, index + 1));
}

function panel(plan: PanelPlan, gridPos: Place, id: number): Panel {
  const { type, title, description, unit, queries } = plan;
  const instant = type !== "timeseries";
  return {
    id,
    type,
    title,
    description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, ...DEFAULTS[type] }, overrides: [] },
    options: OPTIONS[type],
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      expr,
      legendFormat,
      datasource: DATASOURCE,
      instant,
      range: !instant,
    })),
  };
}

const LAST_VALUE = { calcs: ["lastNotNull"], fields: "", values: false };

const DEFAULTS: Readonly<Record<PanelType, Record<string, unknown>>> = {
  stat: {},
  bargauge: { min: 0 },
  timeseries: { min: 0, custom: { fillOpacity: 10, showPoints: "auto", spanNulls: false } },
};

const OPTIONS: Readonly<Record<PanelType, Record<string, unknown>>> = {
  stat: { colorMode: "none", graphMode: "none", reduceOptions: LAST_VALUE },
  bargauge: { displayMode: "basic", orientation: "horizontal", reduceOptions: LAST_VALUE },
  timeseries: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
};

function query(name: string, label: string, values: string): Variable {
  return {
    name,
    label,
    type: "query",
    datasource: DATASOURCE,
    query: { query: values, refId: name },
    definition: values,
    multi: true,
    includeAll: true,
    allValue: ".+",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    refresh: 2, // when the time range changes
    sort: 1,
  };
}

/** The dashboard of perfmon's metrics: whatever data source, job and instance they come from. */
export function dashboard(): Dashboard {
  return {
    uid: "perfmon",
    title: "Claude Code: what tool calls cost",
    description: "Time, failures, CPU and memory of Claude Code's tool calls, from perfmon.",
    tags: ["perfmon", "claude-code"],
    editable: false,
    schemaVersion: 38,
    version: 1,
    refresh: "1m",
    time: { from: "now-24h", to: "now" },
    timezone: "browser",
    graphTooltip: 1,
    annotations: { list: [] },
    links: [],
    templating: {
      list: [
        {
          name: "datasource",
          label: "Data source",
          type: "datasource",
          query: "prometheus",
          refresh: 1,
          current: {},
        },
        query("job", "Job", "label_values(perfmon_build_info, job)"),
        query("instance", "Instance", 'label_values(perfmon_build_info{job=~"$job"}, instance)'),
        query("tool", "Tool", `label_values(perfmon_tool_calls_total{${SOURCES}}, tool)`),
      ],
    },
    panels: panels(),
  };
}

/**
 * The provider with which Grafana loads dashboards out of a folder, as YAML for
 * /etc/grafana/provisioning/dashboards.
 */
export function provider(folder: string): string {
  return `# Lets Grafana load the dashboards in a folder; belongs in its provisioning/dashboards.
apiVersion: 1
providers:
  - name: perfmon
    type: file
    allowUiUpdates: false
    disableDeletion: false
    updateIntervalSeconds: 60
    options:
      path: ${JSON.stringify(folder)}
`;
}
