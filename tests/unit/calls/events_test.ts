/** Rows of no call (prompts, ends of turns, permission requests, ends of background work) beside those of calls. */
import { Counters } from "../../../src/calls/counters/counters.ts";
import { findOwnStart } from "../../../src/calls/own_start.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { CallFollower } from "../../../src/live/call_follower.ts";
import { LiveCalls } from "../../../src/live/live_calls.ts";
import { KnownCalls } from "../../../src/log/imported.ts";
import { EVENTS, isCallEvent, type Sample } from "../../../src/row/sample.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { end, membersOf, SAMPLES, start } from "../../kit/samples.ts";

const OF_NO_CALL = EVENTS.filter((event) => !isCallEvent(event));

/** Each row of a log with one of each other event before it, which says the same in all else. */
const MIXED: readonly Sample[] = SAMPLES.flatMap((row) => [
  ...OF_NO_CALL.map((event) => ({ ...row, event, timestamp: row.timestamp - 0.25 })),
  row,
]);

Deno.test("rows of no call make no call of a log, and change none", () => {
  assertEquals(MIXED.length, (1 + OF_NO_CALL.length) * SAMPLES.length);
  const before = toCalls(SAMPLES).map(membersOf);
  assert(before.length > 5);
  assertEquals(toCalls(MIXED).map(membersOf), before);
});

Deno.test("rows of no call make no call where rows come one by one", () => {
  const [before, mixed] = [SAMPLES, MIXED].map((rows) => {
    const follower = new CallFollower();
    const live = new LiveCalls(undefined, () => true);
    const told = rows.flatMap((row) => {
      live.add([row]);
      return follower.add([row]).map(membersOf);
    });
    return { told, calls: live.list().calls.map(membersOf) };
  });
  assert((before?.told.length ?? 0) > 3);
  assertEquals(mixed, before);
});

Deno.test("rows of no call are counted as none, and hide none", () => {
  const [before, mixed] = [SAMPLES, MIXED].map((rows) => {
    const counters = new Counters(0);
    for (const row of rows) counters.add([row]);
    return [counters.tools, counters.open.map(({ rows }) => rows.length)];
  });
  assertEquals(mixed, before);
});

Deno.test("a permission request between start and end of a call without an id hides its start from no alert", () => {
  const rows: Sample[] = [start(1), { ...start(2), event: "permission" }];
  assertEquals(findOwnStart(end(3), rows), rows[0]);
});

Deno.test("the end of background work tells import of no call that was recorded", () => {
  const known = new KnownCalls();
  const done: Sample = { ...end(9), event: "done", toolUseId: "toolu_1" };
  known.addRecorded(done);
  const imported = { start: start(1, { toolUseId: "toolu_1" }), end: end(2) };
  assert(!known.has(imported));
  known.addRecorded({ ...done, event: "end" });
  assert(known.has(imported));
});
