import { PLAIN } from "../../../src/text/style.ts";
import { reportText, type ReportTextOptions } from "../../../src/summary/report_text.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { textWidth } from "../../../src/text/table.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { BASIC_SAMPLES, NOW, SAMPLES } from "../../kit/samples.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { expectText } from "../../kit/snapshot.ts";

const OPTIONS: ReportTextOptions = {
  covers: "Last 7 days",
  more: "--since 30d for more",
  width: 80,
  now: NOW,
  style: PLAIN,
};

const report = summarize(toCallList(SAMPLES));

Deno.test("reportText: headline, answers, table, and what its signs mean", async (t) => {
  await expectText(
    t,
    reportText(report, { ...OPTIONS, notes: ["3 bad rows skipped, the first at log.csv:7"] }),
  );
});

Deno.test("reportText: rows of the basic layout say what they don't know", async (t) => {
  await expectText(
    t,
    reportText(summarize(toCallList(BASIC_SAMPLES)), { ...OPTIONS, more: undefined }),
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
