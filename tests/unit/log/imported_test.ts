import { toCallList } from "../../../src/calls/to_calls.ts";
import { addImported, KnownCalls } from "../../../src/log/imported.ts";
import { locationOf } from "../../../src/log/location.ts";
import { readLog } from "../../../src/log/read/read.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
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

Deno.test("an imported call is read beside a recorded one of its id, where ids are numbered anew", async () => {
  using folder = temporaryFolder();
  const log = writeLog(folder.path, logText(call("Bash:0", 2000, 2001)));
  addImported(locationOf(log), Object.values(pair("Bash:0", 1000, "s")));
  const { rowList } = await readLog(locationOf(log), { history: true, imported: true });
  const calls = [...toCallList(rowList).calls];
  assertEquals(calls.map(({ startTime, imported }) => [startTime, imported]), [
    [1000, true],
    [2000, undefined],
  ]);
});
