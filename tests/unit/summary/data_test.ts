import { theilSen } from "../../../src/stats/trend.ts";
import { callsCsv, recordCsv, reportCsv } from "../../../src/summary/csv.ts";
import { callsJson, type JsonContext, reportJson } from "../../../src/summary/json.ts";
import { CALL_COLUMNS, SUMMARY_COLUMNS } from "../../../src/summary/records.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { SAMPLES } from "../../kit/samples.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";

const CONTEXT: JsonContext = {
  log: "/log.csv",
  since: 5,
  until: undefined,
  badRows: 1,
  firstBad: "/log.csv:7",
};

const list = toCallList(SAMPLES);
const { calls } = list;
const report = summarize(list);

Deno.test("reportJson: an object with base units in the names, null for what is not known", () => {
  const { all, groups, running, ...rest } = JSON.parse(reportJson(report, CONTEXT));
  assertEquals(rest, {
    version: 1,
    log: "/log.csv",
    since_timestamp: 5,
    until_timestamp: null,
    bad_rows: 1,
    first_bad_row: "/log.csv:7",
    sessions: 1,
    projects: 1,
    mcp_tools: 2,
    abandoned: 1,
    approximate: 0,
    reversed: 0,
    without_start: 0,
    first_timestamp: 10,
    last_timestamp: 190,
    span_seconds: 180,
  });
  assertEquals(Object.keys(all), [...SUMMARY_COLUMNS]);
  assertEquals([all.calls, all.total_seconds, all.cpu_seconds], [6, 63.011, 2.04]);
  assertEquals([groups[0].name, groups[0].cpu_seconds], ["Agent", null]);
  assertEquals(running.length, 1);
});

Deno.test("reportJson: growth and changes where they were looked for", () => {
  const slope = theilSen([{ x: 0, y: 100 }, { x: 10, y: 150 }]);
  const parsed = JSON.parse(reportJson(report, CONTEXT, {
    growth: { sessionId: "s", slope: slope!, gain: 50, seconds: 10, until: 10 },
    changes: [{ name: "Bash", before: 1, now: 2, p: 0.001 }],
  }));
  assertEquals(parsed.growth.session_id, "s");
  assertEquals([parsed.growth.gain_kib, parsed.growth.seconds, parsed.growth.last_timestamp], [
    50,
    10,
    10,
  ]);
  assertEquals(parsed.growth.rss_slope_kib_per_second, 5);
  assertEquals(parsed.changes, [
    { name: "Bash", p50_seconds: 2, p50_before_seconds: 1, p_value: 0.001 },
  ]);
});

Deno.test("callsJson and callsCsv: a record a call", () => {
  const parsed = JSON.parse(callsJson(calls.slice(0, 1), CONTEXT));
  assertEquals(Object.keys(parsed.calls[0]), [...CALL_COLUMNS]);
  assertEquals([parsed.calls[0].duration_seconds, parsed.calls[0].wait_seconds], [2, 20]);
  const [header, line, rest] = callsCsv(calls.slice(0, 1)).split("\n");
  assertEquals(header, CALL_COLUMNS.join(","));
  assertEquals(line?.startsWith("Bash,,ok,,10,32,2,20,1.25,"), true, line);
  assertEquals(rest, "");
});

Deno.test("reportCsv: a line a group, then all; the header also where there is nothing", () => {
  const lines = reportCsv(report).split("\n");
  assertEquals(lines.map((line) => line.split(",")[0]), [
    "name",
    "Agent",
    "Bash",
    "github",
    "Read",
    "All",
    "",
  ]);
  assertEquals(callsCsv([]), CALL_COLUMNS.join(",") + "\n");
});

Deno.test("recordCsv: quotes what has to be", () => {
  assertEquals(recordCsv({ a: 'say "hi", you', b: null }), 'a,b\n"say ""hi"", you",\n');
});
