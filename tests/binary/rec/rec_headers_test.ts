/** What other programs, or an older perfmon, made of a log's header costs no row and no column. */
import { FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { isHeader } from "../../../src/row/parse_row.ts";
import { capture } from "../../kit/captures.ts";
import { logOf, record, shell, spoolHome } from "../../kit/homes.ts";
import { linesOf } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";

const END = { stdin: capture("PostToolUse-echo") };
const ROTATES = ["--max-lines", "3", "--keep", "2"];

function payloadOf(name: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(capture(name)));
}

const CHANGES: Readonly<Record<string, string>> = {
  "given a byte order mark, as by a spreadsheet": "sed -i '1s/^/\\xef\\xbb\\xbf/' $LOG",
  "put in quotes, as are all cells": `sed -i -e 's/,/","/g' -e 's/^/"/' -e 's/$/"/' $LOG`,
  "taken by the seed's rotation": "tail -n 1 $LOG > $LOG.tmp && mv $LOG.tmp $LOG",
};

for (const [what, change] of Object.entries(CHANGES)) {
  testWith(
    ["sh", "sed", "tail"],
    `a log whose header was ${what} goes on with all columns`,
    async () => {
      using home = temporaryFolder();
      await record(home.path, ["start"], { stdin: capture("PreToolUse-echo") });
      await shell(home.path, `LOG=~/.claude/performance.csv; ${change}`);
      const { rows, errors } = await record(home.path, ["end"], END);
      assertEquals(errors, []);
      assertEquals(Object.keys(rows[1]!), [...FULL_COLUMNS]);
      assertEquals([rows[1]?.["status"], rows[1]?.["duration_ms"]], ["ok", "24"]);
      for (let round = 0; round < 3; round++) await record(home.path, ["end", ...ROTATES], END);
      const lines = linesOf(logOf(home.path));
      assertEquals(lines.filter(isHeader), [FULL_HEADER]);
      const args = ["export", "json", "--file", logOf(home.path)];
      const { samples } = JSON.parse(expectExit(await perfmon(args), 0).stdout);
      assertEquals(
        samples.map((sample: Record<string, unknown>) => sample["tool_use_id"]),
        Array(5).fill("toolu_01S000T0000000000000echo"),
      );
    },
  );
}

testWith(
  ["sh", "sed"],
  "the spool, too, goes on with all columns behind a byte order mark",
  async () => {
    using home = spoolHome();
    await home.hook("start", payloadOf("PreToolUse-echo"));
    await home.perfmon("status");
    await shell(home.path, `sed -i '1s/^/\\xef\\xbb\\xbf/' ${home.log}`);
    await home.hook("end", payloadOf("PostToolUse-echo"));
    await home.perfmon("status");
    assertEquals(
      linesOf(home.log).map((line) => line.split(",").length),
      Array(3).fill(FULL_COLUMNS.length),
    );
  },
);

Deno.test("a log of perfmon 0.1.0 is continued and rotated, and nothing of it is lost", async () => {
  using home = temporaryFolder();
  const released = Deno.readTextFileSync(new URL("../../testdata/logs/0.1.0.csv", import.meta.url));
  Deno.mkdirSync(`${home.path}/.claude`);
  Deno.writeTextFileSync(logOf(home.path), released);
  for (let round = 0; round < 3; round++) {
    await record(home.path, ["end", "--max-lines", "18", "--keep", "5"], END);
  }
  // Five rows are kept under their own header, what comes behind them is under today's.
  assertEquals(linesOf(logOf(home.path)).length, 8);
  const csv = expectExit(await perfmon(["export", "csv", "--file", logOf(home.path)]), 0).stdout;
  // Cells of later columns are empty behind them.
  const lines = csv.trimEnd().split("\n");
  const before = released.trimEnd().split("\n");
  before.forEach((line, index) => assertEquals(lines[index]?.slice(0, line.length), line));
  assertEquals(lines.length, before.length + 3);
});

Deno.test("rows behind a header that broke off are read as they were meant", async () => {
  using home = temporaryFolder();
  const header = FULL_COLUMNS.slice(0, 17).join(",");
  Deno.mkdirSync(`${home.path}/.claude`);
  Deno.writeTextFileSync(logOf(home.path), `${FULL_COLUMNS.join(",")}\n${header},tool`);
  await record(home.path, ["end"], END);
  const args = ["export", "csv", "--calls", "--all", "--file", logOf(home.path)];
  const calls = expectExit(await perfmon(args), 0).stdout.trimEnd().split("\n");
  assertEquals(calls.length, 2);
});
