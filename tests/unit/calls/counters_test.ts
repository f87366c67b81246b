import { DURATION_BOUNDS } from "../../../src/calls/counters/counters.ts";
import { countersFromJson, countersToJson } from "../../../src/calls/counters/counters_json.ts";
import { type Sample } from "../../../src/row/sample.ts";
import { assert, assertEquals, assertThrows } from "../../std/std_assert.ts";
import { call, end, seedRow, start } from "../../kit/samples.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { count, figures } from "./counting.ts";

Deno.test("counters: a call counts when it ends, its start may have come long before", () => {
  const [begin, finish] = call("b1", 10, 12, { childCpuSeconds: 1 });
  const counters = count([begin!], call("b2", 11, 11.5, {}), [{ ...finish!, childCpuSeconds: 3 }]);
  assertEquals(figures(counters), {
    Bash: {
      calls: ["ok", 2],
      durations: ["6: 1", "8: 1"],
      durationSeconds: 2.5,
      waitSeconds: 0,
      cpuSeconds: 2,
    },
  });
  assertEquals(counters.open, []);
});

Deno.test("counters: a call's memory at its peak counts once, that of the background with its work, also after a restart", () => {
  const peak = (time: number, rest: Partial<Sample>): Sample => ({
    ...start(time, { toolUseId: "a", peakRss: 900_000, ...rest }),
    event: "peak",
  });
  const rows = [
    peak(2, { peakPss: 20 * 1024 }),
    peak(3, { status: "background" }),
    peak(9, {}),
    peak(10, { peakRss: undefined }),
  ];
  const { peaks = [], peakBytes } = count(call("a", 1, 2, {}), rows).tools.get("Bash") ?? {};
  assertEquals(peaks.flatMap((value, bucket) => value === 0 ? [] : [`${bucket}: ${value}`]), [
    "1: 1", // 32 MiB
    "6: 1", // 1 GiB
  ]);
  assertEquals(peakBytes, 1024 * (20 * 1024 + 900_000));
});

Deno.test("counters: of open calls no parameters are remembered", () => {
  const [begin] = call("b1", 10, 12, { params: "cat secret" });
  const { open } = count([begin!]);
  assertEquals(open.length, 1);
  assert(!JSON.stringify(open).includes("secret"));
});

Deno.test("counters: a subagent's run is one call, with its launch, whatever comes between", () => {
  const launch = call("launch", 99, 101, { toolName: "Agent", status: "background" });
  const run = [
    start(100, { toolName: "Agent", agentId: "sub" }),
    end(160, { toolName: "Agent", agentId: "sub" }),
  ];
  const rows = [launch[0]!, run[0]!, launch[1]!, run[1]!];
  const once = { calls: ["ok", 1], durations: ["12: 1"], durationSeconds: 60 };
  for (
    const portions of [[rows], rows.map((row) => [row]), [rows.slice(0, 3), [run[1]!, run[1]!]]]
  ) {
    assertEquals(figures(count(...portions)), {
      Agent: { ...once, waitSeconds: 0, cpuSeconds: 0 },
    });
  }
});

Deno.test("counters: stops of forks are no calls, and a run that only its stop tells of is its launch", () => {
  const launch = call("launch", 99, 101, { toolName: "Agent", status: "background" });
  const stop = end(160, { toolName: "Agent", agentId: "sub", agentType: "Explore" });
  const fork = end(150, { toolName: "Agent", agentId: "fork" });
  const rows = [...launch, fork, stop, { ...stop, timestamp: 160.01 }];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    const { calls } = count(...portions).tools.get("Agent")!;
    assertEquals(Object.values(calls).reduce((a, b) => a + b), 1, JSON.stringify(calls));
    assertEquals(count(...portions).open, []);
  }
});

Deno.test("counters: a run that TaskStop has ended is over, as it is in a report; what may be another's goes on", () => {
  const run = (id: string, time: number): Sample =>
    start(time, { toolName: "Agent", agentId: id, agentType: "Explore" });
  const stop = (id: string, time: number): Sample[] =>
    call(id, time - 0.1, time, { toolName: "TaskStop" });
  const background = call("bash", 12, 13, { status: "background" });
  const done = { ...end(15, { toolUseId: "bash" }), event: "done" as const };
  const cases: [Sample[], overs: boolean[]][] = [
    [[run("a", 10), ...stop("s", 20)], [true]],
    [[run("a", 10), ...stop("s", 20), run("b", 30)], [true, false]],
    [[run("a", 10), ...stop("s", 20), run("b", 30), ...stop("t", 40)], [true, true]],
    [[run("a", 10), run("b", 11), ...stop("s", 20)], [false, false]],
    [[run("a", 10), ...background, ...stop("s", 20)], [false]],
    [[run("a", 10), ...background, done, ...stop("s", 20)], [true]],
    [[...stop("s", 9), run("a", 10)], [false]],
  ];
  for (const [rows, overs] of cases) {
    for (const portions of [[rows], rows.map((row) => [row])]) {
      assertEquals(
        count(...portions).open.map(({ abandoned }) => abandoned),
        overs,
        JSON.stringify(rows),
      );
    }
    const reported = toCalls(rows).filter(({ isRun }) => isRun);
    assertEquals(reported.map(({ status }) => status === "abandoned"), overs);
  }
});

Deno.test("counters: a run that is resumed counts again", () => {
  const sub = { toolName: "Agent", agentId: "sub" };
  const rows = [start(1, sub), end(5, sub), start(10, sub), end(30, sub)];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    assertEquals(count(...portions).tools.get("Agent")?.calls.ok, 2);
  }
});

Deno.test("counters: rows without ids pair across portions as in one", () => {
  const rows = [
    seedRow(10, "start", "Read"),
    seedRow(11, "start", "Read"), // denied
    seedRow(20, "start", "Read"),
    seedRow(20.2, "end", "Read"),
  ];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    const counters = count(...portions);
    assertEquals(counters.tools.get("Read")?.durationSeconds.toFixed(3), "0.200");
    assertEquals(counters.tools.get("Read")?.calls.unknown, 1);
    assertEquals(counters.open.length, 2);
  }
});

Deno.test("counters: known tools stand at 0 from the start, 100 are told apart, the rest is other", () => {
  const rows = Array.from(
    { length: 150 },
    (_, index) => call(`t${index}`, index, index + 0.5, { toolName: `mcp__s__tool_${index}` }),
  ).flat();
  const { tools } = count(rows.slice(0, 200), rows.slice(200));
  assertEquals(tools.get("Bash")?.calls.ok, 0);
  assertEquals(tools.size, 101);
  assertEquals(tools.get("mcp__s__tool_84")?.calls.ok, 1);
  assertEquals(tools.get("other")?.calls.ok, 65);
  assertEquals([...tools.keys()].indexOf("mcp__s__tool_0"), 15);
});

Deno.test("counters: CPU that calls side by side share counts once", () => {
  const long = [start(1, { toolUseId: "a", childCpuSeconds: 5 })];
  const short = [
    start(2, { toolUseId: "b", toolName: "Read", childCpuSeconds: 10 }),
    end(3, { toolUseId: "b", toolName: "Read", childCpuSeconds: 12 }),
    start(4, { toolUseId: "c", childCpuSeconds: 14 }),
    end(5, { toolUseId: "c", childCpuSeconds: 15 }),
  ];
  const last = [end(9, { toolUseId: "a", childCpuSeconds: 20 })];
  const { tools } = count(long, short, last);
  assertEquals([tools.get("Read")?.cpuSeconds, tools.get("Bash")?.cpuSeconds], [2, 13]);
});

Deno.test("counters: shared CPU is that of the call that ended first, also where both come at once", () => {
  const names = { toolUseId: "a", toolName: "Read" };
  const rows = [
    start(1, { ...names, childCpuSeconds: 0 }),
    start(2, { toolUseId: "b", childCpuSeconds: 0 }),
    end(3, { toolUseId: "b", childCpuSeconds: 2 }),
    end(4, { ...names, childCpuSeconds: 5 }),
  ];
  const { tools } = count(rows);
  assertEquals([tools.get("Bash")?.cpuSeconds, tools.get("Read")?.cpuSeconds], [2, 3]);
});

Deno.test("counters: a client's CPU is a sum of differences, a pid given again begins anew", () => {
  const row = (processStart: number, cpuSeconds: number): Sample =>
    start(1, { toolUseId: `${cpuSeconds}`, processStart, cpuSeconds });
  const { client } = count([row(1, 100), row(1, 103)], [row(1, 102)], [row(50, 7), row(50, 9)]);
  assertEquals(client.seconds, 5);
});

Deno.test("counters: clients with one pid, side by side in two containers, keep their CPU", () => {
  const row = (processStart: number, time: number, cpuSeconds: number): Sample =>
    start(time, { toolUseId: `${time}`, processStart, cpuSeconds });
  const rows = [row(1, 1, 10), row(500, 2, 70), row(1, 3, 14), row(500, 4, 73)];
  assertEquals(count(rows).client.seconds, 7);
  assertEquals(count(...rows.map((each) => [each])).client.seconds, 7);
});

Deno.test("counters: a start that its session has left behind is no running call, also later", () => {
  const denied = [start(10, { toolUseId: "denied" })];
  const later = [...call("x", 50, 51), ...call("y", 100, 101)];
  assertEquals(
    count(denied, later, [start(102, { toolUseId: "now" })]).open.map((each) => each.abandoned),
    [true, false],
  );
});

Deno.test("counters: what is no state of them is refused", () => {
  const good = countersToJson(count(call("a", 1, 2)));
  const broken: Record<string, unknown>[] = [
    {},
    { ...good, since: "1" },
    { ...good, tools: [{ name: "Bash" }] },
    { ...good, open: [{ rows: [{}] }] },
    { ...good, ended: [1] },
    { ...good, clients: {} },
  ];
  for (const json of broken) assertThrows(() => countersFromJson(json), Error, "is missing");
});

Deno.test("counters: a duration of exactly a bound belongs below it", () => {
  for (const bound of DURATION_BOUNDS) {
    const rows = [end(1, { toolUseId: `${bound}`, durationMs: 1000 * bound })];
    const counted = count(rows).tools.get("Bash")?.durations ?? [];
    assertEquals(counted.indexOf(1), DURATION_BOUNDS.indexOf(bound));
  }
  const beyond = count([end(1, { toolUseId: "x", durationMs: 1e9 })]).tools.get("Bash");
  assertEquals(beyond?.durations.at(-1), 1);
});
