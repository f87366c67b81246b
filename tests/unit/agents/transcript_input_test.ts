import { inputOf } from "../../../src/agents/claude/transcript_input.ts";
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
