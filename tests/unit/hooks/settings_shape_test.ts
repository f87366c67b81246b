import type { Json } from "../../../src/agents/claude/hooks/events.ts";
import { wrongEntries } from "../../../src/agents/claude/hooks/inspect/settings_shape.ts";
import { assertEquals } from "../../std/std_assert.ts";

const good = { type: "command", command: "true" };

/** Values of `hooks.PostToolUse` that Claude Code 2.0.77 passed over, and where they are wrong. */
const WRONG: readonly [value: Json, place: string][] = [
  [{ matcher: "Edit", hooks: [] }, ""],
  ["true", ""],
  [["true"], "[0]"],
  [[{ matcher: "Edit", command: "ruff check", timeout: 5000 }], "[0]"],
  [[{ matcher: "Edit" }], "[0]"],
  [[{ matcher: "Edit", hooks: good }], "[0]"],
  [[{ matcher: { tools: ["Bash"] }, hooks: [good] }], "[0]"],
  [[{ matcher: ["Edit"], hooks: [good] }], "[0]"],
  [[{ matcher: null, hooks: [good] }], "[0]"],
  [[{ hooks: [good] }, { hooks: ["true"] }], "[1].hooks[0]"],
  [[{ hooks: [good, { command: "true" }] }], "[0].hooks[1]"],
  [[{ hooks: [{ type: "command" }] }], "[0].hooks[0]"],
  [[{ hooks: [{ type: "command", command: ["true"] }] }], "[0].hooks[0]"],
  [[{ hooks: [{ ...good, timeout: "5" }] }], "[0].hooks[0]"],
  [[{ hooks: [{ ...good, timeout: 0 }] }], "[0].hooks[0]"],
];

/** Values that it took. */
const RIGHT: readonly Json[] = [
  [],
  [{ hooks: [good] }],
  [{ matcher: "", hooks: [] }],
  [{ matcher: "Edit", hooks: [{ ...good, command: "", async: "yes", timeout: 0.5 }] }],
  [{ matcher: "Edit", hooks: [{ type: "http", url: "http://localhost" }], note: 1 }],
];

Deno.test("entries that Claude Code can't read are named by their place", () => {
  for (const [value, place] of WRONG) {
    const found = wrongEntries({ PreToolUse: [{ hooks: [good] }], PostToolUse: value });
    assertEquals(
      found.map((each) => each.place),
      [`hooks.PostToolUse${place}`],
      JSON.stringify(value),
    );
  }
  assertEquals(wrongEntries([]).map(({ place }) => place), ["hooks"]);
});

Deno.test("entries that it reads are not", () => {
  assertEquals(wrongEntries(undefined), []);
  for (const value of RIGHT) assertEquals(wrongEntries({ PostToolUse: value }), []);
});
