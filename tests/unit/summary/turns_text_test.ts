/** How turns read: the report's first findings, the tables, a session's bar. */
import { PLAIN } from "../../../src/text/style.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import { recordsCsv } from "../../../src/summary/csv.ts";
import { reportText } from "../../../src/summary/report_text.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { turnAnswers, turnsInReport } from "../../../src/summary/turns/turn_answers.ts";
import { wrap } from "../../../src/text/table.ts";
import { turnBar } from "../../../src/summary/turns/turn_bar.ts";
import {
  PERMISSION_COLUMNS,
  permissionRecord,
  TURN_COLUMNS,
  turnRecord,
  turnSumsRecord,
} from "../../../src/summary/turns/turn_records.ts";
import { permissionsText, turnsText } from "../../../src/summary/turns/turns_text.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { end, start } from "../../kit/samples.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { expectText } from "../../kit/snapshot.ts";

function event(kind: EventKind, time: number, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, rest), event: kind, toolName: rest.toolName ?? "unknown" };
}

/** A call that was requested at `from`, ran from `run` and ended at `to`. */
function ran(id: string, from: number, run: number, to: number, command: string): Sample[] {
  const durationMs = Math.round(1000 * (to - run));
  const rest = { toolUseId: id, command, outputBytes: 2048 };
  return [start(from, rest), end(to, { ...rest, durationMs, status: "ok" })];
}

/**
 * Turn 1, 0 to 100: npm test 10 to 40; git push asked at 50, allowed at 56, until 58; the rest, 62, the model's.
 * 20 s until turn 2, 120 to 150: git push denied at 130, until 140; 20 the model's. An hour's absence.
 * Turn 3 has no end: 3750 to the end of its call, 3760; 5 of it in a gate, 3 in the call.
 */
const ROWS: readonly Sample[] = [
  event("prompt", 0),
  ...ran("a", 10, 10, 40, "npm test").map((row, at): Sample => ({
    ...row,
    childCpuSeconds: at === 0 ? 1 : 21.5,
  })),
  event("permission", 50, { toolName: "Bash", command: "git push" }),
  ...ran("b", 50, 56, 58, "git push"),
  event("stop", 100, { status: "ok" }),
  event("prompt", 120),
  start(130, { toolUseId: "no", command: "git push" }),
  event("permission", 130, { toolName: "Bash", command: "git push" }),
  ...ran("c", 140, 140, 140, "true"),
  event("stop", 150, { status: "ok" }),
  event("prompt", 3750),
  ...ran("d", 3752, 3757, 3760, "npm run build"),
];

const LIST = toCallList(ROWS);
const FOUND = turnsOf(ROWS, LIST);
const OPTIONS = {
  covers: "Last 7 days",
  width: 80,
  style: PLAIN,
  now: 4000,
  utc: true,
  session: (id: string): string => id,
  notes: [],
};

Deno.test("the report's first finding is where the time went, the next what was asked", async (context) => {
  const text = reportText(summarize(LIST), { ...OPTIONS, ...turnsInReport(ROWS, LIST), now: 4000 });
  await expectText(context, text);
});

Deno.test("of what was asked for the one thing is named, and of several what was asked for most", () => {
  const asked = (...names: string[]): string | undefined => {
    const permissions = names.map((toolName, at) => event("permission", 10 + at, { toolName }));
    const rows = [event("prompt", 0), ...permissions, event("stop", 100, { status: "ok" })];
    const found = turnAnswers(turnsOf(rows, toCallList(rows)), {});
    const text = found.find(([label]) => label === "Prompts")?.[1];
    return text?.replace(/, median .* in all/, "");
  };
  assertEquals(asked("Edit"), "1 for Edit");
  assertEquals(asked("Edit", "Edit"), "2 for Edit");
  assertEquals(asked("Edit", "Write"), "2");
  assertEquals(asked("Edit", "Write", "Edit"), "3; Edit 2");
});

Deno.test("no turn, nothing to say", () => {
  assertEquals(turnsInReport([], LIST).turnAnswers, []);
  assertEquals(turnSumsRecord(turnsOf([], LIST)), null);
});

Deno.test("report --by turn, on 80 and on 60 columns", async (context) => {
  await expectText(
    context,
    turnsText(FOUND, OPTIONS) + "\n" + turnsText(FOUND, { ...OPTIONS, width: 60 }),
  );
});

Deno.test("no turn's number or sign is cut, however wide the terminal: columns are left out before", () => {
  const many = Array.from({ length: 12 }, (_, turn) => event("prompt", 100 * turn));
  const found = turnsOf(many, toCallList([]));
  for (let width = 60; width < 100; width++) {
    const text = turnsText(found, { ...OPTIONS, width, session: () => "5ac5" });
    assertMatch(text, /^5ac5\.12~ /m, `${width}`);
  }
});

Deno.test("the newest turns, as many as leave room for the notes and the next line of the shell", () => {
  const many = Array.from({ length: 40 }, (_, turn) => [
    event("prompt", 100 * turn),
    ...turn % 2 === 0 ? [event("stop", 100 * turn + 10, { status: "ok" })] : [],
  ]).flat();
  const found = turnsOf(many, toCallList([]));
  for (const height of [24, 30]) {
    const lines = turnsText(found, { ...OPTIONS, width: 40, height }).split("\n");
    assertEquals(lines.length, height); // the last is empty: the shell's
    assertEquals(lines.some((line) => line.startsWith("s.40~")), true);
  }
});

Deno.test("report --by permission", async (context) => {
  await expectText(context, permissionsText(FOUND.permissions, OPTIONS));
});

Deno.test("a request that is not answered yet has no wait, and says so", () => {
  const open = { sessionId: "s", toolName: "Write", command: undefined, isAllowed: false };
  const text = permissionsText([{ ...open, time: 10, seconds: undefined }], OPTIONS);
  assertMatch(text, /^Write +1 +0 +– +– +–$/m);
  assertMatch(text, /^1 not answered yet, or never: its wait is not known$/m);
  assert(!text.includes("denied"), text);
});

Deno.test("a request that stood for an hour is absence, apart from what others waited", async (context) => {
  const asked = { sessionId: "s", toolName: "Write", command: undefined, isAllowed: true };
  const [quick, hour] = [{ ...asked, time: 10, seconds: 4 }, { ...asked, time: 20, seconds: 3600 }];
  const edit = { ...hour, toolName: "Edit" };
  await expectText(context, permissionsText([quick, hour, edit], OPTIONS));
  const turns = turnsOf([event("prompt", 0), event("stop", 5000, { status: "ok" })], LIST).turns;
  const besides = {
    permissions: [quick, hour, edit],
    between: [8],
    away: [3600],
    background: [5, 6],
  };
  assertEquals(turnAnswers({ turns, ...besides }, {}).map(([, text]) => text).slice(1), [
    "between turns: background work 11.0s; you, median 8.0s, 8.0s in all; away 1h0m, not counted",
    "3, median 4.0s, 4.0s in all; Write 2",
  ]);
});

Deno.test("a session's bar has a part for each sign of its sentence, and as many columns as asked for", async (context) => {
  const [sentence, bar] = turnBar(FOUND, 60);
  assertEquals(bar.length, 60);
  await expectText(context, `${wrap(sentence, 200, "").join("\n")}\n${bar}\n`);
  // A sign stays with its name, wherever the sentence is broken.
  const ends = Array.from({ length: 60 }, (_, width) => wrap(sentence, 20 + width, "")).flat();
  assertEquals(ends.filter((line) => /[█▓▒|░]$/.test(line)), []);
});

Deno.test("turns and requests as CSV have their columns, each with its unit in its name", async (context) => {
  const turns = FOUND.turns.map(turnRecord);
  assertEquals(turns.map((record) => Object.keys(record)), turns.map(() => [...TURN_COLUMNS]));
  const permissions = FOUND.permissions.map(permissionRecord);
  assertEquals(
    permissions.map((record) => Object.keys(record)),
    permissions.map(() => [
      ...PERMISSION_COLUMNS,
    ]),
  );
  await expectText(
    context,
    recordsCsv(turns, TURN_COLUMNS) + "\n" + recordsCsv(permissions, PERMISSION_COLUMNS),
  );
});
