/** The rules of grafana/dashboard-linter (docs/index.md there), with --strict. */
import { type Dashboard, dashboard } from "../../../src/commands/export/grafana.ts";
import { metricsOf } from "../../../src/commands/export/metrics.ts";
import { Counters } from "../../../src/calls/counters/counters.ts";
import { assert, assertEquals, assertThrows } from "../../std/std_assert.ts";
import { selectorsOf, withRanges } from "./promql.ts";

/** Ids of Grafana's units (packages/grafana-data/src/valueFormats/categories.ts) among those in use. */
const UNITS = ["short", "percentunit", "s", "cpm", "bytes"];

const DATASOURCE = "${datasource}";

const { panels, templating, ...settings } = JSON.parse(JSON.stringify(dashboard())) as Dashboard;
const targets = panels.flatMap((panel) =>
  panel.targets.map((target) => ({ ...target, title: panel.title }))
);

Deno.test("dashboard: a stable uid, a title, and nobody edits it in place", () => {
  assertEquals([settings.uid, settings.editable], ["perfmon", false]);
  assert(settings.title.length > 0 && Number(settings["schemaVersion"]) >= 36);
});

Deno.test("template-datasource-rule, -job-, -instance-: variables for where the data comes from", () => {
  const [datasource, ...queries] = templating.list;
  assertEquals(
    [datasource?.type, datasource?.name, datasource?.label, datasource?.query],
    ["datasource", "datasource", "Data source", "prometheus"],
  );
  assertEquals(queries.map(({ name, label }) => [name, label]), [
    ["job", "Job"],
    ["instance", "Instance"],
    ["tool", "Tool"],
  ]);
  for (const { type, datasource, multi, allValue, refresh } of queries) {
    assertEquals([type, multi, allValue], ["query", true, ".+"]);
    assertEquals((datasource as { uid: string }).uid, DATASOURCE);
    assertEquals(refresh, 2, "template-on-time-change-reload-rule");
  }
});

Deno.test("template-label-promql-rule: variables ask by valid expressions for labels of ours", () => {
  for (const { query } of templating.list.slice(1)) {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(
      typeof query === "string" ? query : query.query,
    ) ?? [];
    assertEquals(selectorsOf(selector ?? "(").length, 1);
    assert(["job", "instance", "tool"].includes(label ?? ""));
  }
});

Deno.test("template-unused-rule: every variable is used", () => {
  for (const { name } of templating.list.slice(1)) {
    assert(targets.some(({ expr }) => expr.includes(`$${name}"`)), name);
  }
});

Deno.test("panel-datasource-rule, -title-description-, -units-, -no-targets-: every panel has them", () => {
  for (const panel of panels) {
    assertEquals([panel.datasource.uid, panel.datasource.type], [DATASOURCE, "prometheus"]);
    assert(panel.title.length > 0 && panel.description.length > 20, panel.title);
    assert(UNITS.includes(panel.fieldConfig.defaults.unit), panel.title);
    assert(panel.targets.length > 0, panel.title);
    for (const { datasource } of panel.targets) assertEquals(datasource.uid, DATASOURCE);
  }
  assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
  assertEquals(new Set(panels.map(({ title }) => title)).size, panels.length);
});

Deno.test("panels lie in Grafana's grid and on no other", () => {
  const taken = new Set<string>();
  for (const { gridPos: { x, y, w, h }, title } of panels) {
    assert(x >= 0 && x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        assert(!taken.has(`${column} ${row}`), title);
        taken.add(`${column} ${row}`);
      }
    }
  }
});

Deno.test("target-promql-rule, -job-, -instance-: every query is valid and asks for the sources chosen", () => {
  for (const { expr, title, legendFormat } of targets) {
    const selectors = selectorsOf(withRanges(expr, "5m"));
    assert(selectors.length > 0 && legendFormat.length > 0, title);
    for (const { matchers } of selectors) {
      assert(matchers.includes('job=~"$job"') && matchers.includes('instance=~"$instance"'), title);
    }
  }
});

Deno.test("target-rate-interval-rule, -counter-agg-, -histogram-: counters by rate or increase only", () => {
  for (const { expr, title, instant } of targets) {
    // Grafana's own variables, as durations that tell them apart.
    const marked = expr.replaceAll("$__rate_interval", "11m").replaceAll("$__range", "13m");
    for (const { metric, range, functions } of selectorsOf(marked)) {
      const isCounter = /_(total|bucket|sum|count)$/.test(metric);
      assertEquals(range !== undefined, isCounter, title);
      if (!isCounter) continue;
      assert(["rate", "increase"].includes(functions[0] ?? ""), title);
      assertEquals(range, instant ? "13m" : "11m", title);
      if (metric.endsWith("_bucket")) assert(functions.includes("histogram_quantile"), title);
    }
  }
});

Deno.test("every query asks for metrics and labels that the export has", () => {
  const moment = {
    ...{ runningCalls: 0, oldestRunning: 0, clients: 0, residentMemory: 0, treeResidentMemory: 0 },
    ...{ logRows: 0, logBytes: 0, lastRow: 0 },
  };
  const build = { version: "1", deno: "2" };
  const metrics = metricsOf(new Counters(0), { badRows: 0, errors: 0 }, moment, build);
  const labels = new Map(metrics.flatMap(({ name, points }) => {
    const names = Object.keys(points[0]?.labels ?? {});
    return ["", "_bucket", "_sum", "_count"].map((suffix) => [name + suffix, names]);
  }));
  for (const { expr } of targets) {
    for (const { metric, matchers } of selectorsOf(withRanges(expr, "5m"))) {
      const known = ["job", "instance", ...labels.get(metric) ?? []];
      assert(labels.has(metric), metric);
      for (const matcher of matchers) assert(known.includes(matcher.split(/[=!]/)[0]!), matcher);
    }
  }
});

Deno.test("the checks see what is broken", () => {
  assertThrows(() => selectorsOf("sum(rate(a_total[5m])"), Error, "no PromQL");
  assertEquals(selectorsOf('sum(rate(a_total{job="x"}[5m])) / b'), [
    { metric: "a_total", matchers: ['job="x"'], range: "5m", functions: ["rate"] },
    { metric: "b", matchers: [], range: undefined, functions: [] },
  ]);
});
