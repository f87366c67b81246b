import { countTests, type TestCounts } from "../../../tools/junit.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const SOURCE = `
Deno.test("passes", () => {});
Deno.test("another > odd <name> & \\"quotes\\"", () => {});
Deno.test({ name: "ignored", ignore: true, fn: () => {} });
Deno.test("fails", () => { throw new Error("</testcase> on purpose"); });
Deno.test("has steps", async (t) => {
  await t.step("inner", () => {});
  await t.step({ name: "left out", ignore: true, fn: () => {} });
});
Deno.test("has a failing step", async (t) => {
  await t.step("inner", async (t) => {
    await t.step("innermost", () => { throw new Error("on purpose"); });
  });
});
`;

/** Runs `deno test` on the source of a test file and counts its report. */
async function runTests(source: string, ...args: string[]): Promise<TestCounts> {
  using folder = temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/some_test.ts`, source);
  await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-config", "--junit-path=report.xml", ...args, "some_test.ts"],
    cwd: folder.path,
    stdout: "null",
    stderr: "null",
  }).output();
  return countTests(await Deno.readTextFile(`${folder.path}/report.xml`));
}

Deno.test("countTests counts tests, not their steps, in a report of deno test", async () => {
  assertEquals(await runTests(SOURCE), {
    passed: 3,
    failed: ["fails", "has a failing step"],
    skipped: ["ignored", "has steps > left out"],
  });
});

Deno.test("countTests leaves out what --filter left out", async () => {
  assertEquals(await runTests(SOURCE, "--filter=ignored"), {
    passed: 0,
    failed: [],
    skipped: ["ignored"],
  });
  assertEquals(await runTests(SOURCE, "--filter=none"), { passed: 0, failed: [], skipped: [] });
});

Deno.test("countTests counts tests that an error outside of them cancelled", async () => {
  const source = `Deno.test("loose", () => void Promise.reject(new Error("on purpose")));`;
  assertEquals(await runTests(source), { passed: 0, failed: ["loose"], skipped: [] });
});
