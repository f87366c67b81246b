/** Whose hook it is, and of which project: what JSON and environment say together. */
import { clientVersion, knowsAsync } from "../../../src/agents/claude/client_version.ts";
import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { withEnvironment } from "../../../src/agents/claude/session.ts";
import type { HookEvent } from "../../../src/row/hook_event.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { captureWith } from "../../kit/captures.ts";

async function read(
  members: Record<string, unknown>,
  environment: Record<string, string> = {},
): Promise<HookEvent> {
  const { event } = await parseHookEvent(captureWith("PostToolUse-echo", members));
  return withEnvironment(event, (name) => environment[name]);
}

Deno.test("other clients that run Claude Code's hooks are told by their JSON", async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{}, "claude"],
    // Copilot's command line: another name for the result, a time, no id.
    [{ tool_response: undefined, tool_use_id: undefined, tool_result: { x: 1 } }, "copilot"],
    [{ timestamp: "2026-02-09T10:30:00.000Z" }, "copilot"],
    [{ cursor_version: "2.4.0", conversation_id: "c" }, "cursor"],
  ];
  for (const [members, client] of cases) {
    assertEquals((await read(members)).client, client, JSON.stringify(members));
  }
});

Deno.test("VS Code's own names for event and session are read", async () => {
  const { client, event, sessionId } = await read({
    hook_event_name: undefined,
    session_id: undefined,
    hookEventName: "PostToolUse",
    sessionId: "v1",
  });
  assertEquals([client, event, sessionId], ["copilot", "end", "v1"]);
});

Deno.test("Copilot is told by its environment, but not where it has started Claude Code", async () => {
  const environment = { COPILOT_CLI: "1", CLAUDE_PROJECT_DIR: "/p" };
  assertEquals((await read({}, environment)).client, "copilot");
  // Started by Claude Code it inherits that one's session.
  const outer = { ...environment, CLAUDE_CODE_SESSION_ID: "another" };
  assertEquals((await read({}, outer)).client, "copilot");
  const { sessionId = "" } = await read({});
  const own = { ...environment, CLAUDE_CODE_SESSION_ID: sessionId };
  assertEquals((await read({}, own)).client, "claude");
});

Deno.test("the project is that of $CLAUDE_PROJECT_DIR, wherever a cd led", async () => {
  const members = { cwd: "/work/shop/src" };
  assertEquals((await read(members, { CLAUDE_PROJECT_DIR: "/work/shop/" })).project, "shop");
  assertEquals((await read(members, { CLAUDE_PROJECT_DIR: "" })).project, "src");
  assertEquals((await read(members)).project, "src");
});

Deno.test("another client that Claude Code has started has not its version", () => {
  assertEquals(clientVersion("claude-code_2-1-330_agent"), "2.1.330");
  assertEquals(clientVersion("claude-code_2-1-330_agent", "copilot"), undefined);
  assertEquals(clientVersion("other_1-0"), undefined);
});

Deno.test("clients run a hook beside the tool from 2.1.23 on", () => {
  for (const version of ["2.1.23", "2.1.330", "2.2.0", "3.0.1", "10.0"]) {
    assertEquals(knowsAsync(version), true, version);
  }
  for (const version of [undefined, "", "x", "1.0.128", "2.0.77", "2.1.22", "2.1"]) {
    assertEquals(knowsAsync(version), false, version);
  }
});
