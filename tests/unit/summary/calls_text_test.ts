import { tailText, topCalls, topText } from "../../../src/summary/calls_text.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { NOW, SAMPLES } from "../../kit/samples.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { shortener } from "../../../src/text/shortener.ts";

const OPTIONS = {
  width: 80,
  now: NOW,
  utc: true,
  session: (id: string): string => id,
  style: { strong: (text: string): string => text, faint: (text: string): string => text },
};

const calls = toCalls(SAMPLES);

Deno.test("topText: the slowest calls, with what they cost", () => {
  assertEquals(
    topText(topCalls(calls, "duration", 4), "duration", OPTIONS),
    `\
DURATION   WAIT    CPU  CORES   RSS +  TOOL          STATUS   SESSION  WHEN
    1m0s   1.0s      –      –       –  Agent †       ok       s        Thu 00:02
    6.0s    0ms  750ms    0.1       –  Bash          error 3  s        Thu 00:02
    2.0s  20.0s   1.3s    0.6  +2.0 M  Bash          ok       s        Thu 00:00
   640ms  360ms      –      –       –  mcp__github…  ok       s        Thu 00:00

† subagent start to stop, holds its calls   – not known
`,
  );
});

Deno.test("topCalls: by each figure, those without it left out", () => {
  const ids = (rank: Parameters<typeof topCalls>[1]): (string | undefined)[] =>
    topCalls(calls, rank, 3).map(({ start }) => start?.toolUseId ?? start?.agentId);
  assertEquals(ids("duration"), ["sub", "b2", "b1"]);
  assertEquals(ids("wait"), ["b1", "sub", "m1"]);
  assertEquals(ids("cpu"), ["b1", "b2", "r1"]);
  assertEquals(ids("memory"), ["b1"]);
  assertEquals(ids("cpu_percent"), ["b1"]);
});

Deno.test("tailText: one line a call, in the order given", () => {
  assertEquals(
    tailText(calls.slice(-2), OPTIONS),
    `\
WHEN       DURATION  WAIT    CPU  RSS +  TOOL  STATUS   SESSION  PROJECT
Thu 00:02      6.0s   0ms  750ms      –  Bash  error 3  s        api
Thu 00:03         –     –      –      –  Bash  running  s        api

– not known
`,
  );
});

Deno.test("shortener: as many characters as tell the sessions apart, four at least", () => {
  assertEquals(shortener(["7d1f20c4", "a02c9911"])("7d1f20c4"), "7d1f");
  assertEquals(shortener(["7d1f20c4", "7d1f2911"])("7d1f20c4"), "7d1f20");
  assertEquals(shortener(["s"])("s"), "s");
});
