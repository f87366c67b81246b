import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { seedRow } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { BASIC_COLUMNS, formatRow } from "../../../src/row/columns.ts";

Deno.test("tail: the newest calls, the last one at the end", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["tail", "-n", "2", "--file", file]), 0);
  const lines = result.stdout.split("\n");
  assertMatch(lines[0] ?? "", /^ID +WHEN +DURATION/);
  assertMatch(lines[1] ?? "", / Bash +error 7 +aaaa +api$/);
  assertMatch(lines[2] ?? "", / Read +ok +bbbb +web$/);
});

Deno.test("tail: --raw gives rows as they stand in the log, byte for byte, in either layout", async () => {
  using folder = temporaryFolder();
  const full = logText(RECENT);
  const file = writeLog(folder.path, full);
  const rows = full.split("\n").slice(-4).join("\n");
  assertEquals((await perfmon(["tail", "--raw", "-n", "3", "--file", file])).stdout, rows);
  const foreign = `1795353869.827464581,  5.40, 38860,,start\n`;
  writeLog(folder.path, foreign);
  assertEquals((await perfmon(["tail", "--raw", "--all", "--file", file])).stdout, foreign);
  const basic = [seedRow(HOUR_AGO, "start"), seedRow(HOUR_AGO + 1, "end")]
    .map((row) => formatRow(row, BASIC_COLUMNS)).join("");
  writeLog(folder.path, basic);
  assertEquals((await perfmon(["tail", "--raw", "--file", file])).stdout, basic);
});

Deno.test("tail: --raw and --json exclude each other", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["tail", "--raw", "--json", "--file", file]), 64);
  assertStringIncludes(result.stderr, "Cannot use --raw with --json: rows are CSV already");
});
