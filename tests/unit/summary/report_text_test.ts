import { reportText, type ReportTextOptions } from "../../../src/summary/report_text.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { textWidth } from "../../../src/text/table.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { BASIC_SAMPLES, NOW, SAMPLES } from "../../kit/samples.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";

const OPTIONS: ReportTextOptions = {
  covers: "Last 7 days",
  more: "--since 30d for more",
  width: 80,
  now: NOW,
  style: { strong: (text) => text, faint: (text) => text },
};

const report = summarize(toCalls(SAMPLES));

Deno.test("reportText: headline, answers, table, and what its signs mean", () => {
  assertEquals(
    reportText(report, { ...OPTIONS, notes: ["3 bad rows skipped, the first at log.csv:7"] }),
    `\
Last 7 days: 6 calls, 1 session, 1 project                (--since 30d for more)

Slow     Agent: 1m0s of 1m3s in tools; longest 1m0s                  perfmon top
Waiting  21.6s for permissions and hooks, 93% of it Bash
Failing  Bash 50% (1 of 2)
CPU      2.0s in processes of tools, 98% of it Bash         perfmon top --by cpu
Running  1 call, for 10s: Bash                                   perfmon running

TOOL      CALLS  FAIL    P50  P95    MAX   TOTAL   WAIT   CPU
Agent †       1     0   1m0s    –   1m0s    1m0s   1.0s     –
Bash          2     1   4.0s    –   6.0s    8.0s  20.0s  2.0s
github ‡      2     0  500ms    –  640ms    1.0s  500ms     –
Read          1     0   11ms    –   11ms    11ms  100ms  40ms
All           6     1                     1m3s §  21.6s  2.0s

6 calls in 1 session over 3m0s: 1m3s in tools, 21.6s waiting, 2.0s CPU
† subagent start to stop, holds its calls   ‡ MCP, 2 tools; CPU is its server's
§ overlaps once   – not known or under 20 calls
1 start abandoned: denied, cancelled or killed
3 bad rows skipped, the first at log.csv:7
`,
  );
});

Deno.test("reportText: rows of the basic layout say what they don't know", () => {
  assertEquals(
    reportText(summarize(toCalls(BASIC_SAMPLES)), { ...OPTIONS, more: undefined }),
    `\
Last 7 days: 2 calls

Slow     Bash: 2.0s of 2.5s in tools; longest 2.0s                   perfmon top

TOOL  CALLS  FAIL    P50  P95    MAX  TOTAL  WAIT  CPU
Bash      1     –   2.0s    –   2.0s   2.0s     –    –
Read      1     –  500ms    –  500ms  500ms     –    –
All       2     –                      2.5s     –    –

2 calls over 3.0s: 2.5s in tools
– not known or under 20 calls
No row says how a call ended: the basic layout knows no failures, waits or CPU
  time, no sessions and no projects
`,
  );
});

Deno.test("reportText: the column that lines are sorted by is always shown", () => {
  for (
    const [sort, header] of [["growth", /^TOOL +GROWTH +CALLS/], ["p95", /^TOOL .* P95 /]] as const
  ) {
    const lines = reportText(report, { ...OPTIONS, sort, width: 60 }).split("\n");
    assert(lines.some((line) => header.test(line)), lines.join("\n"));
    assert(lines.every((line) => textWidth(line) <= 60), lines.join("\n"));
  }
});

Deno.test("reportText: --wide gives more tables where one is too wide", () => {
  const narrow = reportText(report, { ...OPTIONS, wide: true }).split("\n");
  const wide = reportText(report, { ...OPTIONS, wide: true, width: 300 }).split("\n");
  assertEquals(narrow.filter((line) => line.startsWith("TOOL")).length, 2);
  const headers = wide.filter((line) => line.startsWith("TOOL"));
  assertEquals(headers.length, 1);
  assertEquals(
    headers[0]?.split(/ {2,}/).slice(9).join(" "),
    "MEAN P99 SHARE CPU% RSS END GROWTH RSS MEAN RSS MAX %CPU MEAN %CPU MAX",
  );
  // Bash: 2 of the 8 s over 63.011 s; 2 s CPU in 8 s; rows of 1, 3 MiB and 10, 30 %, its other rows know neither.
  assert(
    wide.some((line) =>
      /^Bash .* 4\.0s +– +13% +25\.0 +3\.0 M +\+2\.0 M +2\.0 M +3\.0 M +20\.0 +30\.0$/.test(line)
    ),
    wide.join("\n"),
  );
});

Deno.test("reportText: fits 60, 80 and 300 columns, and says what had no room", () => {
  for (const width of [60, 80, 300]) {
    const lines = reportText(report, { ...OPTIONS, width }).split("\n");
    assert(Math.max(...lines.map(textWidth)) <= width);
  }
  const text = reportText(report, { ...OPTIONS, width: 60 });
  assert(text.includes("No room here for P95; see --wide"), text);
});
