import { KnownCalls } from "../../../src/log/imported.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { call } from "../../kit/samples.ts";
import { assertEquals } from "../../std/std_assert.ts";

function pair(id: string, from: number, sessionId: string): { start: Sample; end: Sample } {
  const [start, end] = call(id, from, from + 2, { sessionId });
  return { start: start!, end: end! };
}

Deno.test("a recorded call is known again in a copy of its session, by an id that is given once", () => {
  const known = new KnownCalls();
  known.addRecorded(pair("toolu_1", 1000, "a").start);
  assertEquals(known.has(pair("toolu_1", 1007, "fork")), true);
  assertEquals(known.has(pair("toolu_2", 1000, "a")), false);
});

Deno.test("where ids are numbered anew, a call is known again by its id and time", () => {
  const known = new KnownCalls();
  const recorded = pair("Bash:0", 1000, "a");
  known.addRecorded(recorded.start);
  known.addRecorded(recorded.end);
  assertEquals(known.has(pair("Bash:0", 999.4, "fork")), true);
  assertEquals(known.has(pair("Bash:0", 1030, "a")), false);
  known.addImported(pair("call_0", 2000, "a").start);
  assertEquals(known.has(pair("call_0", 2000, "fork")), true);
  // The next turn's, a second later.
  assertEquals(known.has(pair("call_0", 2001, "a")), false);
});
