/** A prompt is only what a row says was shown; what else stands between request and run is the gate. */
import { toCallList, toCalls } from "../../../src/calls/to_calls.ts";
import { runningReport } from "../../../src/live/running_report.ts";
import { nowText } from "../../../src/live/running_text.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { summaryRecord } from "../../../src/summary/records.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";

const asked = (time: number, rest: Partial<Sample> = {}): Sample => ({
  ...start(time, rest),
  event: "permission",
});

/** Requested at 10, ran from 15 to 17: 5 s between the two. */
const WRITE: readonly Sample[] = [
  start(10, { toolName: "Write", toolUseId: "w" }),
  end(17, { toolName: "Write", toolUseId: "w", durationMs: 2000 }),
];

function waits(rows: readonly Sample[]): (number | undefined)[][] {
  return toCalls(rows).map(({ waitSeconds, gateSeconds, promptSeconds }) => [
    waitSeconds,
    gateSeconds,
    promptSeconds,
  ]);
}

Deno.test("without a row that says so nobody was asked: all of it is the gate", () => {
  assertEquals(waits(WRITE), [[5, 5, undefined]]);
  // Another tool's, another agent's, another session's.
  const others = [
    asked(11, { toolName: "Bash" }),
    asked(11, { toolName: "Write", agentId: "sub" }),
    asked(11, { toolName: "Write", sessionId: "t" }),
  ];
  assertEquals(waits([...WRITE, ...others]), [[5, 5, undefined]]);
});

Deno.test("from the request to the person to the run is the prompt, what is before it the gate", () => {
  const rows = [...WRITE, asked(11.5, { toolName: "Write" })];
  assertEquals(waits(rows), [[5, 1.5, 3.5]]);
  // Its hook, which nobody waits for, can be written before the call's start.
  assertEquals(waits([asked(9.9, { toolName: "Write" }), ...WRITE]), [[5, 0, 5]]);
});

Deno.test("a group has the prompts of its calls, and JSON the whole wait beside them", () => {
  const rows = [
    ...WRITE,
    asked(11.5, { toolName: "Write" }),
    start(30, { toolName: "Write", toolUseId: "x" }),
    end(33, { toolName: "Write", toolUseId: "x", durationMs: 1000 }),
  ];
  const { all } = summarize(toCallList(rows));
  assertAlmostEquals(all.gateSeconds ?? 0, 3.5, 1e-9); // 1.5 + 2
  const { wait_seconds, prompt_seconds } = summaryRecord(all);
  assertEquals([wait_seconds, prompt_seconds], [7, 3.5]);
});

Deno.test("a call without an end for which the person was asked stands at a prompt, any other maybe at the gate", () => {
  const open = start(10, { toolName: "Write", toolUseId: "w", pid: 200 });
  const now = (rows: readonly Sample[]): string[] =>
    runningReport(toCalls(rows), [], { first: [], second: [], seconds: 1 }, 60).running
      .map(nowText);
  assertEquals(now([open]), ["idle, no child: at the gate?"]);
  assertEquals(now([open, asked(11, { toolName: "Write" })]), ["at a permission prompt"]);
  assertEquals(toCalls([open, asked(11, { toolName: "Write" })]).map((call) => call.askedSince), [
    11,
  ]);
});
