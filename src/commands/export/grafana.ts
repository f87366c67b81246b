import { CHARTS, type PanelPlan, type PanelType, SOURCES, STATS } from "./grafana_panels.ts";

/** A Grafana dashboard as file provisioning takes it, as far as perfmon fills it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: false;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
  readonly [setting: string]: unknown;
}

/** A choice at the top of the dashboard, such as the data source or a tool. */
export interface Variable {
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
  readonly datasource: DataSource;
  readonly gridPos: Place;
  readonly fieldConfig: { readonly defaults: { readonly unit: string }; readonly overrides: [] };
  readonly targets: readonly Target[];
  readonly options: unknown;
}

/** A query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: DataSource;
  readonly instant: boolean;
  readonly range: boolean;
}

/** The place and size of a panel in the units of Grafana's grid, which is 24 wide. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The data source of a panel or query. */
export interface DataSource {
  readonly type: "prometheus";
  readonly uid: string;
}

const DATASOURCE: DataSource = { type: "prometheus", uid: "${datasource}" };
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
