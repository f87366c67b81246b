import { parseDescription } from "../../../src/agents/claude/hooks/description.ts";
import { HooksError } from "../../../src/agents/claude/hooks/errors.ts";
import { assert, assertEquals, assertThrows } from "../../std/std_assert.ts";

const GOOD = { name: "a", event: "on-error", command: "true" };

Deno.test("a description is enabled unless it says otherwise", () => {
  assertEquals(parseDescription(JSON.stringify(GOOD), "a.json"), { ...GOOD, enabled: true });
  const off = { ...GOOD, enabled: false, tool_filter: ["Bash"], timeout: 1 };
  assertEquals(parseDescription(`\uFEFF${JSON.stringify(off)}`, "a.json"), off);
});

Deno.test("what is wrong is named with the file, the key and what is allowed", () => {
  const wrong: readonly [object | string, string][] = [
    ["{\n  name: 1}", "line 2, column 3"],
    ["[]", "expected one JSON object"],
    [{ ...GOOD, event: "before-tool" }, 'Cannot use "before-tool" for "event"'],
    [{ ...GOOD, event: "x" }, "before-tool-call, after-tool-call, on-error"],
    [{ ...GOOD, timeouts: 1 }, 'Unknown key "timeouts"'],
    [{ ...GOOD, timeout: "5000" }, "whole number of milliseconds"],
    [{ ...GOOD, timeout: 0 }, 'Cannot use 0 for "timeout"'],
    [{ ...GOOD, enabled: "true" }, "give true or false"],
    [{ ...GOOD, tool_filter: [1] }, "list of texts"],
    [{ ...GOOD, command: " " }, '"command"'],
    [{ name: "a", event: "on-error" }, 'Missing key "command"'],
  ];
  for (const [given, message] of wrong) {
    const text = typeof given === "string" ? given : JSON.stringify(given);
    const error = assertThrows(() => parseDescription(text, "a.json"), HooksError, message);
    assert(error.message.includes('"a.json"') && !error.message.endsWith("."), error.message);
  }
});
