import { exposition, isLabelName } from "../../../src/commands/export/exposition.ts";
import type { Metric } from "../../../src/commands/export/metrics.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("exposition: a metric is its help, its type and its series, the common labels first", () => {
  const metrics: Metric[] = [
    {
      name: "a_total",
      help: 'What "a" is: \\ and\nmore',
      type: "counter",
      points: [
        { labels: {}, value: 1 },
        { labels: { tool: 'x"y\\z\nö' }, value: 0.25 },
      ],
    },
    { name: "b", help: "Not known now", type: "gauge", points: [] },
  ];
  assertEquals(
    exposition(metrics, { user: "ada" }),
    `# HELP a_total What "a" is: \\\\ and\\nmore
# TYPE a_total counter
a_total{user="ada"} 1
a_total{user="ada",tool="x\\"y\\\\z\\nö"} 0.25
`,
  );
  assertEquals(exposition(metrics.slice(0, 1)).split("\n")[2], "a_total 1");
});

Deno.test("exposition: a histogram's buckets add up, the last one holds all", () => {
  const point = { labels: { tool: "Bash" }, counts: [2, 0, 1, 4], sum: 17.5 };
  const histogram: Metric = {
    name: "d_seconds",
    help: "Durations",
    type: "histogram",
    bounds: [0.005, 1, 2.5],
    points: [point],
  };
  assertEquals(
    exposition([histogram]),
    `# HELP d_seconds Durations
# TYPE d_seconds histogram
d_seconds_bucket{tool="Bash",le="0.005"} 2
d_seconds_bucket{tool="Bash",le="1"} 2
d_seconds_bucket{tool="Bash",le="2.5"} 3
d_seconds_bucket{tool="Bash",le="+Inf"} 7
d_seconds_sum{tool="Bash"} 17.5
d_seconds_count{tool="Bash"} 7
`,
  );
});

Deno.test("exposition: large and odd numbers are written as Prometheus reads them", () => {
  const values = [0, 1e21, 1e-9, Infinity, -Infinity, NaN];
  const points = values.map((value) => ({ labels: {}, value }));
  const lines = exposition([{ name: "x", help: "X", type: "gauge", points }]).split("\n").slice(
    2,
    -1,
  );
  assertEquals(lines, ["x 0", "x 1e+21", "x 1e-9", "x +Inf", "x -Inf", "x NaN"]);
});

Deno.test("labels: names after Prometheus' rules that are not taken", () => {
  for (const name of ["user", "_team", "Host9"]) assertEquals(isLabelName(name), true, name);
  for (const name of ["", "9a", "a-b", "ä", "__name__", "tool", "status", "le", "version"]) {
    assertEquals(isLabelName(name), false, name);
  }
});
