import { REC_DEFAULTS } from "../../../src/agents/rec_flags.ts";
import { describers } from "../../../src/record/describers.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("what tells commands is loaded for a tool that can have one, and where no tool is named", async () => {
  const isTold = async (toolName?: string, command = true): Promise<boolean> =>
    (await describers({ ...REC_DEFAULTS, event: "start", command }, toolName)).command !==
      undefined;
  for (const name of ["Bash", "WebFetch", "Agent", "Task", "Skill", undefined]) {
    assertEquals(await isTold(name), true, name);
  }
  for (const name of ["Read", "Edit", "mcp__files__read"]) {
    assertEquals(await isTold(name), false, name);
  }
  assertEquals(await isTold("Bash", false), false);
});
