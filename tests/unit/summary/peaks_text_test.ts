/** What tables say of memory at its peak: the figure, whose it is, and whether shared pages are in it once. */
import { toCallList } from "../../../src/calls/to_calls.ts";
import { answers } from "../../../src/summary/answers.ts";
import { topText } from "../../../src/summary/calls_text.ts";
import { mainColumns } from "../../../src/summary/report_columns.ts";
import { rankFigures } from "../../../src/summary/ranks.ts";
import { signs } from "../../../src/summary/caveats.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { PLAIN } from "../../../src/text/style.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { call, start } from "../../kit/samples.ts";

function peak(time: number, toolUseId: string, rest: Partial<Sample>): Sample {
  return { ...start(time, { toolUseId, ...rest }), event: "peak" };
}

const MIB = 1024;
const ROWS: readonly Sample[] = [
  ...call("own", 1, 2),
  peak(2.1, "own", { peakRss: 900 * MIB, peakPss: 300 * MIB, processSeconds: 0.5 }),
  ...call("resident", 3, 4),
  peak(4.1, "resident", { peakRss: 200 * MIB, processSeconds: 0.6 }),
  ...[...call("one", 5, 6), ...call("other", 5.5, 6)],
  peak(6.1, "one", { peakRss: 50 * MIB, peakPss: 50 * MIB, processSeconds: 0.7 }),
  peak(6.1, "other", { peakRss: 50 * MIB, peakPss: 50 * MIB, processSeconds: 0.7 }),
  ...call("unseen", 7, 8),
  ...call("read", 9, 10, { toolName: "Read" }),
];
const LIST = toCallList(ROWS);

Deno.test("calls by memory stand by their peaks, marked where shared or resident, and others are left out", () => {
  const calls = LIST.greatest(9, rankFigures(LIST.columns, "memory"));
  const options = { width: 100, style: PLAIN, now: 20, utc: true, session: (id: string) => id };
  const text = topText(calls, "memory", options);
  const peaks = text.split("\n").slice(1, 5).map((line) =>
    line.split(/ +/)[1]! + line.split(/ +/)[2]!
  );
  assertEquals(peaks, ["300M", "200M*", "~50M", "~50M"]);
  assertStringIncludes(text, "* shared pages counted in each process (RSS)");
  assertEquals(calls.length, 4);
});

Deno.test("what held 4 GiB and more is a finding, with the process that held most, and less is none", () => {
  const found = (mib: number, peakProcess?: string) => {
    const rows = [...call("a", 1, 2), peak(2.1, "a", { peakPss: mib * MIB, peakProcess })];
    return answers(summarize(toCallList(rows)), 9).filter(([label]) => label === "Memory");
  };
  assertEquals(found(6144, "cc1"), [[
    ...["Memory", "Bash: 6.0 GiB at its peak, most of it cc1"] as const,
    "perfmon top --by memory --tool Bash",
  ]]);
  assertEquals(found(4096).map(([, answer]) => answer), ["Bash: 4.0 GiB at its peak"]);
  assertEquals(found(4095, "cc1"), []);
});

Deno.test("a report has the peak of the hungriest call of each line, only where one is known", () => {
  const report = summarize(LIST);
  const columns = mainColumns(report, { grouping: "tool", label: (name) => name });
  const cells = columns.find(({ name }) => name === "peak")!;
  assertEquals(report.groups.map((group) => [group.name, cells.cell(group)]), [
    ["Bash", "300 M"],
    ["Read", "–"],
  ]);
  const without = summarize(toCallList(call("a", 1, 2)));
  const names = mainColumns(without, { grouping: "tool", label: (name) => name });
  assertEquals(names.some(({ name }) => name === "peak"), false);
  const resident = summarize(toCallList(ROWS.slice(3, 6)));
  const star = "* shared pages counted in each process";
  assertStringIncludes(signs(resident, "PEAK\n1.0 G*", false).join(), star);
  assertEquals(signs(resident, "P50\n1.0s", false).join().includes(star), false);
});
