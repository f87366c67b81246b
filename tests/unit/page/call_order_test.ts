import { CallOrder } from "../../../src/page/call_order.ts";
import { call } from "../../kit/samples.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";

/** Calls 0 to 3: the third says nothing of its output, the first and the last are alike. */
function order(): CallOrder {
  const samples = [
    ...call("a", 0, 2, { toolName: "Read", outputBytes: 10 }),
    ...call("b", 10, 15, { toolName: "Bash", command: "npm test", outputBytes: 3_000_000 }),
    ...call("c", 20, 20.5, { toolName: "Bash", command: "git push" }),
    ...call("d", 30, 32, { toolName: "Edit", outputBytes: 10 }),
  ];
  return new CallOrder(toCallList(samples).columns);
}

Deno.test("call order: figures greatest first, or least; what is not known is last either way", () => {
  assertEquals([...order().of("duration", false)], [1, 0, 3, 2]);
  assertEquals([...order().of("duration", true)], [2, 0, 3, 1]);
  assertEquals([...order().of("output", false)], [1, 0, 3, 2]);
  assertEquals([...order().of("output", true)], [0, 3, 1, 2]);
});

Deno.test("call order: names by tool, then command; the newest first", () => {
  assertEquals([...order().of("name", false)], [2, 1, 3, 0]);
  assertEquals([...order().of("name", true)], [0, 3, 1, 2]);
  assertEquals([...order().of("time", false)], [3, 2, 1, 0]);
  assertEquals([...order().of("time", true)], [0, 1, 2, 3]);
});

Deno.test("call order: the first few by a figure are those that lead when all are in order", () => {
  const few = (rank: "duration" | "output", isReversed: boolean, calls = [0, 1, 2, 3]) =>
    Array.from(order().first(Int32Array.from(calls), rank, isReversed, 2) ?? []);
  assertEquals(few("duration", false), [1, 0]);
  assertEquals(few("duration", true), [2, 0]);
  assertEquals(few("output", true), [0, 3]);
  assertEquals(few("output", false, [2, 3]), [3, 2]);
  assertEquals(order().first(Int32Array.from([0]), "name", false, 2), undefined);
});
