import type { Sample } from "../../../src/row/sample.ts";
import { answers, formatSlope } from "../../../src/summary/answers.ts";
import { difference } from "../../../src/stats/difference.ts";
import { findings } from "../../../src/summary/findings.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { call, end, start } from "../../kit/samples.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";

const MIB = 1024;
const NONE = toCallList([]);

/** Forty calls a minute apart; `rss` gives the resident size in MiB at the index-th. */
function session(id: string, rss: (index: number) => number, seconds = 1): Sample[] {
  return Array.from({ length: 40 }, (_, index) => {
    const rest = { sessionId: id, toolUseId: `${id}${index}`, memoryRss: MIB * rss(index) };
    return [start(60 * index, rest), end(60 * index + seconds * (1 + index / 40), rest)];
  }).flat();
}

Deno.test("findings: the session that grows most without an end", () => {
  const calls = toCallList([
    ...session("steady", () => 400),
    ...session("grows", (index) => 400 + 5 * index),
    ...session("grows more", (index) => 400 + 8 * index),
    ...session("jumps", (index) => index < 20 ? 400 : 2400),
  ]);
  const { growth } = findings(calls, NONE);
  assertEquals(growth?.sessionId, "grows more");
  // 8 MiB a minute are 480 an hour.
  assertEquals(Math.round((growth?.slope.slope ?? 0) * 3600 / MIB), 480);
});

Deno.test("findings: nothing where no session grows, or no row has a memory", () => {
  assertEquals(findings(toCallList(session("s", () => 400)), NONE), {
    growth: undefined,
    changes: [],
  });
  assertEquals(findings(toCallList(call("a", 1, 2)), NONE), { growth: undefined, changes: [] });
  assertEquals(findings(NONE, NONE), { growth: undefined, changes: [] });
});

Deno.test("findings: a tool that became clearly slower, and not one that did by a little", () => {
  // Durations from 1 to 1.975 s, then doubled: medians of 40 values, (1.475 + 1.5) / 2 = 1.4875 and 2.975.
  const before = toCallList(session("before", () => 400));
  const slower = toCallList(session("now", () => 400, 2));
  const [change, ...rest] = findings(slower, before).changes;
  assertEquals(rest, []);
  assertEquals([change?.name, change?.before.toFixed(4), change?.now.toFixed(4)], [
    "Bash",
    "1.4875",
    "2.9750",
  ]);
  const little = toCallList(session("now", () => 400, 1.05));
  assertEquals(findings(little, before).changes, []);
  assertEquals(findings(slower.filter((index) => index < 19), before).changes, []); // too few calls
});

Deno.test("findings: nothing to tell where the medians go one way and the verdict the other", () => {
  const calls = (id: string, parts: readonly [count: number, seconds: number][]): Sample[] =>
    parts.flatMap(([count, seconds]) => Array<number>(count).fill(seconds)).flatMap((
      seconds,
      i,
    ) => [
      start(200 * i, { toolUseId: `${id}${i}` }),
      end(200 * i + seconds, { toolUseId: `${id}${i}` }),
    ]);
  // The median goes from 1 to 1.2 s, but three of four pairs say faster.
  const before = toCallList(calls("a", [[51, 1], [49, 100]]));
  const after = toCallList(calls("b", [[49, 0.5], [51, 1.2]]));
  const durations = [before, after].map((each) =>
    each.calls.map(({ durationSeconds = 0 }) => durationSeconds).sort((a, b) => a - b)
  );
  assertEquals(difference(durations[0] ?? [], durations[1] ?? [])?.verdict, "faster");
  assertEquals(findings(after, before).changes, []);
});

Deno.test("answers: memory and change say what, how much, and where to look", () => {
  // 5 MiB a minute, from 400 to 595.
  const calls = toCallList(session("7d1f20c4", (index) => 400 + 5 * index, 2));
  const before = toCallList(session("before", () => 400));
  const lines = answers(summarize(calls), 5000, {
    findings: findings(calls, before),
    session: (id) => id.slice(0, 4),
    before: "the week before",
  }).filter(([label]) => label === "Growing" || label === "Changed");
  assertEquals(lines.map(([label, text]) => `${label}: ${text}`), [
    "Growing: session 7d1f: +195 MiB in 39m4s",
    "Changed: Bash p50 3.0s, was 1.5s the week before (+100%, clear)",
  ]);
  assertEquals(lines[0]?.[2], "perfmon report 7d1f");
});

Deno.test("answers: a growth is told over the time it was seen, by the hour after an hour only", () => {
  const seen = (minutes: number, now: number): string => {
    const rows = Array.from({ length: minutes }, (_, index) => {
      const rest = { toolUseId: `t${index}`, memoryRss: MIB * (400 + 8 * index) };
      return [start(60 * index, rest), end(60 * index + 1, rest)];
    }).flat();
    const calls = toCallList(rows);
    const found = answers(summarize(calls), now, { findings: findings(calls, NONE), utc: true });
    const [label = "", text = ""] = found.find(([label]) => /^Gr/.test(label)) ?? [];
    return `${label} ${text.replace(/± \S+/, "± N")}`;
  };
  assertEquals(seen(30, 1800), "Growing session s: +232 MiB in 29m1s");
  assertEquals(
    seen(90, 90 * 60),
    "Growing session s: +712 MiB in 1h29m, +480 ± N MiB/h",
  );
  // Three days later nothing grows any more.
  assertEquals(
    seen(30, 3 * 86_400),
    "Grew session s: +232 MiB in 29m1s, until Thu 00:29",
  );
});

Deno.test("answers: agents and questions to the person do not lead, one failure of two is no headline", () => {
  const failed = (id: string, from: number): Sample[] => [
    start(from, { toolUseId: id }),
    end(from + 2, { toolUseId: id, status: "error" }),
  ];
  const asked = [
    ...call("a", 0, 900, { toolName: "Agent" }),
    ...call("t", 0, 900, { toolName: "Task" }),
    ...call("q", 1000, 1900, { toolName: "AskUserQuestion" }),
    ...call("p", 2000, 2900, { toolName: "ExitPlanMode" }),
  ];
  const calls = [...failed("b1", 3000), ...call("b2", 3010, 3012)];
  const of = (samples: readonly Sample[]): string[] =>
    answers(summarize(toCallList(samples)), 5000).map(([label, text]) => `${label} ${text}`);
  assertEquals(of([...asked, ...calls]), ["Slow Bash: 4.0s; longest 2.0s"]);
  assertEquals(of(calls), ["Slow Bash: 4.0s of 4.0s in tools; longest 2.0s"]);
  assertEquals(of(asked), []);
  assertEquals(of([...calls, ...failed("b4", 3030)])[0], "Failing Bash: 2 of 3 (67%)");
});

Deno.test("formatSlope: KiB a second as MiB an hour, with half of the wider side", () => {
  // 117.5 KiB/s · 3600 / 1024 = 413.1; 17 KiB/s = 59.8.
  assertEquals(formatSlope({ slope: 117.5, low: 110, high: 134.5 }), "+413 ± 60 MiB/h");
  assertEquals(formatSlope({ slope: -1, low: -2, high: 0 }), "-3.5 ± 3.5 MiB/h");
  assertEquals(formatSlope({ slope: 1000, low: 1000, high: 1000 }), "+3,516 ± 0 MiB/h");
  assertEquals(formatSlope(undefined), "–");
});
