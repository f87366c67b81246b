/** Calls as they end: each once, whatever order and doubles their rows come in. */
import { CallFollower } from "../../../src/live/call_follower.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { call, end, start } from "../../kit/samples.ts";

/** The durations of the calls that each batch ends. */
function told(...batches: (readonly Sample[])[]): (number | undefined)[][] {
  const follower = new CallFollower();
  return batches.map((batch) => follower.add(batch).map((each) => each.durationSeconds));
}

Deno.test("CallFollower: a call is told when its end comes, once", () => {
  const [first, last] = call("a", 1, 3);
  assertEquals(told([first!], [], [last!], [start(9)]), [[], [], [2], []]);
});

Deno.test("CallFollower: doubles of a call's rows tell nothing new, also earlier ones that come late", () => {
  const rows = call("a", 1, 3);
  assertEquals(told(rows, call("a", 1.01, 3.01), call("a", 0.99, 2.99)), [[2], [], []]);
});

Deno.test("CallFollower: a subagent's run is told at its stop, and not again when its launch returns", () => {
  assertEquals(
    told(
      [start(1, { toolName: "Agent", toolUseId: "l" })],
      [start(2, { toolName: "Agent", agentId: "x" })],
      [end(7, { toolName: "Agent", agentId: "x" })],
      [end(8, { toolName: "Agent", toolUseId: "l", durationMs: 7000 })],
    ),
    [[], [], [5], []],
  );
});

Deno.test("CallFollower: beside a call that still runs the CPU is shared", () => {
  const follower = new CallFollower();
  const calls = follower.add([start(1, { toolUseId: "long" }), ...call("short", 2, 3)]);
  assertEquals(calls.map(({ shared }) => shared), [true]);
});

Deno.test("CallFollower: a start is kept, however many calls end before it does", () => {
  const follower = new CallFollower();
  follower.add([start(0, { toolUseId: "long", sessionId: "other", pid: 7 })]);
  let count = 0;
  for (let index = 0; index < 3000; index++) {
    count += follower.add(call(`${index}`, index, index + 0.5)).length;
  }
  assertEquals(count, 3000);
  const [last] = follower.add([end(3001, { toolUseId: "long", sessionId: "other", pid: 7 })]);
  assertEquals(last?.durationSeconds, 3001);
});
