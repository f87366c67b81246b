/** Where the time of turns went, checked by hand. */
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import type { TurnParts, Turns } from "../../../src/summary/turns/turn.ts";
import { permissionGroup } from "../../../src/summary/turns/turn_sums.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";
import { inQuietMoment } from "../../kit/waits.ts";

/** A row of no call. */
function event(kind: EventKind, time: number, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, rest), event: kind, toolName: rest.toolName ?? "unknown" };
}

const prompt = (time: number, rest: Partial<Sample> = {}): Sample => event("prompt", time, rest);
const stop = (time: number, rest: Partial<Sample> = {}): Sample =>
  event("stop", time, { status: "ok", ...rest });
const ended = (time: number): Sample => event("stop", time, { status: undefined });

/** A call that was requested at `from`, ran from `run` and ended at `to`. */
function ran(
  id: string,
  from: number,
  run: number,
  to: number,
  rest: Partial<Sample> = {},
): Sample[] {
  const durationMs = Math.round(1000 * (to - run));
  return [start(from, { toolUseId: id, ...rest }), end(to, { toolUseId: id, durationMs, ...rest })];
}

function turns(...rows: Sample[][]): Turns {
  return turnsOf(rows.flat(), toCallList(rows.flat()));
}

/** The parts of each turn, seconds. */
function partsOf(found: Turns): TurnParts[] {
  return found.turns.map(({ parts }) => {
    const rounded = Object.entries(parts).map((
      [name, each],
    ) => [name, Math.round(1e3 * each) / 1e3]);
    return Object.fromEntries(rounded) as TurnParts;
  });
}

const NOTHING = { model: 0, tools: 0, prompts: 0, gates: 0, away: 0, together: 0 };

Deno.test("a turn without calls is the model's", () => {
  const found = turns([prompt(10), stop(15)]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 5 }]);
  assertEquals(found.turns.map(({ from, to, status, calls }) => [from, to, status, calls]), [
    [10, 15, "ok", 0],
  ]);
});

Deno.test("calls side by side count once, the request to the run is a gate", () => {
  // 10–12 model, 12–12.5 gate, 12.5–15 tool, beside it 13–16 (its gate 12.6–13 in the first's run), 16–20 model.
  const found = turns(
    [prompt(10)],
    ran("a", 12, 12.5, 15),
    ran("b", 12.6, 13, 16, { toolName: "Read" }),
    [stop(20)],
  );
  assertEquals(partsOf(found), [{ ...NOTHING, model: 6, tools: 3.5, gates: 0.5 }]);
  assertEquals(found.turns[0]?.calls, 2);
});

Deno.test("a prompt is what stands between the request to the person and the run, the rest is a gate", () => {
  // Requested at 11, asked at 11.2, allowed at 14, ran to 15.
  const found = turns(
    [prompt(10), event("permission", 11.2, { toolName: "Bash", command: "git push" })],
    ran("a", 11, 14, 15),
    [stop(16)],
  );
  assertEquals(partsOf(found), [{ ...NOTHING, model: 2, tools: 1, prompts: 2.8, gates: 0.2 }]);
  assertEquals(
    found.permissions.map((
      { command, seconds, isAllowed },
    ) => [command, seconds?.toFixed(3), isAllowed]),
    [["git push", "2.800", true]],
  );
});

Deno.test("a request may stand before its call's start, which nobody waits for", () => {
  const rows = [event("permission", 11, { toolName: "Bash" }), ...ran("a", 11.02, 14, 15)];
  const found = turns([prompt(10)], rows, [stop(16)]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 2, tools: 1, prompts: 3 }]);
});

Deno.test("two requests for one tool are of its calls in their order", () => {
  const found = turns(
    [prompt(10)],
    ran("a", 11, 13, 14),
    ran("b", 11, 16, 17),
    [
      event("permission", 11.5, { toolName: "Bash" }),
      event("permission", 14, { toolName: "Bash" }),
    ],
    [stop(18)],
  );
  assertEquals(found.permissions.map(({ seconds }) => seconds), [1.5, 2]);
  // 10–11 model, 11–11.5 gate, 11.5–13 prompt, 13–14 a, 14–16 prompt, 16–17 b, 17–18 model.
  assertEquals(partsOf(found), [{ ...NOTHING, model: 2, tools: 2, prompts: 3.5, gates: 0.5 }]);
});

Deno.test("a request that was denied lasted to the turn's next event", () => {
  const denied = [start(11, { toolUseId: "no" }), event("permission", 11, { toolName: "Bash" })];
  const found = turns([prompt(10)], denied, ran("b", 15, 15, 16, { toolName: "Read" }), [stop(20)]);
  assertEquals(found.permissions.map(({ seconds, isAllowed }) => [seconds, isAllowed]), [[
    4,
    false,
  ]]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 5, tools: 1, prompts: 4 }]);
});

Deno.test("a call of the same tool that was denied long before takes no request", () => {
  const before = [prompt(10), start(11, { toolUseId: "no" }), stop(12)];
  const asked = [prompt(1000), event("permission", 1001, { toolName: "Bash" })];
  const found = turns(before, asked, ran("a", 1001, 1003, 1004), [stop(1005)]);
  assertEquals(found.permissions.map(({ seconds, isAllowed }) => [seconds, isAllowed]), [[
    2,
    true,
  ]]);
});

Deno.test("a prompt that stood for hours is the person's absence, and no prompt", () => {
  const asked = event("permission", 11, { toolName: "Bash" });
  const found = turns([prompt(10), asked], ran("a", 11, 7211, 7212), [stop(7213)]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 2, tools: 1, away: 7200 }]);
});

Deno.test("a question to the person is a prompt, not a tool", () => {
  const found = turns([prompt(10)], ran("q", 11, 11, 14, { toolName: "AskUserQuestion" }), [
    stop(15),
  ]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 2, prompts: 3 }]);
});

Deno.test("of an agent what its own calls take is tools', the rest the model's", () => {
  const agent = ran("agent", 11, 11, 19, { toolName: "Agent" });
  const found = turns([prompt(10)], agent, ran("in", 12, 12, 15, { agentId: "sub" }), [stop(20)]);
  assertEquals(partsOf(found), [{ ...NOTHING, model: 7, tools: 3 }]);
});

Deno.test("work in the background is waited for by nobody", () => {
  const launch = ran("b", 11, 11, 11.5, { status: "background" });
  const found = turns([prompt(10)], launch, [event("done", 14, { toolUseId: "b" }), stop(16)]);
  // The model was told while the turn went on: that begins none.
  assertEquals(partsOf(found), [{ ...NOTHING, model: 5.5, tools: 0.5 }]);
});

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

Deno.test("a turn that a denied request ended, of which no row tells, lasted as long: its wait is a prompt", () => {
  const denied = [start(11, { toolUseId: "no" }), event("permission", 12, { toolName: "Bash" })];
  const found = turns([prompt(10)], denied, [prompt(30), stop(31)]);
  assertEquals(found.turns.map(({ to, status }) => [to, status]), [[30, undefined], [31, "ok"]]);
  assertEquals(partsOf(found)[0], { ...NOTHING, model: 2, prompts: 18 });
  assertEquals(found.between, []);
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

Deno.test("a turn has the CPU of its tools, and the bytes that the model was given", () => {
  const rows = [
    prompt(10, { childCpuSeconds: 5 }),
    start(11, { toolUseId: "a", childCpuSeconds: 5.25 }),
    start(11.5, { toolUseId: "b", childCpuSeconds: 5.5 }),
    end(12, { toolUseId: "a", childCpuSeconds: 6.5, outputBytes: 100 }),
    end(13, { toolUseId: "b", childCpuSeconds: 7, outputBytes: 24 }),
    ...ran("c", 13, 13, 13.5),
    stop(14, { childCpuSeconds: 7.5 }), // what hooks used before, between and after is no tool's
  ];
  const [turn] = turns(rows).turns;
  assertEquals([turn?.cpuSeconds, turn?.outputBytes, turn?.calls], [1.75, 124, 3]);
});

Deno.test("a request that nothing came after has waited for no known time: it is not answered yet", () => {
  const asked = [start(11, { toolUseId: "a" }), event("permission", 11, { toolName: "Bash" })];
  const found = turns([prompt(10)], asked);
  assertEquals(found.permissions.map(({ seconds }) => seconds), [undefined]);
  assertEquals(permissionGroup("All", found.permissions).waits.count, 0);
});

Deno.test(
  "20,000 calls in 2,000 turns of one session take no time to speak of",
  inQuietMoment(() => {
    const rows = Array.from({ length: 2000 }, (_, turn) => [
      prompt(100 * turn),
      ...Array.from(
        { length: 10 },
        (_, call) =>
          ran(`${turn} ${call}`, 100 * turn + call, 100 * turn + call, 100 * turn + call + 0.5),
      ).flat(),
      event("permission", 100 * turn + 3, { toolName: "Bash" }),
      stop(100 * turn + 50),
    ]).flat();
    const list = toCallList(rows);
    const found = turnsOf(rows, list);
    assertEquals(found.turns.length, 2000);
    assertEquals(found.turns.every(({ parts }) => parts.tools === 5), true);
    // Twenty times as many calls would take hundreds of times as long if each were looked at in each turn.
    const pairing = cpuMilliseconds(() => toCallList(rows));
    const splitting = cpuMilliseconds(() => turnsOf(rows, list));
    assertEquals(splitting < 5 * pairing, true, `${splitting} ms, pairing ${pairing}`);
  }),
);

Deno.test("of an imported turn the model's time is told, and tools, prompts and gates together", () => {
  // 10–20: Bash 12–15 with what stood before it, beside it Read 13–16; then a question 17–18.
  const rows = [
    ...ran("a", 12, 14, 15),
    ...ran("b", 13, 13, 16, { toolName: "Read" }),
    ...ran("c", 17, 17, 18, { toolName: "AskUserQuestion" }),
  ];
  const found = turnsOf([], toCallList(rows), { imported: [prompt(10), stop(20)] });
  assertEquals(partsOf(found), [{ ...NOTHING, model: 5, together: 5 }]);
  assertEquals(found.turns.map(({ isImported, calls }) => [isImported, calls]), [[true, 3]]);
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
