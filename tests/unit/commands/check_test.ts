import { assertAlmostEquals, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { call, end, seedRow, start } from "../../kit/samples.ts";
import { type Call } from "../../../src/calls/call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { checkCalls, type Finding } from "../../../src/commands/check/check_calls.ts";
import type { Limits, ToolRule } from "../../../src/commands/check/rules.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import type { CheckInput } from "../../../src/commands/check/gauge.ts";

const NOW = 10_000;

function check(
  samples: readonly Sample[],
  limits: Limits,
  tools: readonly ToolRule[] = [],
  rest: Partial<CheckInput> & { minCalls?: number } = {},
): Finding[] {
  const calls: Call[] = toCalls(samples);
  return checkCalls({
    calls,
    open: calls.filter(({ status }) => status === "running"),
    rules: { limits, tools, minCalls: rest.minCalls ?? 1 },
    isOfTools: false,
    now: NOW,
    ...rest,
  });
}

function states(findings: readonly Finding[]): string[] {
  return findings.map(({ threshold, state, measure }) =>
    `${threshold} ${state}${measure === undefined ? "" : ` ${measure.value}`}`
  );
}

Deno.test("max-duration: every call over its limit, the furthest over first; one at the limit is kept", () => {
  const samples = [...call("a", 0, 5), ...call("b", 10, 17), ...call("c", 20, 29)];
  assertEquals(states(check(samples, { "max-duration": 5 })), [
    "max-duration fail 9",
    "max-duration fail 7",
  ]);
  assertEquals(states(check(samples, { "max-duration": 9 })), ["max-duration pass 9"]);
});

Deno.test("max-duration: what went on in the background has no duration", () => {
  const samples = [start(0, { toolUseId: "a" }), end(9, { toolUseId: "a", status: "background" })];
  assertEquals(states(check(samples, { "max-duration": 1 })), ["max-duration few"]);
});

Deno.test("durations: agents and questions to the person are set apart, unless they are asked for", () => {
  const samples = [
    ...call("a", 0, 50, { toolName: "Agent" }),
    ...call("q", 60, 90, { toolName: "AskUserQuestion" }),
    ...call("b", 200, 202),
    start(300, { toolName: "ExitPlanMode", toolUseId: "p" }),
  ];
  const limits = { "max-duration": 10, "max-p95": 10, "max-open": 10 };
  assertEquals(states(check(samples, limits)), [
    "max-duration pass 2",
    "max-p95 few",
    "max-open pass",
  ]);
  const own = [{ glob: "Agent", limits: { "max-duration": 20 } }];
  assertEquals(states(check(samples, { "max-duration": 10 }, own)), ["max-duration fail 50"]);
  const isOfTools = { isOfTools: true };
  assertEquals(states(check(samples, { "max-open": 10 }, [], isOfTools)), ["max-open fail 9700"]);
});

Deno.test("a tool's own limit stands for the general one, and null for none", () => {
  const samples = [...call("a", 0, 50), ...call("b", 60, 150, { toolName: "Agent" })];
  const tools = [
    { glob: "B*", limits: { "max-duration": 60 } },
    { glob: "Bash", limits: { "max-duration": 1 } },
    { glob: "agent", limits: { "max-duration": null } },
  ];
  assertEquals(states(check(samples, { "max-duration": 10 }, tools)), ["max-duration pass 50"]);
});

Deno.test("a rule for an MCP server holds for its tools", () => {
  const samples = call("a", 0, 50, { toolName: "mcp__github__search" });
  const tools = [{ glob: "github", limits: { "max-duration": 10 } }];
  assertEquals(states(check(samples, {}, tools)), ["max-duration fail 50"]);
});

Deno.test("max-p95: by tool, of 20 calls or more; the others are named", () => {
  const samples = Array.from({ length: 20 }, (_, i) => call(`c${i}`, 10 * i, 10 * i + 1)).flat();
  const read = call("r", 500, 590, { toolName: "Read" });
  const [finding, ...rest] = check([...samples, ...read], { "max-p95": 0.5 });
  assertEquals(rest, []);
  assertEquals([finding?.state, finding?.measure?.tool], ["fail", "Bash"]);
  assertAlmostEquals(finding?.measure?.value ?? 0, 1, 1e-9);
  assertStringIncludes(finding?.reason ?? "", "fewer than 20 calls: Read 1");
  assertEquals(states(check(read, { "max-p95": 0.5 })), ["max-p95 few"]);
});

Deno.test("max-failures: by tool, of the calls that say how they ended", () => {
  const failed = { status: "error" } as const;
  const samples = [
    ...call("a", 0, 1),
    start(2, { toolUseId: "b" }),
    end(3, { toolUseId: "b", ...failed }),
    ...call("r", 4, 5, { toolName: "Read" }),
    seedRow(6, "start", "Read"),
    seedRow(7, "end", "Read"),
  ];
  const [finding, ...rest] = check(samples, { "max-failures": 0.2 });
  assertEquals(rest, []);
  assertEquals(finding?.measure, {
    value: 0.5,
    limit: 0.2,
    tool: "Bash",
    detail: "1 of 2 calls",
  });
  assertEquals(states(check(samples, { "max-failures": 0.2 }, [], { minCalls: 3 })), [
    "max-failures few",
  ]);
});

Deno.test("max-open: the time that a call without an end takes so far", () => {
  const samples = [start(NOW - 700, { toolUseId: "a" })];
  assertEquals(states(check(samples, { "max-open": 600 })), ["max-open fail 700"]);
  assertEquals(states(check(call("a", 0, 1), { "max-open": 600 })), ["max-open pass"]);
});

/** A client that had used 1000 s before, then 8 s itself and 2 s in children over 20 s, half of it in a call. */
const BUSY = [
  ...withCpu("a", 0, 5, [1000, 500], [1001, 502]),
  ...withCpu("b", 15, 20, [1007, 502], [1008, 502], { toolName: "Read" }),
];

function withCpu(
  id: string,
  from: number,
  to: number,
  [cpuSeconds, childCpuSeconds]: readonly [number, number],
  after: readonly [number, number],
  rest: Partial<Sample> = {},
): Sample[] {
  return [
    start(from, { toolUseId: id, cpuSeconds, childCpuSeconds, cpuPercent: 99, ...rest }),
    end(to, { toolUseId: id, cpuSeconds: after[0], childCpuSeconds: after[1], ...rest }),
  ];
}

Deno.test("max-cpu: what was used between the first and the last row, never over the process's life", () => {
  const [finding] = check(BUSY, { "max-cpu": 40 });
  assertEquals([finding?.state, finding?.measure?.value], ["fail", 50]);
  assertEquals(states(check(BUSY, { "max-cpu": 50 })), ["max-cpu pass 50"]);
});

Deno.test("max-cpu: of a tool over the time in its calls, overlapping ones taken as one", () => {
  const tools = [{ glob: "Bash", limits: { "max-cpu": 50 } }];
  assertEquals(states(check(BUSY, {}, tools)), ["max-cpu fail 60"]);
  const bash = [
    ...withCpu("a", 0, 4, [0, 0], [0, 1]),
    ...withCpu("b", 2, 10, [0, 0.5], [0, 6]),
  ];
  assertEquals(states(check(bash, { "max-cpu": 50 }, [], { isOfTools: true })), [
    "max-cpu fail 60",
  ]);
});

Deno.test("max-cpu: rows without CPU seconds are not judged, nor less than a second", () => {
  assertEquals(states(check(call("a", 0, 9), { "max-cpu": 1 })), ["max-cpu unknown"]);
  const short = withCpu("a", 0, 0.5, [1, 1], [2, 2]);
  assertEquals(states(check(short, { "max-cpu": 1 })), ["max-cpu few"]);
});

Deno.test("max-peak: each call whose processes held more, where any was watched", () => {
  const peak = (id: string, kib: number): Sample => ({
    ...start(9, { toolUseId: id, peakRss: 2 * kib, peakPss: kib, peakProcess: "rustc" }),
    event: "peak",
  });
  const rows = [...call("a", 0, 1), peak("a", 2048), ...call("b", 2, 3), peak("b", 512)];
  const findings = check(rows, { "max-peak": 1024 * 1024 });
  assertEquals(states(findings), ["max-peak fail 2097152"]);
  assertEquals(findings[0]?.measure?.detail, "most of it rustc");
  assertEquals(states(check(call("a", 0, 1), { "max-peak": 1 })), ["max-peak unknown"]);
  const read = call("a", 0, 1, { toolName: "Read" });
  assertEquals(states(check(read, { "max-peak": 1 })), ["max-peak few"]);
});

Deno.test("max-rss: the most of each client, with what runs below it where that is known", () => {
  const samples = [
    ...call("a", 0, 1, { memoryRss: 1024, treeRss: 3072 }),
    ...call("b", 2, 3, { memoryRss: 2048, sessionId: "t" }),
  ];
  const findings = check(samples, { "max-rss": 1.5 * 1024 * 1024 });
  assertEquals(states(findings), ["max-rss fail 3145728", "max-rss fail 2097152"]);
  assertEquals(findings[0]?.measure?.detail, "the client alone 1.0 MiB");
  assertEquals(states(check(call("a", 0, 1), { "max-rss": 1 })), ["max-rss unknown"]);
});

Deno.test("max-growth: the slope of a session, of 20 rows over 10 minutes or more", () => {
  // 1 MiB a minute.
  const growing = (count: number): Sample[] =>
    Array.from({ length: count }, (_, i) => call(`c${i}`, 60 * i, 60 * i + 30, {}))
      .flat().map((row) => ({ ...row, memoryRss: 100_000 + row.timestamp * 1024 / 60 }));
  const [finding] = check(growing(20), { "max-growth": 50 * 1024 ** 2 / 3600 });
  assertEquals(finding?.state, "fail");
  assertAlmostEquals(finding?.measure?.value ?? 0, 60 * 1024 ** 2 / 3600, 1);
  assertEquals(states(check(growing(5), { "max-growth": 1 })), ["max-growth few"]);
});
