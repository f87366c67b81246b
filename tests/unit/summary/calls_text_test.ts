import { PLAIN } from "../../../src/text/style.ts";
import { callId } from "../../../src/summary/call_names.ts";
import { tailText, topText } from "../../../src/summary/calls_text.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { call, COMMANDS_NOW, commandSamples, NOW, SAMPLES } from "../../kit/samples.ts";
import { toCallList, toCalls } from "../../../src/calls/to_calls.ts";
import type { CallList } from "../../../src/calls/call_list.ts";
import type { CallView } from "../../../src/calls/call_columns.ts";
import { type Rank, rankFigures, rankOf } from "../../../src/summary/ranks.ts";
import { shortener } from "../../../src/text/shortener.ts";
import { expectText } from "../../kit/snapshot.ts";

const OPTIONS = {
  width: 80,
  now: NOW,
  utc: true,
  session: (id: string): string => id,
  style: PLAIN,
};

const list = toCallList(SAMPLES);

const namedList = toCallList(commandSamples(), { isAlive: () => true });
const named = namedList.calls;

const RANKS = ["duration", "gate", "cpu", "memory", "output", "cpu_percent", "rss"] as const;

function top(list: CallList, rank: Rank, count: number): CallView[] {
  return list.greatest(count, rankFigures(list.columns, rank));
}

Deno.test("topText: the slowest calls, with what they cost", async (t) => {
  await expectText(t, topText(top(list, "duration", 4), "duration", OPTIONS));
});

Deno.test("the greatest calls by each figure, those without it left out", () => {
  const ids = (rank: Rank): (string | undefined)[] =>
    top(list, rank, 3).map(({ start }) => start?.toolUseId ?? start?.agentId);
  assertEquals(ids("duration"), ["sub", "b2", "b1"]);
  assertEquals(ids("gate"), ["b1", "sub", "m1"]);
  assertEquals(ids("cpu"), ["b1", "b2", "r1"]);
  assertEquals(ids("rss"), ["b1"]);
  assertEquals(ids("cpu_percent"), ["b1"]);
});

Deno.test("the figure of a rank is the same of a call and of its column", () => {
  for (const { columns, calls } of [list, namedList]) {
    for (const rank of RANKS) {
      const figures = rankFigures(columns, rank);
      assertEquals(calls.map((call) => rankOf(call, rank) ?? NaN), [...figures]);
    }
  }
});

Deno.test("tailText: one line a call, in the order given", async (t) => {
  await expectText(t, tailText(list.calls.slice(-2), OPTIONS));
});

const AT_NAMED = { ...OPTIONS, now: COMMANDS_NOW, session: (id: string): string => id.slice(0, 4) };

for (const width of [80, 120, 200]) {
  Deno.test(`topText and tailText: which command it was, in ${width} columns`, async (t) => {
    const options = { ...AT_NAMED, width };
    await expectText(
      t,
      [
        topText(top(namedList, "duration", 6), "duration", options),
        topText(top(namedList, "output", 3), "output", options),
        tailText(named.slice(-8), options),
        tailText(named.slice(-12, -8), { ...options, params: true }),
      ].join("\n"),
    );
  });
}

Deno.test("callId: another one for each call, the same whether it has ended", () => {
  const ids = named.map(callId);
  assertEquals(new Set(ids).size, named.length);
  assertEquals(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{5}$/.test(id)), true);
  const [running] = toCalls(commandSamples().slice(0, 1), { isAlive: () => true });
  assertEquals(callId(running!), ids[0]);
});

Deno.test("shortener: as many characters as tell the sessions apart, four at least", () => {
  assertEquals(shortener(["7d1f20c4", "a02c9911"])("7d1f20c4"), "7d1f");
  assertEquals(shortener(["7d1f20c4", "7d1f2911"])("7d1f20c4"), "7d1f20");
  assertEquals(shortener(["s"])("s"), "s");
});

Deno.test("callId: calls of an id that comes again have names of their own, the same while they run and in the end", () => {
  const rows = [10, 20, 30].flatMap((time) => call("call_0", time, time + 1));
  const names = toCalls(rows).map(callId);
  assertEquals(new Set(names).size, 3);
  assertEquals(toCalls(rows.slice(0, 5)).map(callId), names);
});
