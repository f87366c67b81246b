/** When turns begin and end, and whose the time between them is. */
import { toCallList } from "../../../src/calls/to_calls.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { start } from "../../kit/samples.ts";
import { ended, event, NOTHING, partsOf, prompt, ran, stop, turns } from "./turn_rows.ts";

Deno.test("the end of work begins a turn where none goes on, and ends no time of the person's", () => {
  const found = turns([prompt(10), stop(12), event("done", 30, { toolUseId: "b" }), stop(33)], [
    prompt(40),
    stop(41),
  ]);
  assertEquals(found.turns.map(({ beganBy, from, to }) => [beganBy, from, to]), [
    ["prompt", 10, 12],
    ["done", 30, 33],
    ["prompt", 40, 41],
  ]);
  assertEquals([found.between, found.background], [[7], [18]]);
});

Deno.test("the time between turns is the person's, of more than ten minutes absence, and of no session's end", () => {
  const found = turns([prompt(10), stop(20), prompt(50), stop(60), prompt(4000), stop(4001)], [
    ended(4002),
    prompt(9000),
    stop(9001),
  ]);
  assertEquals([found.between, found.away], [[30], [3940]]);
});

Deno.test("a turn that nothing ended, because the person did, ended with its last event", () => {
  const found = turns([prompt(10)], ran("a", 12, 12, 15), [prompt(100), stop(101)]);
  assertEquals(found.turns.map(({ from, to, status }) => [from, to, status]), [
    [10, 15, undefined],
    [100, 101, "ok"],
  ]);
});

Deno.test("after a turn of which nothing says when it ended no time is the person's: the model may have gone on", () => {
  const found = turns([prompt(10), prompt(500), stop(501), prompt(502), stop(503)]);
  assertEquals(found.between, [1]);
});

Deno.test("a turn that was stopped, as a transcript tells, is interrupted", () => {
  const interrupted = event("stop", 15, { status: "interrupted" });
  const found = turnsOf([], toCallList([]), {
    imported: [prompt(10), interrupted, prompt(20), stop(21)],
  });
  assertEquals(found.turns.map(({ to, status }) => [to, status]), [[15, "interrupted"], [
    21,
    "ok",
  ]]);
  assertEquals(found.between, [5]);
});

Deno.test("a hook that sends the model on: the last stop counts", () => {
  const found = turns([prompt(10), stop(12), stop(18), prompt(20), stop(21)]);
  assertEquals(found.turns.map(({ to }) => to), [18, 21]);
});

Deno.test("a stop with the id of no prompt ends a turn of its own, as after a command that the person had run", () => {
  const known = { promptId: "p" };
  const found = turns(
    [prompt(10, known), stop(12, known)],
    ran("a", 3600, 3600, 3602, known),
    [stop(3605, { promptId: "q" }), prompt(3610, { promptId: "r" }), stop(3611, { promptId: "r" })],
    // Its end may tell of a prompt before: one that was typed ahead began a turn meanwhile.
    [prompt(3612, { promptId: "s" }), stop(3613, { promptId: "r" })],
  );
  assertEquals(found.turns.map(({ beganBy, from, to, calls }) => [beganBy, from, to, calls]), [
    ["prompt", 10, 12, 0],
    ["unknown", 3600, 3605, 1],
    ["prompt", 3610, 3611, 0],
    ["prompt", 3612, 3613, 0],
  ]);
  assertEquals([found.between, found.away], [[5, 1], []]);
});

Deno.test("a prompt that was typed ahead, with the id of the turn that goes on, begins none", () => {
  const known = { promptId: "p" };
  const rows = ran("a", 12, 12, 15, known);
  const found = turns([prompt(10, known)], rows, [prompt(13, known), stop(20, known)]);
  assertEquals(found.turns.map(({ from, to }) => [from, to]), [[10, 20]]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 7, tools: 3 }]);
});

Deno.test("the call with which a turn ended, of which nothing else is known, is of that turn", () => {
  const found = turns([prompt(10), start(12, { toolUseId: "a" })], [prompt(20), stop(21)]);
  assertEquals(found.turns.map(({ to, calls }) => [to, calls]), [[12, 1], [21, 0]]);
});

Deno.test("sessions side by side are apart, and what has no session is of none", () => {
  const other = { sessionId: "other", pid: 7 };
  const rows = [prompt(10), prompt(11, other), stop(12), stop(15, other)];
  const found = turns(rows, ran("x", 11, 11, 12, other), [prompt(1, { sessionId: undefined })]);
  assertEquals(found.turns.map(({ sessionId, parts }) => [sessionId, parts.model, parts.tools]), [
    ["s", 2, 0],
    ["other", 3, 1],
  ]);
});

Deno.test("a turn that was recorded, too, counts as recorded; those before the hooks as imported", () => {
  const rows = [
    ...ran("a", 2, 2, 3),
    ...ran("b", 12, 12.5, 15),
  ];
  const recorded = [prompt(10, { promptId: "p2" }), stop(20, { promptId: "p2" })];
  const imported = [
    prompt(0, { promptId: "p1" }),
    stop(5, { promptId: "p1" }),
    prompt(9.9, { promptId: "p2" }),
    stop(19.9, { promptId: "p2" }),
  ];
  const found = turnsOf(recorded, toCallList(rows), { imported });
  assertEquals(found.turns.map(({ number, isImported }) => [number, isImported]), [
    [1, true],
    [2, false],
  ]);
  assertEquals(partsOf(found), [
    { ...NOTHING, model: 4, together: 1 },
    { ...NOTHING, model: 7, tools: 2.5, gates: 0.5 },
  ]);
  assertEquals(found.between, [5]);
});

Deno.test("turns keep their numbers when only later ones are told", () => {
  const rows = [prompt(10), stop(15), prompt(20), stop(25), prompt(30), stop(35)];
  const found = turnsOf(rows, toCallList([]), { since: 18 });
  assertEquals(found.turns.map(({ number, from }) => [number, from]), [[2, 20], [3, 30]]);
  assertEquals(found.between, [5]);
  assertEquals(turnsOf(rows, toCallList([]), { since: 40 }).turns, []);
});
