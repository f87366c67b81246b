/** Counters of random logs in portions. */
import fc from "fast-check";
import { Counters } from "../../../src/calls/counters/counters.ts";
import { type Sample } from "../../../src/row/sample.ts";
import { summarize, tool } from "../../../src/summary/summarize.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { count, figures } from "./counting.ts";

/** Calls of all kinds, their rows in order of time; some rows come twice, as with two hooks. */
const history = fc.array(
  fc.record({
    from: fc.nat(2000),
    seconds: fc.nat(300),
    tool: fc.constantFrom("Bash", "Read", "mcp__github__search"),
    status: fc.constantFrom("ok", "error", "interrupted", "background"),
    durationMs: fc.option(fc.nat(200_000), { nil: undefined }),
    hasEnd: fc.boolean(),
    isTwice: fc.boolean(),
  }),
  { maxLength: 30 },
).map((calls) =>
  calls.flatMap(({ from, seconds, tool, status, durationMs, hasEnd, isTwice }, index) => {
    const names = { toolName: tool, toolUseId: `toolu_${index}` } as const;
    const at = (time: number): Partial<Sample> => ({
      ...names,
      childCpuSeconds: time / 4,
      cpuSeconds: time / 8,
    });
    const to = from + seconds;
    const rows = [start(from, at(from))];
    if (hasEnd) {
      rows.push(end(to, {
        ...at(to),
        status: status as "ok",
        ...(durationMs === undefined ? {} : { durationMs }),
      }));
    }
    return isTwice
      ? [...rows, ...rows.map((row) => ({ ...row, timestamp: row.timestamp + 0.01 }))]
      : rows;
  }).sort((a, b) => a.timestamp - b.timestamp)
);

Deno.test("counters: however the rows come in portions, the same is counted", () => {
  fc.assert(fc.property(history, fc.array(fc.nat(120), { maxLength: 8 }), (rows, cuts) => {
    const bounds = [0, ...cuts.map((cut) => Math.min(cut, rows.length)), rows.length]
      .sort((a, b) => a - b);
    const portions = bounds.slice(1).map((to, index) => rows.slice(bounds[index], to));
    const whole = count(rows);
    const parts = count(...portions);
    assertEquals(figures(parts), figures(whole));
    assertAlmostEquals(parts.client.seconds, whole.client.seconds, 1e-6);
    assertEquals(parts.open.length, whole.open.length);
  }));
});

Deno.test("counters: count what the report counts", () => {
  fc.assert(fc.property(history, (rows) => {
    const { tools, open } = count(rows);
    const report = summarize(toCallList(rows), tool);
    for (const { name, calls, failed, background, waitSeconds, timed } of report.groups) {
      const counted = tools.get(name);
      assert(counted !== undefined);
      assertEquals(Object.values(counted.calls).reduce((a, b) => a + b), calls);
      assertEquals([counted.calls.error, counted.calls.background], [failed, background]);
      assertEquals(counted.durations.reduce((a, b) => a + b), timed);
      assertAlmostEquals(counted.waitSeconds, waitSeconds ?? 0, 1e-6);
    }
    assertEquals(open.length, report.running.length + report.abandoned);
  }));
});

Deno.test("counters: nothing goes down with more rows", () => {
  fc.assert(fc.property(history, (rows) => {
    const counters = new Counters(0);
    let before = flat(counters);
    for (const row of rows) {
      counters.add([row]);
      const after = flat(counters);
      before.forEach((value, index) => assert(after[index]! >= value));
      before = after;
    }
  }));
});

function flat({ tools, client }: Counters): number[] {
  return [
    client.seconds,
    ...[...tools.values()].flatMap(({ calls, durations, peaks, ...seconds }) => [
      ...Object.values(calls),
      ...durations,
      ...peaks,
      ...Object.values(seconds),
    ]),
  ];
}
