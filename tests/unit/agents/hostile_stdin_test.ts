import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { formatRow, FULL_COLUMNS } from "../../../src/row/columns.ts";
import { hostileFiles } from "../../kit/captures.ts";
import { assertEquals } from "../../std/std_assert.ts";

for (const { name, bytes } of hostileFiles("stdin")) {
  Deno.test(`parseHookEvent: hostile ${name} makes one row`, async () => {
    const { event } = await parseHookEvent(bytes);
    const sample = { timestamp: 1, toolName: "unknown", ...event, event: "end" as const };
    const row = formatRow({ ...sample, toolName: sample.toolName ?? "unknown" }, FULL_COLUMNS);
    // deno-lint-ignore no-control-regex -- none of these may reach the file
    assertEquals(row.match(/[\x00-\x1f]/g), ["\n"]);
  });
}
