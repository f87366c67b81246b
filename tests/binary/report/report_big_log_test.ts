/** The report of a large log against figures that pandas worked out (report_big_log_figures.py). */
import { writeBigLog } from "../../bench/big_log.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("report: 50,000 calls equal an independent computation to the last digit", async () => {
  const expected: Record<string, unknown> = JSON.parse(
    await Deno.readTextFile(`${import.meta.dirname}/../../testdata/big_log_figures.json`),
  );
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  await writeBigLog(log, 100_000);
  const run = expectExit(await perfmon(["report", "--all", "--json", "--file", log]), 0);
  const report: Record<string, unknown> = JSON.parse(run.stdout);
  assertEquals(report["bad_rows"], 0);
  for (const [key, value] of Object.entries(expected)) {
    assertEquals(likeExpected(report[key], value), value, key);
  }
});

/** The members of a value that the independent computation has too. */
function likeExpected(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((each, index) => likeExpected(each, expected[index]));
  }
  if (!isObject(actual) || !isObject(expected)) return actual;
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, likeExpected(actual[key], expected[key])]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
