import { decodePage, encodePage } from "../../../src/page/data/page_data.ts";
import { binOf, Distribution, startOfBin } from "../../../src/page/sections/distribution.ts";
import { cpuSeries, memorySeries } from "../../../src/page/sections/resource_series.ts";
import { SessionCalls } from "../../../src/page/session_calls.ts";
import { formatState, parseState, targetOf } from "../../../src/page/state.ts";
import { thinCalls } from "../../../src/page/thin_calls.ts";
import { TimeScale } from "../../../src/page/timeline/time_scale.ts";
import { TurnBands } from "../../../src/page/timeline/turn_band.ts";
import { TimelineLayout } from "../../../src/page/timeline/timeline_layout.ts";
import { call, end, start } from "../../kit/samples.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert, assertAlmostEquals, assertEquals, assertLess } from "../../std/std_assert.ts";
import { toCallList, toCalls } from "../../../src/calls/to_calls.ts";

const DAY = 86_400;

Deno.test("time scale: nights are cut, times in the days keep their distances", () => {
  const begins = [0, 200, 400, 600, DAY, DAY + 200, DAY + 400, DAY + 600];
  const scale = new TimeScale(begins, begins.map((begin) => begin + 10));
  assertLess(scale.length, 2 * 610 * 1.2);
  assertAlmostEquals(scale.toOffset(600) - scale.toOffset(0), 600, 1e-6);
  assertAlmostEquals(scale.toOffset(DAY + 600) - scale.toOffset(DAY), 600, 1e-6);
  for (const time of [0, 300, 610, 700, DAY / 2, DAY, DAY + 605]) {
    assertAlmostEquals(scale.toTime(scale.toOffset(time)), time, 1e-4);
  }
  assertEquals(scale.cuts(0, scale.length).length, 1);
  assertEquals(new TimeScale([0, 100], [50, 150]).cuts(0, 1e9), []);
});

Deno.test("time scale: no call and one call are fine", () => {
  for (const times of [[], [5]]) {
    const scale = new TimeScale(times, times);
    assert(scale.length > 0);
    assert(Number.isFinite(scale.toTime(scale.length / 2)));
  }
});

function layOut(samples: readonly Sample[], made = 1000): TimelineLayout {
  const facts = {
    perfmon: "0",
    made,
    covers: "",
    notes: [],
    findings: { changes: [] },
    before: "",
    flags: {},
  };
  const page = decodePage(encodePage(toCallList(samples), facts));
  return new TimelineLayout(page, made, new SessionCalls(page));
}

Deno.test("timeline: the sessions of a project are one under the other, the first row has its name", () => {
  const facts = { perfmon: "0", made: 1000, covers: "", notes: [], before: "", flags: {} };
  const at = (session: string, time: number): Sample[] =>
    call(`${session}${time}`, time, time + 10, { sessionId: session });
  const samples = [...at("a", 0), ...at("b", 5), ...at("c", 8), ...at("d", 100)];
  const page = decodePage(encodePage(toCallList(samples), { ...facts, findings: { changes: [] } }));
  const projects = ["", "api", "web", "api", "api"];
  const layout = new TimelineLayout(page, 1000, new SessionCalls(page), (each) => projects[each]!);
  assertEquals(
    layout.rows().map(({ name, blocks }) => [name, ...blocks.map(({ session }) => session)]),
    [["api", 1, 4], ["", 3], ["web", 2]],
  );
});

Deno.test("timeline: calls side by side are in lanes, sessions one after the other share a row", () => {
  const other = { sessionId: "t", pid: 200 };
  const layout = layOut([
    ...call("a", 0, 10),
    ...call("b", 5, 15),
    ...call("c", 20, 30),
    ...call("d", 40, 50, other),
  ]);
  assertEquals(layout.rows().map(({ lanes }) => lanes.map((lane) => [...lane])), [[[0, 2, 3], [
    1,
  ]]]);
  assertEquals(layout.rows(2).map(({ lanes }) => lanes.map((lane) => [...lane])), [[[3]]]);
  const beside = layOut([...call("a", 0, 10), ...call("d", 5, 9, other)]);
  assertEquals(beside.rows().length, 2);
});

Deno.test("timeline: an open call reaches the right edge, a call without a start begins by its duration", () => {
  const layout = layOut([
    ...call("a", 0, 10),
    start(20, { toolUseId: "open" }),
    end(30, { toolUseId: "late", durationMs: 4000, sessionId: "t" }),
  ]);
  assertEquals(layout.ends[1], layout.scale.length);
  assertAlmostEquals(layout.begins[2]!, 26, 1e-3);
});

Deno.test("distribution: bins hold the durations from where they begin, quantiles stand in them", () => {
  const distribution = new Distribution();
  for (const seconds of [0.0001, 0.001, 0.0013, 1, 1.2, 90]) {
    distribution.add("Bash", binOf(seconds), 1);
  }
  const counts = distribution.counts("Bash");
  assertEquals([counts[0], counts[1], counts[30], counts[49]], [2, 1, 2, 1]);
  assertEquals(distribution.bins, 50);
  assertAlmostEquals(startOfBin(30), 1, 1e-9);
  assertAlmostEquals(distribution.position(1), 30 / 50, 1e-9);
});

Deno.test("resources: CPU is spread over the time between rows, memory has a gap where a process ends", () => {
  const calls = toCalls([
    start(0, { toolUseId: "a", memoryRss: 1024, cpuSeconds: 1, childCpuSeconds: 0 }),
    end(4, { toolUseId: "a", memoryRss: 2048, cpuSeconds: 2, childCpuSeconds: 1 }),
    start(8, { toolUseId: "b", memoryRss: 512, cpuSeconds: 9, childCpuSeconds: 9, pid: 7 }),
    end(10, { toolUseId: "b", memoryRss: 512, cpuSeconds: 9, childCpuSeconds: 9, pid: 7 }),
  ]);
  assertEquals(memorySeries(calls), { times: [0, 4, 8, 8, 10], values: [1, 2, null, 0.5, 0.5] });
  assertEquals(cpuSeries(calls, 0, 10, 5).values, [50, 50, null, null, 0]);
});

Deno.test("state: what the fragment says comes back, what makes no sense is left out", () => {
  const state = {
    tool: "a&b=#ü",
    session: "7d1f",
    from: 12.5,
    sort: "-calls",
    wide: true,
    call: 3,
  };
  assertEquals(parseState(formatState(state)), state);
  assertEquals(parseState("#from=soon&call=&tool=&nonsense=1&wide=2"), {});
  assertEquals(targetOf("#tool=Bash&at=tools"), "tools");
});

Deno.test("resources: of many calls the extremes of each moment are kept, of few all", () => {
  const { columns, indices: all } = toCallList(
    Array.from({ length: 20_000 }, (_, index) => {
      const from = index / 10;
      return call(`${index}`, from, from + (index === 18_003 ? 50 : 0.1), {
        memoryRss: index === 12_345 ? 9000 : index === 12_346 ? 1 : 500,
        status: index === 7001 ? "error" : "ok",
      });
    }).flat(),
  );
  const kept = [...thinCalls(columns, all)];
  for (const call of [0, 7001, 12_345, 12_346, 18_003, 19_999]) {
    assert(kept.includes(call), `${call}`);
  }
  assertLess(kept.length, 5000);
  assertEquals(kept, kept.toSorted((a, b) => a - b));
  assertEquals(thinCalls(columns, all.subarray(0, 100)).length, 100);
});

Deno.test("turn bands: a turn is divided as its parts are, before it stands the person's time", () => {
  const scale = new TimeScale([0, 100], [10, 200]);
  const turns = [
    { session: 1, from: 0, to: 100, parts: [75, 20, 0, 5, 0, 0], own: 0 },
    { session: 2, from: 50, to: 60, parts: [10, 0, 0, 0, 0, 0], own: 0 },
    { session: 1, from: 120, to: 200, parts: [40, 0, 0, 0, 0, 0], own: 20 },
  ];
  const bands = new TurnBands(turns, scale);
  assertEquals(bands.of(1).map(({ from, to }) => [from, to]), [
    ...[[0, 75], [75, 95], [95, 100]],
    ...[[100, 120], [120, 200]],
  ]);
  assertEquals(bands.of(2).length, 1);
  assertEquals(new TurnBands([], scale).of(1), []);
});
