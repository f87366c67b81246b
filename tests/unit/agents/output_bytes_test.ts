import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { captureWith } from "../../kit/captures.ts";

/** As what a call answered, and in a payload too large to be parsed as a whole. */
async function bytesOf(
  tool_name: string,
  members: Record<string, unknown>,
): Promise<(number | undefined)[]> {
  const hook = "error" in members ? "PostToolUseFailure-exit3" : "PostToolUse-echo";
  const filler = { tool_input: { content: "x".repeat(300_000) } };
  const payloads = [{ tool_name, ...members }, { tool_name, ...filler, ...members }];
  return await Promise.all(
    payloads.map(async (each) => (await parseHookEvent(captureWith(hook, each))).event.outputBytes),
  );
}

const LONG = 'line "one"\\\n\u2028ü\0\u001b🎉\ud800 日本'.repeat(5000);
const LONG_BYTES = new TextEncoder().encode(LONG).length;
const text = (text: string): unknown => ({ type: "text", text });
const image = { type: "image", source: { data: "x".repeat(100_000) } };

const CASES: readonly [
  what: string,
  tool: string,
  members: Record<string, unknown>,
  bytes?: number,
][] = [
  ["what Bash printed", "Bash", { tool_response: { stdout: "hü", stderr: "!\n" } }, 5],
  [
    "much that Bash printed",
    "Bash",
    { tool_response: { stdout: LONG, stderr: "!" } },
    LONG_BYTES + 1,
  ],
  ["nothing that Bash printed", "Bash", { tool_response: { stdout: "", stderr: "" } }, 0],
  ["an image of Bash", "Bash", { tool_response: { stdout: "data:", stderr: "", isImage: true } }],
  ["more than the model is given of what Bash printed", "Bash", {
    tool_response: {
      stdout: "1\n".repeat(15_000),
      stderr: "",
      persistedOutputPath: "/home/ada/x.txt",
      persistedOutputSize: 43_893,
    },
  }],
  ["a file", "Read", { tool_response: { type: "text", file: { content: "a\n" } } }, 2],
  [
    "a large file",
    "Read",
    { tool_response: { type: "text", file: { content: LONG } } },
    LONG_BYTES,
  ],
  ["an image", "Read", { tool_response: { type: "image", file: { base64: "x" } } }],
  [
    "text blocks",
    "mcp__db__query",
    { tool_response: [text("ab"), image, text(LONG)] },
    LONG_BYTES + 2,
  ],
  ["text blocks as content", "Agent", { tool_response: { content: [text("abc")] } }, 3],
  ["a text", "mcp__db__query", { tool_response: LONG }, LONG_BYTES],
  ["an image only", "mcp__db__shot", { tool_response: [image] }],
  ["more blocks than are looked at", "mcp__db__query", {
    tool_response: Array.from({ length: 5000 }, () => text("a")),
  }],
  ["a page", "WebFetch", { tool_response: { bytes: 9, result: "four" } }, 4],
  ["a file that was written", "Write", {
    tool_response: { type: "create", content: LONG, originalFile: LONG },
  }],
  ["an edit", "Edit", { tool_response: { oldString: "a", structuredPatch: [{ lines: [LONG] }] } }],
  ["an error", "Bash", { error: "Exit code 3\noops" }, 16],
  ["a long error", "Bash", { error: `Exit code 3\n${LONG}` }, LONG_BYTES + 12],
  ["work that goes on", "Bash", {
    tool_response: { stdout: "", stderr: "", backgroundTaskId: "b" },
  }],
];

for (const [what, tool, members, bytes] of CASES) {
  Deno.test(`the model's bytes are counted, however large the payload: ${what}`, async () => {
    // What is too much to be looked into in a large payload is known in one of usual size.
    const isMany = Array.isArray(members["tool_response"]) &&
      members["tool_response"].length > 1000;
    assertEquals(await bytesOf(tool, members), isMany ? [5000, undefined] : [bytes, bytes]);
  });
}

Deno.test("a start has no output", async () => {
  const payload = captureWith("PreToolUse-echo", { tool_response: { stdout: "a", stderr: "" } });
  assertEquals((await parseHookEvent(payload)).event.outputBytes, undefined);
});
