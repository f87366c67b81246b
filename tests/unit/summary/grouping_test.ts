import { byName, groupBy, type Grouping } from "../../../src/summary/grouping.ts";
import {
  mainColumns,
  SORT_NAMES,
  sortGroups,
  WIDE_COLUMNS,
} from "../../../src/summary/report_columns.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { call, end, start } from "../../kit/samples.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { Report } from "../../../src/summary/summary.ts";

/** 2026-11-16 23:30 UTC. */
const EVENING = 1_794_871_800;

/**
 * Session s1: Bash 10 s in api with client 2.1.99, and in it, side by side, Read 4 s: 10 s of 14.
 * Session s2, an hour later and a day later in UTC: a call of github's server, 2 s, by a subagent.
 */
const CALLS = toCallList([
  ...call("a", EVENING, EVENING + 10, {
    sessionId: "s1",
    project: "api",
    clientVersion: "2.1.99",
  }),
  ...call("b", EVENING + 2, EVENING + 6, { sessionId: "s1", toolName: "Read", project: "api" }),
  ...call("c", EVENING + 3600, EVENING + 3602, {
    sessionId: "s2",
    toolName: "mcp__github__get",
    agentId: "x",
    agentType: "Explore",
    clientVersion: "2.1.330",
    pid: 200,
  }),
]);

function reportBy(grouping: Grouping): Report {
  return summarize(CALLS, groupBy(grouping, { utc: true, splitServers: false }));
}

/** Each group's name, calls and total seconds, longest first. */
const GROUPS: Readonly<Record<Grouping, [name: string, calls: number, seconds: number][]>> = {
  tool: [["Bash", 1, 10], ["Read", 1, 4], ["github", 1, 2]],
  command: [["Bash", 1, 10], ["Read", 1, 4], ["github", 1, 2]], // no call says its command
  session: [["s1", 2, 10], ["s2", 1, 2]], // the 4 s lie in the 10 s
  project: [["api", 2, 10], ["unknown", 1, 2]],
  agent: [["main", 2, 10], ["Explore", 1, 2]],
  server: [["built-in", 2, 10], ["github", 1, 2]],
  day: [["2026-11-16", 2, 10], ["2026-11-17", 1, 2]],
  version: [["2.1.99", 1, 10], ["unknown", 1, 4], ["2.1.330", 1, 2]],
};

for (const [grouping, groups] of Object.entries(GROUPS)) {
  Deno.test(`groupBy: ${grouping}, overlaps once but for tools`, () => {
    assertEquals(
      reportBy(grouping as Grouping).groups
        .map(({ name, calls, totalSeconds }) => [name, calls, totalSeconds]),
      groups,
    );
  });
}

Deno.test("summarize: a group's share is of the time in tools", () => {
  // 10 and 2 of the 12 s in which any call ran.
  const shares = reportBy("session").groups.map(({ shareOfTime = 0 }) => shareOfTime.toFixed(4));
  assertEquals(shares, ["0.8333", "0.1667"]);
});

Deno.test("summarize: CPU %, memory at the end and growth, overlaps once", () => {
  const report = summarize(toCallList([
    start(10, { toolUseId: "a", childCpuSeconds: 1, memoryRss: 1000 }),
    start(12, { toolUseId: "b", childCpuSeconds: 2, memoryRss: 1200 }),
    end(14, { toolUseId: "a", childCpuSeconds: 3, memoryRss: 1500 }),
    end(18, { toolUseId: "b", childCpuSeconds: 5, memoryRss: 1900 }),
    ...[
      start(30, { toolUseId: "c", memoryRss: 3000 }),
      end(31, { toolUseId: "c", memoryRss: 2900 }),
    ],
  ]));
  // 4 s of CPU in the 8 s from 10 to 18; 1000 → 1900, then −100; ends at 1500, 1900, 2900.
  const { cpuPercentDuring, growth, rssEnd } = report.all;
  assertEquals([cpuPercentDuring, growth, rssEnd], [50, 800, 2100]);
});

Deno.test("byName: numbers by their value", () => {
  assertEquals(["2.1.330", "2.1.99", "2.2.0", "unknown", "2.1"].toSorted(byName), [
    "2.1",
    "2.1.99",
    "2.1.330",
    "2.2.0",
    "unknown",
  ]);
});

Deno.test("sortGroups: figures descending, unknown last, names ascending", () => {
  const names = (column: string): string[] =>
    sortGroups(reportBy("tool"), column).groups.map(({ name }) => name);
  assertEquals(names("max"), ["Bash", "Read", "github"]);
  assertEquals(names("name"), ["Bash", "Read", "github"]);
  assertEquals(names("p95"), ["Bash", "Read", "github"]); // unknown for all: by name
  assertEquals(names("calls"), ["Bash", "Read", "github"]);
});

Deno.test("sortGroups: every column that is shown can be sorted by", () => {
  const { all, ...rest } = reportBy("tool");
  // The columns of prompts and of peaks are there only where a row says something of them.
  const known = { promptSeconds: { value: 1 }, peakMemory: { value: 1 } };
  const report = { ...rest, all: Object.create(all, known) };
  const naming = { grouping: "tool", label: (name: string) => name } as const;
  const shown = [...mainColumns(report, naming), ...WIDE_COLUMNS].map(({ name }) => name);
  assertEquals(shown.toSorted(), SORT_NAMES.toSorted());
});
