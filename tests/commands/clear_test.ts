import { assertEquals, assertStringIncludes } from "../std_assert.ts";
import { expectExit, perfmon, temporaryFolder } from "../support.ts";
import { logText, RECENT, writeLog } from "./log_support.ts";

Deno.test("clear: without a terminal and --yes it says what would go, and does nothing", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const before = Deno.readTextFileSync(file);
  const result = expectExit(await perfmon(["clear", "--file", file], { stdin: "y\n" }), 1);
  assertStringIncludes(result.stderr, `"${file}" (8 rows, `);
  assertStringIncludes(result.stderr, "give --yes to remove it");
  assertEquals(Deno.readTextFileSync(file), before);
});

Deno.test("clear: --yes removes all rows", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["clear", "--yes", "--file", file]), 0);
  assertStringIncludes(result.stdout, `Removed "${file}" (8 rows, `);
  const after = await perfmon(["report", "--file", file]);
  assertEquals(after.stdout.includes("Bash"), false);
});

Deno.test("clear: no log is exit 66", async () => {
  using folder = temporaryFolder();
  expectExit(await perfmon(["clear", "--yes", "--file", `${folder.path}/no.csv`]), 66);
});
