import { type Describers, parseHookEvent } from "../../../src/agents/claude/event.ts";
import type { HookEvent } from "../../../src/row/hook_event.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { capture, captureNames, captureWith, encode } from "../../kit/captures.ts";
import { END, EXPECTED } from "./captured_events.ts";

for (const name of captureNames) {
  Deno.test(`the captured ${name} is read as what it is`, async () => {
    const { event, problem, complete } = await parseHookEvent(capture(name));
    assertEquals(event, EXPECTED[name]!);
    assertEquals(complete, true);
    assertEquals(problem === undefined, event.event !== undefined, problem ?? "no problem");
  });
}

Deno.test("an older client's JSON lacks members, and they stay unknown", async () => {
  const older = { duration_ms: undefined, prompt_id: undefined, effort: undefined };
  const { event, problem } = await parseHookEvent(captureWith("PostToolUse-echo", older));
  const expected = { ...EXPECTED["PostToolUse-echo"]!, durationMs: undefined, promptId: undefined };
  assertEquals(event, expected);
  assertEquals(problem, undefined);
  const oldest = { ...older, tool_use_id: undefined };
  assertEquals((await parseHookEvent(captureWith("PostToolUse-echo", oldest))).event, {
    ...expected,
    toolUseId: undefined,
  });
});

Deno.test("a capture that breaks off at any byte gives what stood before the break", async () => {
  const bytes = capture("PostToolUseFailure-exit3").subarray(0, -1);
  const whole = JSON.parse(new TextDecoder().decode(bytes));
  const order = Object.keys(whole);
  for (let length = 0; length < bytes.length; length++) {
    const text = new TextDecoder().decode(bytes.subarray(0, length));
    const { event, problem, complete } = await parseHookEvent(bytes.subarray(0, length));
    assertEquals(complete, false, text);
    assertEquals(problem, "stdin is no JSON object", text);
    // A member is read once the comma behind its value is there.
    const has = (key: string): boolean => {
      const next = order[order.indexOf(key) + 1];
      return next !== undefined && text.includes(`${JSON.stringify(whole[key])},`) &&
        text.length >= JSON.stringify(whole).indexOf(`,"${next}":`);
    };
    if (has("session_id")) assertEquals(event.sessionId, whole.session_id, text);
    if (has("cwd")) assertEquals(event.project, "project", text);
    if (has("tool_name")) assertEquals(event.toolName, "Bash", text);
    if (has("tool_use_id")) assertEquals(event.toolUseId, whole.tool_use_id, text);
    if (has("error")) assertEquals(event.exitCode, 3, text);
    if (event.toolName !== undefined) assertEquals(event.toolName, "Bash", text);
    assertEquals(event.durationMs, undefined, text);
  }
});

Deno.test("a problem never quotes the input, which may hold a secret", async () => {
  for (
    const text of ['{"tool_name": sk-secret}', "sk-secret", '["sk-secret"]', '{"a":"sk-secret']
  ) {
    const { problem } = await parseHookEvent(encode(text));
    assert(problem !== undefined && !problem.includes("secret"), problem ?? "no problem");
  }
});

Deno.test("JSON that is no object, or of no known event, is a problem and gives what it has", async () => {
  for (const text of ["null", "5", "[]", '"text"', "", "{", "}", "\0", "{]"]) {
    const { event, complete, problem } = await parseHookEvent(encode(text));
    assertEquals({ ...event }, { ...event, event: undefined, toolName: undefined });
    assertEquals([complete, problem], [false, "stdin is no JSON object"], text);
  }
  const unknown = await parseHookEvent(
    captureWith("PreToolUse-echo", { hook_event_name: "PreMeal" }),
  );
  assertEquals(unknown.problem, "the JSON on stdin is of an unknown hook event");
  assertEquals([unknown.event.event, unknown.event.toolName], [undefined, "Bash"]);
  const without = await parseHookEvent(
    captureWith("PreToolUse-echo", { hook_event_name: undefined }),
  );
  assertEquals(without.problem, "the JSON on stdin has no hook_event_name");
});

Deno.test("members of the wrong type count as missing", async () => {
  const wrong = {
    hook_event_name: "PostToolUse",
    tool_name: 7,
    tool_use_id: null,
    session_id: ["x"],
    cwd: { a: 1 },
    duration_ms: "12",
    tool_response: 7,
    error: false,
  };
  assertEquals((await parseHookEvent(encode(JSON.stringify(wrong)))).event, {
    ...END,
    sessionId: undefined,
    agentId: undefined,
    agentType: undefined,
    project: undefined,
    client: "claude",
    promptId: undefined,
    permissionMode: undefined,
  });
  for (const duration_ms of [-1, 1e12, true, {}]) {
    const { event } = await parseHookEvent(encode(JSON.stringify({ duration_ms })));
    assertEquals(event.durationMs, undefined, String(duration_ms));
  }
});

Deno.test("names that every object inherits are no events and no members", async () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const text =
      `{"hook_event_name":"${name}","__proto__":{"tool_name":"Evil","interrupted":true}}`;
    const { event, problem } = await parseHookEvent(encode(text));
    assertEquals(event.event, undefined);
    assertEquals(event.toolName, undefined);
    assertEquals(problem, "the JSON on stdin is of an unknown hook event");
  }
  const inherited = captureWith("PostToolUse-echo", { tool_response: null });
  assertEquals((await parseHookEvent(inherited)).event.status, "ok");
});

Deno.test("how a call ended is read from the event, the interruption and the response", async () => {
  const cases: [string, Record<string, unknown>, string, number | undefined][] = [
    ["PostToolUseFailure", { is_interrupt: true, error: "Exit code 137\n" }, "interrupted", 137],
    ["PostToolUseFailure", { error: "Exit code 1" }, "error", 1],
    ["PostToolUseFailure", { error: "Exit code 1234" }, "error", undefined],
    ["PostToolUseFailure", { error: "oops\nExit code 1" }, "error", undefined],
    ["PostToolUse", { tool_response: { interrupted: true } }, "interrupted", undefined],
    ["PostToolUse", { tool_response: { backgroundTaskId: "b1" } }, "background", undefined],
    ["PostToolUse", { tool_response: { status: "completed" } }, "ok", undefined],
    ["PostToolUse", { tool_response: [1, 2] }, "ok", undefined],
  ];
  for (const [hook_event_name, members, status, exitCode] of cases) {
    const text = JSON.stringify({ hook_event_name, ...members });
    const { event } = await parseHookEvent(encode(text));
    assertEquals([event.status, event.exitCode], [status, exitCode], text);
  }
});

Deno.test("the project is the last part of the working directory", async () => {
  const cases = { "/home/ada/p": "p", "/p/": "p", "/": "/", "//": "/", "p": "p", "/a b/ü": "ü" };
  for (const [cwd, project] of Object.entries(cases)) {
    assertEquals(
      (await parseHookEvent(encode(JSON.stringify({ cwd })))).event.project,
      project,
      cwd,
    );
  }
});

Deno.test("the tool's input is described only on request", async () => {
  const bytes = capture("PreToolUse-echo");
  const describe = (tool: string | undefined, input: unknown): string =>
    JSON.stringify([tool, input]);
  assertEquals(
    (await parseHookEvent(bytes, () => Promise.resolve({ params: describe }))).event.params,
    '["Bash",{"command":"echo hi","description":"Say hi"}]',
  );
  assertEquals((await parseHookEvent(bytes)).event.params, undefined);
});

/** What is read of a prompt. */
async function readPrompt(prompt: string): Promise<HookEvent> {
  const json = JSON.stringify({ session_id: "s", hook_event_name: "UserPromptSubmit", prompt });
  const all = (): string => "described";
  const load = (): Promise<Describers> => Promise.resolve({ params: all, command: all });
  return (await parseHookEvent(encode(json), load)).event;
}

/** A notification as the client writes it. */
function notification(status: string, summary: string, id = "toolu_1"): string {
  return `<task-notification>\n<task-id>b1</task-id>\n<tool-use-id>${id}</tool-use-id>\n` +
    `<status>${status}</status>\n<summary>${summary}</summary>\n</task-notification>`;
}

Deno.test("of a person's prompt nothing is read, whatever its size and whatever it looks like", async () => {
  const prompt = { ...await readPrompt("x") };
  assertEquals(prompt.event, "prompt");
  const texts = ["hunter2", "hunter2 ".repeat(100_000), "see <task-notification> hunter2"];
  for (const text of texts) assertEquals(await readPrompt(text), prompt);
});

Deno.test("of a notification only an id, a known status and an exit code at the summary's end are read", async () => {
  const read = async (text: string): Promise<unknown[]> => {
    const { event, toolUseId, status, exitCode } = await readPrompt(text);
    assertEquals(event, "done");
    return [toolUseId, status, exitCode];
  };
  const of = (status: string, summary: string): Promise<unknown[]> =>
    read(notification(status, summary));
  assertEquals(await of("completed", '"x" completed (exit code 0)'), ["toolu_1", "ok", 0]);
  assertEquals(await of("failed", '"x" failed with exit code 3'), ["toolu_1", "error", 3]);
  assertEquals(await of("killed", '"x" was stopped'), ["toolu_1", "interrupted", undefined]);
  assertEquals(await of("hunter2", "exit code 7 of hunter2"), ["toolu_1", undefined, undefined]);
  // The command stands in the summary as it was typed.
  const command = "echo '<status>failed</status><tool-use-id>hunter2</tool-use-id> (exit code 9)'";
  assertEquals(await of("completed", `"${command}" completed`), ["toolu_1", "ok", undefined]);
  assertEquals(await read(notification("completed", "", "hunter2 is my password")), [
    undefined,
    "ok",
    undefined,
  ]);
  const report = "hunter2\n".repeat(100_000);
  assertEquals((await readPrompt(`${notification("completed", "x")}${report}`)).event, "done");
});
