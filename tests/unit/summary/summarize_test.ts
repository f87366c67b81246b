import type { Sample } from "../../../src/row/sample.ts";
import { summarize, tool } from "../../../src/summary/summarize.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { call, end, SAMPLES, start } from "../../kit/samples.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { Summary } from "../../../src/summary/summary.ts";

function groupOf(samples: readonly Sample[], name: string): Summary | undefined {
  return summarize(toCallList(samples)).groups.find((group) => group.name === name);
}

Deno.test("summarize: groups by total time, then by name; MCP tools under their server", () => {
  const { groups } = summarize(toCallList(SAMPLES));
  assertEquals(groups.map(({ name, kind }) => [name, kind]), [
    ["Agent", "agent"],
    ["Bash", "tool"],
    ["github", "mcp"],
    ["Read", "tool"],
  ]);
  const equal = [...call("a", 1, 2, { toolName: "B" }), ...call("b", 3, 4, { toolName: "A" })];
  assertEquals(summarize(toCallList(equal)).groups.map(({ name }) => name), ["A", "B"]);
});

Deno.test("summarize: tool gives each MCP tool a line", () => {
  const names = summarize(toCallList(SAMPLES), tool).groups.map(({ name }) => name);
  assertEquals(names, ["Agent", "Bash", "mcp__github__get_file", "mcp__github__search", "Read"]);
});

Deno.test("summarize: a tool named as an MCP server is another line", () => {
  const samples = [
    ...call("a", 1, 2, { toolName: "github" }),
    ...call("b", 3, 5, { toolName: "mcp__github__get" }),
  ];
  assertEquals(summarize(toCallList(samples)).groups.map(({ kind }) => kind), ["mcp", "tool"]);
});

Deno.test("summarize: calls without an end are counted apart", () => {
  const report = summarize(toCallList(SAMPLES));
  assertEquals([report.all.calls, report.abandoned, report.running.length], [6, 1, 1]);
});

Deno.test("summarize: overlaps count once in the total of all, not in a tool's", () => {
  const samples = [...call("a", 10, 14), ...call("b", 12, 16)];
  assertEquals(groupOf(samples, "Bash")?.totalSeconds, 8);
  assertEquals(summarize(toCallList(samples)).all.totalSeconds, 6); // 10 to 16
});

Deno.test("summarize: CPU that overlapping calls share counts once", () => {
  // The client's children had used 1 s at 10, 4 s at 16: 3 s, though each call saw 2 s or more of it.
  const samples = [
    start(10, { toolUseId: "a", childCpuSeconds: 1 }),
    start(12, { toolUseId: "b", childCpuSeconds: 2 }),
    end(14, { toolUseId: "a", childCpuSeconds: 3.5 }),
    end(16, { toolUseId: "b", childCpuSeconds: 4 }),
    ...[
      start(20, { toolUseId: "c", childCpuSeconds: 4 }),
      end(21, { toolUseId: "c", childCpuSeconds: 5 }),
    ],
  ];
  const bash = groupOf(samples, "Bash");
  assertAlmostEquals(bash?.cpuSeconds ?? NaN, 4, 1e-9); // 3 s and the 1 s of `c`
  assertEquals(bash?.isCpuShared, true);
});

Deno.test("summarize: background calls stay out of the quantiles and the maximum", () => {
  const samples = [
    ...call("a", 1, 3),
    start(10, { toolUseId: "b" }),
    end(130, { toolUseId: "b", status: "background" }),
  ];
  const bash = groupOf(samples, "Bash");
  assertEquals([bash?.calls, bash?.background, bash?.timed], [2, 1, 1]);
  assertEquals([bash?.p50Seconds, bash?.maxSeconds, bash?.totalSeconds], [2, 2, 122]);
});

Deno.test("summarize: nothing at all", () => {
  const { groups, all, firstTime } = summarize(toCallList([]));
  assertEquals([groups.length, all.calls, all.totalSeconds, firstTime], [
    0,
    0,
    undefined,
    undefined,
  ]);
});
