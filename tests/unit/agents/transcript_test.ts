import { commandName } from "../../../src/agents/claude/command/command_name.ts";
import { TranscriptReader } from "../../../src/agents/claude/transcript.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

const CAPTURED = Deno.readTextFileSync(
  `${import.meta.dirname}/../../testdata/transcript.jsonl`,
).trimEnd().split("\n");

/** Lines of a transcript: a call of Bash asked for at 1 s, answered at 3.5 s, with what is given. */
function lines(block: object, result: unknown = {}): string[] {
  const entry = (type: string, seconds: number, content: unknown, rest = {}): string =>
    JSON.stringify({
      type,
      timestamp: new Date(seconds * 1000).toISOString(),
      sessionId: "s",
      cwd: "/home/ada/api/",
      version: "2.1.330",
      message: { content },
      ...rest,
    });
  return [
    entry("assistant", 1, [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]),
    entry("user", 3.5, [{ type: "tool_result", tool_use_id: "t1", ...block }], {
      toolUseResult: result,
    }),
  ];
}

function read(text: readonly string[]): {
  calls: ReturnType<TranscriptReader["add"]>;
  malformed: number;
} {
  const reader = new TranscriptReader();
  const calls = text.flatMap((line) => reader.add(line));
  return { calls, malformed: reader.malformed };
}

Deno.test("TranscriptReader: a captured session, call by call", () => {
  const { calls, malformed } = read(CAPTURED);
  assertEquals(malformed, 0);
  assertEquals(
    calls.map(({ end }) => `${end.toolName} ${end.status} ${end.exitCode ?? ""}`.trim()),
    [
      "Bash ok",
      "Read ok",
      "Bash ok",
      "Bash ok",
      "Read ok",
      "Read ok",
      "Bash error 3",
      "Read error",
      "Bash ok",
      "Bash ok",
      "Write ok",
      "Edit error",
    ],
  );
  const first = calls[0];
  assertEquals(first?.start, {
    timestamp: Date.parse("2026-11-22T07:37:54.935Z") / 1000,
    event: "start",
    toolName: "Bash",
    toolUseId: "toolu_01S000T0000000000000echo",
    sessionId: "084eaac8-8a67-4e97-9b13-49511b9e047f",
    agentId: undefined,
    agentType: undefined,
    project: "project",
    clientVersion: "2.1.330",
    client: "claude",
    command: undefined,
  });
  assertAlmostEquals((first?.end.timestamp ?? 0) - (first?.start.timestamp ?? 0), 0.691, 1e-6);
});

const OUTCOMES: readonly (readonly [block: object, result: unknown, expected: string])[] = [
  [{ content: "x" }, {}, "ok"],
  [{ is_error: true, content: "Exit code 7\nx" }, "Error: Exit code 7", "error 7"],
  [{ is_error: true, content: [{ type: "text", text: "Exit code 1" }] }, "", "error 1"],
  [{ is_error: true, content: "no" }, "User rejected tool use", "interrupted"],
  [{ content: "x" }, { interrupted: true }, "interrupted"],
  [{ content: "x" }, { backgroundTaskId: "b1" }, "background"],
  [{ content: "x" }, { status: "async_launched" }, "background"],
];

for (const [block, result, expected] of OUTCOMES) {
  Deno.test(`TranscriptReader: ${JSON.stringify([block, result])} is ${expected}`, () => {
    const [call] = read(lines(block, result)).calls;
    const { status, exitCode, timestamp, project } = call?.end ?? {};
    assertEquals([timestamp, project], [3.5, "api"]);
    assertEquals(exitCode === undefined ? status : `${status} ${exitCode}`, expected);
  });
}

Deno.test("TranscriptReader: a call without a result, and a result without a call, are none", () => {
  const [use = "", result = ""] = lines({});
  assertEquals(read([use]).calls, []);
  assertEquals(read([result, result]).calls, []);
  assertEquals(read([use, result, result]).calls.length, 1);
});

Deno.test("TranscriptReader: lines it does not know are passed over, broken ones counted", () => {
  const odd = [
    "",
    `{"type":"summary"}`,
    `{"type":"x","message":"tool_use"}`,
    `{"timestamp":"never","message":{"content":[{"type":"tool_use"}]}}`,
    `{"message":{"content":"tool_use"},"timestamp":"2026-01-01T00:00:00Z","a":"\\"tool_use"}`,
    `{"timestamp":"2026-01-01T00:00:00Z","message":{"content":[null,1,{"type":"tool_use"}]}}`,
  ];
  assertEquals(read(odd), { calls: [], malformed: 0 });
  assertEquals(read(["torn", `{"half":`, `["tool_use"]`, `{"tool_use": }`]).malformed, 4);
});

Deno.test("TranscriptReader: which command a call was, where that is asked for, and what the model was given", () => {
  const commandsOf = (reader: TranscriptReader): unknown[] =>
    CAPTURED.flatMap((line) => reader.add(line))
      .map(({ start, end }) => [start.command, end.command, end.outputBytes]);
  const told = commandsOf(new TranscriptReader(undefined, commandName));
  assertEquals(told.slice(0, 3), [
    ["echo", "echo", 2],
    [undefined, undefined, 18],
    ["sleep", "sleep", 0],
  ]);
  assertEquals(told[6], ["echo", "echo", 16]); // "Exit code 3\noops"
  const untold = commandsOf(new TranscriptReader());
  assertEquals(untold[0], [undefined, undefined, 2]);
});
