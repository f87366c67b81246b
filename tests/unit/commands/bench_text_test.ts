import { costWords, hookCostJson, parseHookCost } from "../../../src/log/hook_cost.ts";
import {
  type BenchFigures,
  benchRecord,
  benchText,
  costOf,
  hookCost,
} from "../../../src/commands/bench/bench_text.ts";
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { expectText } from "../../kit/snapshot.ts";

const FIGURES: BenchFigures = {
  rounds: 3,
  line: "exec /usr/bin/perfmon rec start",
  isInstalled: true,
  isAsync: false,
  records: "binary",
  measurements: [
    { name: "perfmon, start", side: "perfmon", seconds: [0.013, 0.014, 0.020], cpuSeconds: 0.012 },
    { name: "perfmon, end", side: "perfmon", seconds: [0.014, 0.015, 0.016], cpuSeconds: 0.013 },
    { name: "via spool, start", side: "other way", seconds: [0.002, 0.003, 0.004] },
    { name: "via spool, end", side: "other way", seconds: [0.002, 0.003, 0.003] },
    { name: "shell recipe, start", side: "recipe", seconds: [0.009, 0.010, 0.011] },
    { name: "shell recipe, end", side: "recipe", seconds: [] },
    { name: "/bin/true", side: "none", seconds: [0.001, 0.001, 0.002] },
  ],
  callSeconds: 0.58,
  calls: 1204,
};

Deno.test("benchText: each command's runs, and what a call waits for both hooks", async (t) => {
  await expectText(t, benchText(FIGURES, 80));
});

Deno.test("benchText: without a call there is no share; a recipe that ran is set beside", () => {
  const measurements = FIGURES.measurements.map((each) => ({ ...each, seconds: [0.01] }));
  const text = benchText({ ...FIGURES, measurements, callSeconds: undefined, calls: 0 }, 80);
  assertEquals(
    text.split("\n\n").at(-1),
    "A call waits 20.0ms for both hooks, no call is recorded yet to compare with;\n" +
      "with --via spool it would be 20.0ms, with the shell recipe 20.0ms\n",
  );
});

Deno.test("benchText: of hooks that nobody waits for it tells the CPU first", async (t) => {
  await expectText(t, benchText({ ...FIGURES, isAsync: true }, 80));
});

Deno.test("benchText: where the spool records, the binary is the other way", () => {
  const text = benchText({ ...FIGURES, records: "spool" }, 80);
  assertStringIncludes(text, "with --via binary it would be 6.0ms");
});

Deno.test("benchText: of hooks that start the sampler it tells what that uses, or that it does not know", () => {
  const line = "exec perfmon rec start --watch";
  const sampler = { cpuShare: 0.021, memoryRss: 45 * 1024, seconds: 3, start: 0.0131 };
  const text = (rest: Partial<BenchFigures>): string =>
    benchText({ ...FIGURES, ...rest }, 80).replaceAll("\n", " ");
  assertStringIncludes(
    text({ line, sampler }),
    "used 2.1% of a core and 45 MiB of memory in a call of 3.0s (less in a longer one); " +
      "a hook of a start that found it running, 13.1ms of CPU",
  );
  assertStringIncludes(text({ line }), "Not counted: the sampler");
  assertEquals(text({ sampler }).includes("sampler"), false);
});

Deno.test("what was not measured has no cost, never 0", () => {
  assertAlmostEquals(costOf(FIGURES, "perfmon") ?? 0, 0.029, 1e-9);
  assertEquals(costOf(FIGURES, "recipe"), undefined);
  assertEquals(benchRecord(FIGURES)["shell_recipe_end_seconds"], null);
  assertEquals(benchRecord(FIGURES)["bin_true_seconds"], 0.001);
});

Deno.test("the cost that is kept for status is read again; what is none is not", () => {
  const cost = hookCost(FIGURES, 1_769_000_000);
  assertEquals(cost, { time: 1_769_000_000, startSeconds: 0.014, endSeconds: 0.015 });
  assertEquals(parseHookCost(hookCostJson(cost!)), cost);
  const beside = hookCost({ ...FIGURES, isAsync: true }, 1_769_000_000);
  assertEquals(beside, { ...cost!, cpuSeconds: 0.025 });
  assertEquals(parseHookCost(hookCostJson(beside!)), beside);
  assertEquals(costWords(cost!), "29ms a call");
  assertEquals(costWords(beside!), "25ms of CPU a call, waited for by nobody");
  for (const text of ["", "{}", "null", '{"time":1,"start_seconds":"x","end_seconds":1}']) {
    assertEquals(parseHookCost(text), undefined);
  }
});
