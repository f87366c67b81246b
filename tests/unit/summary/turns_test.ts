/** Where the time of turns went, checked by hand. */
import { toCallList } from "../../../src/calls/to_calls.ts";
import { permissionGroup } from "../../../src/summary/turns/turn_sums.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";
import { inQuietMoment } from "../../kit/waits.ts";
import { event, NOTHING, partsOf, prompt, ran, stop, turns } from "./turn_rows.ts";

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

Deno.test("a turn that a denied request ended, of which no row tells, lasted as long: its wait is a prompt", () => {
  const denied = [start(11, { toolUseId: "no" }), event("permission", 12, { toolName: "Bash" })];
  const found = turns([prompt(10)], denied, [prompt(30), stop(31)]);
  assertEquals(found.turns.map(({ to, status }) => [to, status]), [[30, undefined], [31, "ok"]]);
  assertEquals(partsOf(found)[0], { ...NOTHING, model: 1, prompts: 18, gates: 1 });
  assertEquals(found.between, []);
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
