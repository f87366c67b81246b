import { countTests, describeSkips } from "../../../tools/junit.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("countTests reads an absent report as no test", () => {
  assertEquals(countTests(""), { passed: 0, failed: [], skipped: [] });
});

Deno.test("describeSkips names each missing tool once", () => {
  const names = ["a [needs strace]", "b [needs tmux, strace]", "c"];
  assertEquals(describeSkips(names), [
    'skipped: "c" is ignored (1 test)',
    "skipped: strace not found (2 tests)",
    "skipped: tmux not found (1 test)",
  ]);
  assertEquals(describeSkips([]), []);
});
