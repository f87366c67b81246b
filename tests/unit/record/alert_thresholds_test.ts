import { alertsOf } from "../../../src/record/alert_thresholds.ts";
import { end, start } from "../../kit/samples.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("alerts: no duration of an agent, which holds other calls, or of a question to the person", () => {
  const texts = (toolName: string): string[] =>
    alertsOf(start(0, { toolName }), end(600, { toolName }), { "alert-duration": "60s" })
      .map(({ text }) => text);
  assertEquals(texts("Bash"), ["Bash took 10m0s (alert above 1m0s)"]);
  for (const name of ["Agent", "Task", "AskUserQuestion", "ExitPlanMode"]) {
    assertEquals(texts(name), [], name);
  }
});
