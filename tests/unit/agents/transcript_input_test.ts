import { inputOf, workEndOf } from "../../../src/agents/claude/transcript_input.ts";
import { assertEquals } from "../../std/std_assert.ts";

const CAPTURED = Deno.readTextFileSync(
  `${import.meta.dirname}/../../testdata/transcript.jsonl`,
).trimEnd().split("\n");

Deno.test("what a call was asked to do is found by its id, in its own line only", () => {
  const found = (id: string): unknown[] =>
    CAPTURED.map((line) => inputOf(line, id)).filter((input) => input !== undefined);
  assertEquals(found("toolu_01S000T0000000000000echo"), [
    { command: "echo hi", description: "Say hi" },
  ]);
  assertEquals(found("toolu_none"), []);
});

Deno.test("lines that are broken, or say the id elsewhere, are none", () => {
  const block = { type: "tool_use", id: "t1", name: "Bash", input: { command: "x" } };
  const line = JSON.stringify({ message: { content: [{ type: "text", text: "t1" }, block] } });
  assertEquals(inputOf(line, "t1"), { command: "x" });
  assertEquals(inputOf(line.slice(0, -2), "t1"), undefined);
  for (
    const content of ["t1", [null], [{ ...block, id: "t2", note: "t1" }], [{
      ...block,
      type: "text",
    }]]
  ) {
    assertEquals(
      inputOf(JSON.stringify({ type: "tool_use", message: { content } }), "t1"),
      undefined,
    );
  }
});

/** As Claude Code 2.1.330 writes it; its hook gave the notification to perfmon 0.7 s later. */
const QUEUED = {
  type: "queue-operation",
  operation: "enqueue",
  timestamp: "2026-11-30T17:09:16.633Z",
  sessionId: "794e3970-1a75-41f5-9f2f-ce85153b534e",
  content:
    '<task-notification>\n<task-id>bskem26fe</task-id>\n<tool-use-id>toolu_0</tool-use-id>\n<output-file>/tmp/claude-0/-home-dev-project/794e3970-1a75-41f5-9f2f-ce85153b534e/tasks/bskem26fe.output</output-file>\n<status>failed</status>\n<summary>Background command "sleep 0.5; exit 3" failed with exit code 3</summary>\n</task-notification>',
};

Deno.test("when background work ended is found by its call's id, where the client queued what it tells the model", () => {
  const time = Date.parse(QUEUED.timestamp);
  assertEquals(workEndOf(JSON.stringify(QUEUED), "toolu_0"), time);
  assertEquals(workEndOf(JSON.stringify(QUEUED), "toolu_"), undefined);
  assertEquals(workEndOf(JSON.stringify({ ...QUEUED, operation: "remove" }), "toolu_0"), undefined);
  assertEquals(workEndOf(JSON.stringify({ ...QUEUED, content: "toolu_0" }), "toolu_0"), undefined);
  assertEquals(workEndOf(JSON.stringify({ ...QUEUED, timestamp: "?" }), "toolu_0"), undefined);
  assertEquals(workEndOf(JSON.stringify(QUEUED).slice(0, -3), "toolu_0"), undefined);
});
