import { generator, sampleLog } from "../../../examples/sample_log.ts";
import { type Call } from "../../../src/calls/call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { CallList } from "../../../src/calls/call_list.ts";
import { decodePage, encodePage } from "../../../src/page/data/page_data.ts";
import type { PageColumns } from "../../../src/page/data/page_columns.ts";
import { type Growth, steepestGrowth } from "../../../src/summary/growth.ts";
import { callRecord } from "../../../src/summary/records.ts";
import { reportJson } from "../../../src/summary/json.ts";
import { summarize, tool, toolOrServer } from "../../../src/summary/summarize.ts";
import { bigLog } from "../../bench/big_log.ts";
import { parseRow, splitRow } from "../../../src/row/parse_row.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { toolsAndCommands } from "../../../src/summary/command_groups.ts";
import { commandSamples, end, SAMPLES, seedRow, start } from "../../kit/samples.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { Report } from "../../../src/summary/summary.ts";

const FACTS = {
  perfmon: "0",
  made: 300,
  covers: "All",
  notes: [],
  findings: { changes: [] },
  before: "",
  flags: {},
};

const CONTEXT = { log: "", since: undefined, until: undefined, badRows: 0, firstBad: undefined };

function through(list: CallList): PageColumns {
  return decodePage(encodePage(list, FACTS));
}

/** Numbers in both to a microsecond, all else to the letter. */
function assertSame(actual: unknown, expected: unknown, where = ""): void {
  if (typeof actual === "number" && typeof expected === "number") {
    return assertAlmostEquals(actual, expected, 1e-4, where);
  }
  if (typeof actual !== "object" || actual === null || typeof expected !== "object") {
    return assertEquals(actual, expected, where);
  }
  assertEquals(Object.keys(actual), Object.keys(expected ?? {}), where);
  for (const [key, value] of Object.entries(actual)) {
    assertSame(value, (expected as Record<string, unknown> | null)?.[key], `${where}.${key}`);
  }
}

function parse(rows: string): Sample[] {
  return rows.trimEnd().split("\n").map((row) => parseRow(splitRow(row), FULL_COLUMNS)!);
}

const NOT_IN_PAGE = {
  id: null,
  tool_use_id: null,
  tree_rss_start_kib: null,
  tree_rss_end_kib: null,
};

/** Without what the page does not hold. An id, which needs that, is another one there, and not shown. */
function asInPage(call: Call): Readonly<Record<string, unknown>> {
  return { ...callRecord(call), ...NOT_IN_PAGE };
}

const KINDS: readonly Sample[] = [
  ...SAMPLES,
  end(195, { toolUseId: "no start", durationMs: 4000, params: "git push <script>" }),
  start(210, { toolUseId: "reversed" }),
  end(209, { toolUseId: "reversed", toolName: "Ünïcödé <b>" }),
  seedRow(220, "start", "Read"),
  seedRow(221.25, "end", "Read"),
  start(230, { toolUseId: "resumed", pid: 7, processStart: 3, childCpuSeconds: 2 }),
  end(231, { toolUseId: "resumed", pid: 8, processStart: 9, childCpuSeconds: 3, durationMs: 1000 }),
  start(240, { toolUseId: "asked", toolName: "Write" }),
  { ...start(241.5, { toolName: "Write" }), event: "permission" },
  end(247, { toolUseId: "asked", toolName: "Write", durationMs: 2000 }),
];

Deno.test("a page holds calls of every kind with all that the report asks of them", () => {
  const list = toCallList(KINDS);
  const { calls } = CallList.all(through(list));
  assertEquals(calls.length, list.size);
  calls.forEach((call, index) => {
    assertSame(asInPage(call), asInPage(list.calls[index]!), `call ${index}`);
  });
});

Deno.test("any of a page's calls come to the same figures, and the same growth, as those of the log", () => {
  const log = [...bigLog(4000)].join("").slice(FULL_HEADER.length + 1);
  const sample = sampleLog().map((each) => formatRow(each, FULL_COLUMNS)).join("");
  const random = generator(7);
  for (const samples of [KINDS, parse(sample), parse(log)]) {
    const all = toCallList(samples);
    const page = through(all);
    for (const share of [1, 0.5, 0.02, 0]) {
      for (const rule of [toolOrServer, tool]) {
        const calls = all.filter(() => random() < share);
        const inPage = new CallList(page, calls.indices);
        assertSame(
          record(summarize(inPage, rule), steepestGrowth(inPage)),
          record(summarize(calls, rule), steepestGrowth(calls)),
        );
      }
    }
  }
});

function record(report: Report, growth: Growth | undefined): unknown {
  const made = JSON.parse(reportJson(report, CONTEXT, { growth, changes: [] }));
  for (const running of made.running) Object.assign(running, NOT_IN_PAGE);
  return made;
}

Deno.test("the table of a page has Bash by command, as the report; sums that close, and none without commands", () => {
  const calls = toCallList(commandSamples());
  const { table, report } = through(calls).head;
  const expected = summarize(calls, toolsAndCommands(calls, false));
  assertEquals(table?.groups.map(({ name }) => name), expected.groups.map(({ name }) => name));
  const sum = (groups: readonly { calls: number }[] = []): number =>
    groups.reduce((total, { calls }) => total + calls, 0);
  assertEquals(sum(table?.groups), sum(report.groups));
  const without = decodePage(encodePage(calls, { ...FACTS, withoutCommands: true }));
  assertEquals(without.head.table, null);
  assertEquals(through(toCallList(SAMPLES)).head.table, null);
});

Deno.test("a page without calls can be made and read", () => {
  assertEquals(through(toCallList([])).size, 0);
});

Deno.test("parameters that there is no room for are left out, the shortest calls' first", () => {
  const text = "x".repeat(1_500_000);
  const calls = toCallList([1, 2, 3].flatMap((seconds) => [
    start(10 * seconds, { toolUseId: `t${seconds}`, params: text }),
    end(10 * seconds + seconds, { toolUseId: `t${seconds}` }),
  ]));
  const { head } = through(calls);
  assertEquals(Object.keys(head.params), ["2"]);
  assertEquals(head.omittedParams, 2);
});

Deno.test("of too many calls the page holds the newest and those that run; its report is of all", () => {
  const running = start(50, { toolUseId: "running", sessionId: "alone", pid: 77 });
  const calls = toCallList([running, ...SAMPLES], { isAlive: (pid) => pid === 77 });
  const page = decodePage(encodePage(calls, FACTS, 2));
  assertEquals([page.head.calls, page.head.omitted], [3, calls.size - 3]);
  assertEquals(CallList.all(page).calls.map(({ startTime }) => startTime), [50, 120, 190]);
  const { report } = page.head;
  assertEquals(report.running, [{ place: 0, toolName: "Bash", startTime: 50 }]);
  assertSame(
    record({ ...report, running: [] }, undefined),
    record({ ...summarize(calls), running: [] }, undefined),
  );
});
