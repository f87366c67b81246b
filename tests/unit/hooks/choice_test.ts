/** What a person chose for hooks, by lines that another perfmon wrote. */
import { choiceOf } from "../../../src/agents/claude/hooks/choice.ts";
import { writeCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import { readProjectFile } from "../../kit/project.ts";
import { assertEquals } from "../../std/std_assert.ts";

const UNREAPED: readonly [line: string, command: { isAsync?: true }][] = JSON.parse(
  readProjectFile("tests/testdata/unreaped_lines.json"),
);

function isWaitedFor(line: string): boolean | undefined {
  return choiceOf([{ event: "PreToolUse", hook: { type: "command", command: line } }])?.isWaitedFor;
}

Deno.test("that Claude Code waits was chosen, also in a line that install would write otherwise now", () => {
  for (const [line, { isAsync = false }] of UNREAPED) assertEquals(isWaitedFor(line), !isAsync);
  assertEquals(isWaitedFor(writeCommand({ moment: "start", options: {} })), true);
  assertEquals(isWaitedFor(writeCommand({ moment: "start", isAsync: true, options: {} })), false);
});

Deno.test("0.1.0 knew no other way, so nobody chose it there", () => {
  const released =
    "{ perfmon rec start || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0";
  assertEquals(isWaitedFor(released), false);
});
