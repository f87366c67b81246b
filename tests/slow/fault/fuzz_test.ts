/** Hostile input in process: some hundred cases of each property, and the whole corpus. */
import fc from "fast-check";
import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { formatRow, FULL_COLUMNS } from "../../../src/row/columns.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { corpus, PROPERTIES, tryProperty } from "../../campaigns/fuzz.ts";
import { hostileCase, runCase } from "../../campaigns/fuzz_binary.ts";

for (const name of Object.keys(PROPERTIES)) {
  Deno.test(name, () => tryProperty(name, 400));
}

Deno.test("each stdin of the corpus makes one row", async () => {
  for (const { name, bytes } of corpus("stdin")) {
    const { event } = await parseHookEvent(bytes);
    const sample = { timestamp: 1, toolName: "unknown", ...event, event: "end" as const };
    const row = formatRow({ ...sample, toolName: sample.toolName ?? "unknown" }, FULL_COLUMNS);
    // deno-lint-ignore no-control-regex -- none of these may reach the file
    assertEquals(row.match(/[\x00-\x1f]/g), ["\n"], name);
  }
});

Deno.test("hostile stdin, environment, arguments and logs through the binary", async () => {
  for (const each of fc.sample(hostileCase, { numRuns: 25 })) {
    try {
      await runCase(each);
    } catch (error) {
      throw new Error(`This case fails: ${fc.stringify(each)}`, { cause: error });
    }
  }
});
