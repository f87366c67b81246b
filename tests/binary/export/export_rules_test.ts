import { assertEquals } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

async function promtool(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command("promtool", { args }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

testWith(
  "promtool",
  "export rules: valid, and each fires when it should, and only then",
  async () => {
    using folder = temporaryFolder();
    const rules = `${folder.path}/perfmon.rules.yml`;
    expectExit(await perfmon(["export", "rules", "-o", rules]), 0);
    assertEquals((Deno.statSync(rules).mode ?? 0) & 0o777, 0o644);
    await promtool("check", "rules", rules);
    // The tests name the rules by a path beside them.
    const tests = `${folder.path}/tests.yml`;
    Deno.copyFileSync(`${import.meta.dirname}/../../testdata/alert_rules_test.yml`, tests);
    await promtool("test", "rules", tests);
  },
);
