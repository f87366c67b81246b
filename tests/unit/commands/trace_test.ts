/** The rules of the Trace Event Format, which its readers hold a trace to or draw it wrongly. */
import fc from "fast-check";
import { type TraceEvent, traceEvents } from "../../../src/commands/export/trace_events.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { randomLog } from "../../kit/random_logs.ts";
import { call, commandSamples, end, SAMPLES, start } from "../../kit/samples.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

function eventsOf(rows: readonly Sample[], withCommands = true): TraceEvent[] {
  const list = toCallList(rows);
  const { turns } = turnsOf(rows.filter(({ event }) => /prompt|stop/.test(event)), list);
  return [...traceEvents({ calls: list.calls, turns, now: 100_000, withCommands })];
}

/** Throws where a rule is broken. */
function expectRules(events: readonly TraceEvent[]): void {
  const tracks = new Map<string, TraceEvent[]>();
  const named = new Set<string>();
  for (const event of events) {
    const { ph, pid, tid, ts, dur, args } = event;
    assert(Number.isSafeInteger(pid) && pid > 0, "a process's number");
    if (ph === "M") {
      named.add(`${event.name.split("_")[0]} ${pid} ${tid ?? ""}`);
      continue;
    }
    assert(Number.isSafeInteger(ts), `microseconds: ${ts}`);
    if (ph === "C") assert(Object.values(args ?? {}).every(Number.isFinite), "a counter's value");
    else {
      const track = `${pid} ${tid}`;
      if (ph === "X") assert(Number.isSafeInteger(dur) && dur! >= 0, `duration: ${dur}`);
      if (ph === "X") tracks.set(track, [...tracks.get(track) ?? [], event]);
      assert(named.has(`thread ${track}`), `track ${track} has no name before its first event`);
    }
    assert(named.has(`process ${pid} `), "a process has its name first");
  }
  for (const [track, slices] of tracks) expectNested(track, slices);
}

/** Each slice lies wholly in the one that is open, or behind it: what Perfetto's importer asks of a thread. */
function expectNested(track: string, slices: readonly TraceEvent[]): void {
  const open: number[] = [];
  const sorted = slices.toSorted((a, b) => a.ts! - b.ts! || b.dur! - a.dur!);
  for (const { ts = 0, dur = 0, name } of sorted) {
    while (open.length > 0 && open.at(-1)! <= ts) open.pop();
    assert(open.length === 0 || ts + dur <= open.at(-1)!, `${name} on ${track} overlaps in part`);
    open.push(ts + dur);
  }
}

Deno.test("traceEvents: any log's trace keeps the format's rules, and has each call once that was not abandoned", () => {
  fc.assert(fc.property(randomLog, (rows) => {
    const events = eventsOf(rows);
    expectRules(events);
    const drawn = toCallList(rows).calls.filter(({ status }) => status !== "abandoned");
    assertEquals(events.filter(({ cat }) => cat === "call").length, drawn.length);
  }));
  expectRules(eventsOf(SAMPLES));
  expectRules(eventsOf(commandSamples()));
});

Deno.test("traceEvents: calls at the same time are on tracks of their own, a subagent's too", () => {
  const events = eventsOf([
    ...call("a", 10, 20),
    ...call("b", 12, 30),
    ...call("c", 21, 25),
    ...call("d", 13, 14, { agentId: "sub", agentType: "Explore" }),
  ].sort((a, b) => a.timestamp - b.timestamp));
  const tracks = new Map(
    events.filter(({ name }) => name === "thread_name").map((
      { tid, args },
    ) => [tid, args?.["name"]]),
  );
  const placed = events.filter(({ cat }) => cat === "call")
    .map(({ tid, ts = 0, dur = 0 }) => [tracks.get(tid), ts / 1e6, dur / 1e6]);
  assertEquals(placed, [
    ["calls", 10, 10],
    ["calls 2", 12, 18],
    ["Explore sub", 13, 1],
    ["calls", 21, 4],
  ]);
});

Deno.test("traceEvents: what a call waited lies in it, counters say memory, turns their parts", () => {
  const rest = { sessionId: "7d1f20c4", project: "api", toolUseId: "t" };
  const rows: Sample[] = [
    { ...start(5, { ...rest, toolName: "unknown" }), event: "prompt" },
    start(10, { ...rest, memoryRss: 2048, command: "npm test" }),
    end(20, { ...rest, memoryRss: 4096, durationMs: 7000, command: "npm test" }),
    { ...end(25, { ...rest, toolName: "unknown" }), event: "stop" },
  ];
  const events = eventsOf(rows);
  const of = (cat: string): unknown[] =>
    events.filter((event) => event.cat === cat).map(({ name, ts, dur }) => [name, ts, dur]);
  assertEquals(of("call"), [["Bash npm test", 10_000_000, 10_000_000]]);
  assertEquals(of("wait"), [["gate", 10_000_000, 3_000_000]]);
  assertEquals(of("turn"), [["turn 1", 5_000_000, 20_000_000]]);
  const memory = events.filter(({ ph }) => ph === "C").map(({ ts, args }) => [ts, args?.["MiB"]]);
  assertEquals(memory, [[10_000_000, 2], [20_000_000, 4]]);
  assertEquals(eventsOf(rows, false).some(({ name }) => name.includes("npm")), false);
});
