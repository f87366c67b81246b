/** Work that goes on in the background: a row `done` says when it ended, and how. */
import { exitCodeOf, lastedSeconds } from "../../../src/calls/call.ts";
import { Counters } from "../../../src/calls/counters/counters.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { LiveCalls } from "../../../src/live/live_calls.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { statusCell } from "../../../src/summary/calls_text.ts";
import { callRecord } from "../../../src/summary/records.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";

const BACKGROUND = { status: "background", durationMs: 20 } as const;

function done(time: number, toolUseId: string, rest: Partial<Sample> = {}): Sample {
  return { ...end(time, { toolUseId, ...rest }), event: "done", toolName: "unknown" };
}

/** Waited 0.98 s of 1 s for a permission, then ran from 10.98 to 15. */
const BASH: readonly Sample[] = [
  start(10, { toolUseId: "b" }),
  end(11, { toolUseId: "b", ...BACKGROUND }),
  done(15, "b", { status: "error", exitCode: 3 }),
];

/** The calls of rows, taken at once and one by one, which come to the same. */
function callsOf(rows: readonly Sample[]): [string, number | undefined, number | undefined][] {
  const live = new LiveCalls(undefined, () => true);
  for (const row of rows) live.add([row]);
  const [once, little] = [toCalls(rows), live.list().calls].map((calls) =>
    calls.map((call): [string, number | undefined, number | undefined] => [
      call.status,
      lastedSeconds(call),
      exitCodeOf(call),
    ])
  );
  assertEquals(little, once);
  return once ?? [];
}

Deno.test("work in the background lasted from the end of the wait until it ended, and has its exit code", () => {
  const [call] = toCalls(BASH);
  assertEquals(call?.background?.seconds?.toFixed(6), "4.020000");
  assertEquals(call && statusCell(call), "background 3");
  const { duration_seconds, end_timestamp, exit_code, status } = call ? callRecord(call) : {};
  assertEquals([duration_seconds, end_timestamp, exit_code, status], [4.02, 15, 3, "background"]);
  assertEquals(call?.durationSeconds, 0.02); // what was waited for
});

Deno.test("nobody waited for work in the background: it is in no percentile, and in no total", () => {
  const { all } = summarize(toCallList(BASH));
  assertEquals([all.timed, all.background, all.totalSeconds?.toFixed(6)], [0, 1, "0.020000"]);
});

Deno.test("the end of work may stand before its call in the log, as beside the spool", () => {
  const [first, second, last] = BASH as [Sample, Sample, Sample];
  for (const rows of [[last, first, second], [first, last, second]]) {
    assertEquals(callsOf(rows).map(([status, , code]) => [status, code]), [["background", 3]]);
  }
});

Deno.test("an id that comes again: work is of the newest call that had returned", () => {
  const again = (from: number): Sample[] => [
    start(from, { toolUseId: "Bash:0" }),
    end(from + 0.02, { toolUseId: "Bash:0", ...BACKGROUND }),
  ];
  // The first was killed without a word, the third still runs.
  const rows = [...again(10), ...again(20), done(23, "Bash:0", { exitCode: 1 }), ...again(30)];
  assertEquals(callsOf(rows).map(([, seconds, code]) => [seconds?.toFixed(2), code]), [
    ["0.02", undefined],
    ["3.00", 1],
    ["0.02", undefined],
  ]);
});

Deno.test("work that ends twice, as an agent that is resumed, ended the first time", () => {
  assertEquals(callsOf([...BASH, done(99, "b", { exitCode: 9 })])[0]?.[2], 3);
});

Deno.test("the end of another session's work, of no work or of a call that is waited for changes nothing", () => {
  const other = done(15, "b", { sessionId: "other", exitCode: 3 });
  const waited = [start(1, { toolUseId: "w" }), end(3, { toolUseId: "w" }), done(4, "w")];
  const rows = [...BASH.slice(0, 2), other, ...waited, done(5, "nobody")];
  assertEquals(callsOf(rows), [["ok", 2, undefined], ["background", 0.02, undefined]]);
});

/** An agent's launch and its run, of which no stop was written. */
const RUN: readonly Sample[] = [
  start(10, { toolName: "Agent", toolUseId: "a" }),
  start(10.01, { toolName: "Agent", agentId: "sub", agentType: "Explore" }),
  end(10.02, { toolName: "Agent", toolUseId: "a", ...BACKGROUND }),
];

Deno.test("an agent's run whose stop was never written is over with its work", () => {
  assertEquals(callsOf(RUN).map(([status]) => status), ["running"]);
  const ended = [...RUN, done(30, "a", { status: "ok", durationMs: 19_000 })];
  assertEquals(callsOf(ended).map(([status]) => status), ["ok"]);
  const counters = new Counters(0);
  for (const row of RUN) counters.add([row]);
  assertEquals(counters.open.length, 1);
  counters.add(ended.slice(-1));
  assertEquals([counters.open.length, counters.tools.get("Agent")?.calls.ok], [0, 1]);
});

Deno.test("an agent that no run is known of lasted as long as the client says", () => {
  const rows = [RUN[0]!, RUN[2]!, done(30, "a", { status: "ok", durationMs: 418 })];
  assertEquals(callsOf(rows), [["background", 0.418, undefined]]);
});
