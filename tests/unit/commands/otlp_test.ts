import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import type { Metric } from "../../../src/commands/export/metrics.ts";
import { otlpRequest } from "../../../src/commands/export/otlp_request.ts";
import { expectOtlp } from "../../std/otlp_schema.ts";

const CONTEXT = { version: "1.2.3", host: "h", labels: { user: "ada" }, since: 100, now: 160.5 };

interface Named {
  name: string;
  unit: string;
}

Deno.test("names and units follow OpenTelemetry's habits, and its conventions for processes", () => {
  const names = [
    "perfmon_tool_wait_seconds_total",
    "perfmon_tool_calls_total",
    "perfmon_running_calls",
    "perfmon_client_cpu_seconds_total",
    "perfmon_client_resident_memory_bytes",
    "perfmon_client_tree_resident_memory_bytes",
    "perfmon_log_bytes",
    "perfmon_log_bad_rows_total",
    "perfmon_build_info",
  ];
  const metrics = names.map((name): Metric => ({
    name,
    help: name,
    type: name.endsWith("_total") ? "counter" : "gauge",
    points: [{ labels: {}, value: 7 }],
  }));
  const request = otlpRequest(metrics, CONTEXT);
  expectOtlp(request);
  const { resourceMetrics } = request as {
    resourceMetrics: { scopeMetrics: { metrics: Named[] }[] }[];
  };
  const found = resourceMetrics.map(({ scopeMetrics }) =>
    scopeMetrics[0]?.metrics.map(({ name, unit }) => `${name} ${unit}`)
  );
  assertEquals(found, [
    [
      "perfmon.tool.wait s",
      "perfmon.tool.calls {call}",
      "perfmon.running_calls {call}",
      "perfmon.client.tree_resident_memory By",
      "perfmon.log.size By",
      "perfmon.log.bad_rows {row}",
    ],
    ["process.cpu.time s", "process.memory.usage By"],
  ]);
});

Deno.test("a counter is a cumulative monotonic sum, memory in use a sum that falls, a histogram by bucket", () => {
  const request = otlpRequest([
    {
      name: "perfmon_tool_calls_total",
      help: "Calls",
      type: "counter",
      points: [{ labels: { tool: "Bash" }, value: 2 ** 53 - 1 }],
    },
    {
      name: "perfmon_tool_duration_seconds",
      help: "Time",
      type: "histogram",
      bounds: [0.5, 1],
      points: [{ labels: {}, counts: [1, 0, 2], sum: 9.25 }],
    },
    {
      name: "perfmon_client_resident_memory_bytes",
      help: "Memory",
      type: "gauge",
      points: [{ labels: {}, value: 4096 }],
    },
  ], { ...CONTEXT, labels: {} });
  expectOtlp(request);
  const times = { startTimeUnixNano: "100000000000", timeUnixNano: "160500000000" };
  const attribute = (key: string, stringValue: string): unknown => ({
    key,
    value: { stringValue },
  });
  const scope = { name: "perfmon", version: "1.2.3" };
  const host = [attribute("service.instance.id", "h"), attribute("host.name", "h")];
  assertEquals(request, {
    resourceMetrics: [
      {
        resource: {
          attributes: [
            attribute("service.name", "perfmon"),
            ...host,
            attribute("service.version", "1.2.3"),
          ],
        },
        scopeMetrics: [{
          scope,
          metrics: [
            {
              name: "perfmon.tool.calls",
              description: "Calls",
              unit: "{call}",
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  { attributes: [attribute("tool", "Bash")], ...times, asInt: "9007199254740991" },
                ],
              },
            },
            {
              name: "perfmon.tool.duration",
              description: "Time",
              unit: "s",
              histogram: {
                aggregationTemporality: 2,
                dataPoints: [{
                  ...times,
                  count: "3",
                  sum: 9.25,
                  bucketCounts: ["1", "0", "2"],
                  explicitBounds: [0.5, 1],
                }],
              },
            },
          ],
        }],
      },
      {
        resource: { attributes: [attribute("service.name", "claude-code"), ...host] },
        scopeMetrics: [{
          scope,
          metrics: [{
            name: "process.memory.usage",
            description: "Memory",
            unit: "By",
            sum: {
              aggregationTemporality: 2,
              isMonotonic: false,
              dataPoints: [{ ...times, asInt: "4096" }],
            },
          }],
        }],
      },
    ],
  });
});

Deno.test("the check against OTLP's schema finds what breaks its JSON encoding", () => {
  const point = { timeUnixNano: "1", asInt: "5" };
  const body = (dataPoint: unknown, sum: unknown = {}): unknown => ({
    resourceMetrics: [{
      scopeMetrics: [{
        metrics: [{
          name: "m",
          sum: {
            aggregationTemporality: 2,
            isMonotonic: true,
            dataPoints: [dataPoint],
            ...sum as object,
          },
        }],
      }],
    }],
  });
  expectOtlp(body(point));
  const broken = [
    body({ ...point, asInt: 5 }),
    body({ ...point, timeUnixNano: 1 }),
    body({ ...point, time_unix_nano: "1" }),
    body({ ...point, labels: [] }),
    body(point, { aggregationTemporality: "AGGREGATION_TEMPORALITY_CUMULATIVE" }),
    body({ ...point, asDouble: "5" }),
  ];
  for (const each of broken) assertThrows(() => expectOtlp(each));
});
