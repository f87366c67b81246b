import { TranscriptReader } from "../../../src/agents/claude/transcript.ts";
import { saysRefusal } from "../../../src/agents/claude/refusal.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** As the packages 1.0.60 to 2.1.330 of the client word it, with their places filled in. */
const REFUSALS = [
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed.",
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). To tell you how to proceed, the user said:\nuse pnpm",
  "The user doesn't want to take this action right now. STOP what you are doing and wait for the user to tell you how to proceed.",
  "Tool call rejected -- yielding control back to user for further instructions.",
  "The agent proposed a plan that was rejected by the user. The user chose to stay in plan mode rather than proceed with implementation.\n\nRejected plan:\nx",
  "User rejected tool use",
  "User denied permission",
  "Error: User aborted",
  "[Request interrupted by user for tool use]",
  "Permission to use Write has been denied.",
  "Error: Permission to use Bash with command rm -rf x\ny has been denied.",
  "Permission to edit /home/a/.env has been denied.",
  "Permission to read /home/a/.env has been denied.",
  "Permission to use WebFetch has been auto-denied (prompts unavailable).",
  "Permission to use Bash has been auto-denied in dontAsk mode.",
  "Permission to use Bash has been denied because Claude Code is running in don't ask mode.",
  "Permission for this tool use was denied. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). Try a different approach or report the limitation to complete your task.",
  "Permission for this action has been denied. Reason: it deletes data",
  "Permission for this action was denied by the Claude Code auto mode classifier. Reason: it deletes data",
  "claude-opus-4-1 is temporarily unavailable, so auto mode cannot determine the safety of Bash right now.",
  "Permission prompt was aborted.",
  "Tool permission request failed: Error: Stream closed",
  "Tool permission stream closed before response received",
  "Permission denied by PermissionRequest hook",
  "Permission denied for: rm x",
  "MCP tool github/delete_repo has been denied",
  "Skill execution blocked by permission rules",
  "Slash command execution blocked by permission rules",
  "Output redirection to '/etc/x' was blocked by a deny rule.",
  'Denied by Bash prompt rule: "delete files"',
  "WebFetch denied access to domain:example.com.",
  "ls in '/etc' was blocked. For security, Claude Code may only list files in the allowed working directories for this session: '/w'.",
  "Claude requested permissions to use Bash, but you haven't granted it yet.",
  "Claude requested permissions to write to /w/x, but you haven't granted it yet.",
  "Claude requested permissions to edit /w/.env which is a sensitive file.",
  "This command requires approval",
  "This Bash command contains multiple operations. The following parts require approval: rm x, cd y",
  "Current permission mode (Default) requires approval for this Bash command",
  "Hook 'PreToolUse:Bash' requires approval for this Bash command",
  "Hook 'PreToolUse:Bash' blocked this action: not on Fridays",
  "PreToolUse:Bash hook error: [./check.sh]: not on Fridays",
  "Bash operation blocked by hook:\n- [./check.sh]: not on Fridays",
  "Hook PreToolUse:Bash denied this tool",
  "Hook requested permission behavior: deny",
  "Execution stopped by PreToolUse hook: not on Fridays",
  "<tool_use_error>Sibling tool call errored</tool_use_error>",
  "<tool_use_error>Cancelled: parallel tool call Bash(npm test) errored</tool_use_error>",
  "<tool_use_error>Error: Streaming fallback - tool execution discarded</tool_use_error>",
  "[Tool call did not complete: the turn was ended to deliver the message that follows. Nothing refused it; re-run it if still needed.]",
  "Not run: the response that made this tool call was stopped by a safety classifier.",
];

/** What tools themselves say when they fail. */
const FAILURES = [
  "Exit code 1\nPermission to use x has been denied.",
  "Exit code 126\nbash: ./run: Permission denied",
  "bash: ./run: Permission denied",
  "remote: Permission to ada/api.git denied to bob.",
  "<tool_use_error>File does not exist.</tool_use_error>",
  "<tool_use_error>InputValidationError: Read failed</tool_use_error>",
  "Request failed with status code 403",
  "User not found",
  "Hook script failed",
  "Interrupted system call",
  "EACCES: permission denied, open '/etc/shadow'",
  "Command timed out after 2m 0.0s",
  "",
];

Deno.test("a denial, a rejection or a cancelled call is told by each client's words", () => {
  assertEquals(REFUSALS.filter((each) => !saysRefusal(each)), []);
});

Deno.test("what a tool says when it fails is no denial", () => {
  assertEquals(FAILURES.filter(saysRefusal), []);
});

/** The kinds that 2.1.330 knows. */
const KINDS = [
  ...["user-rejected", "permission-rule", "automode-blocked", "automode-unavailable"],
  ...["automode-parsing-error", "interrupted", "cancelled"],
];

function entry(content: object, rest: object = {}): string {
  const timestamp = "2026-11-22T07:37:54.935Z";
  return JSON.stringify({ sessionId: "s", timestamp, message: { content: [content] }, ...rest });
}

function statusOf(result: object, rest: object, ...between: string[]): string | undefined {
  const reader = new TranscriptReader();
  reader.add(entry({ type: "tool_use", id: "t1", name: "Bash", input: {} }));
  for (const line of between) reader.add(line);
  const ended = entry({ type: "tool_result", tool_use_id: "t1", is_error: true, ...result }, rest);
  return reader.add(ended)[0]?.end.status;
}

Deno.test("TranscriptReader: toolDenialKind makes no failure, whatever the words", () => {
  for (const toolDenialKind of KINDS) {
    assertEquals(statusOf({ content: "Exit code 3" }, { toolDenialKind }), "interrupted");
  }
  assertEquals(statusOf({ content: "Exit code 3" }, {}), "error");
});

Deno.test("TranscriptReader: a hook's own words for a denial are known by what stands before them", () => {
  const attachment = (type: string, rest: object): string =>
    JSON.stringify({
      type: "attachment",
      timestamp: "2026-11-22T07:37:54.935Z",
      attachment: { type, toolUseID: "t1", ...rest },
    });
  const words = { content: "We don't do that here" };
  const of = (type: string, rest: object): string | undefined =>
    statusOf(words, { toolUseResult: "Error: We don't do that here" }, attachment(type, rest));
  assertEquals(of("hook_blocking_error", { hookEvent: "PreToolUse" }), "interrupted");
  assertEquals(of("hook_blocking_error", { hookEvent: "PermissionRequest" }), "interrupted");
  assertEquals(of("hook_permission_decision", { decision: "deny" }), "interrupted");
  assertEquals(of("hook_permission_decision", { decision: "allow" }), "error");
  assertEquals(of("hook_blocking_error", { hookEvent: "PostToolUse" }), "error");
});

Deno.test("TranscriptReader: calls of a fork's copy are those of the session that asked for them", () => {
  const reader = new TranscriptReader();
  const call = (rest: object): string | undefined => {
    reader.add(entry({ type: "tool_use", id: "t1", name: "Bash", input: {} }, rest));
    return reader.add(entry({ type: "tool_result", tool_use_id: "t1" }, rest))[0]?.start.sessionId;
  };
  assertEquals(call({}), "s");
  assertEquals(call({ forkedFrom: { sessionId: "origin", messageUuid: "m" } }), "origin");
  // A fork of a fork.
  const origin = { sessionId: "middle", messageUuid: "m" };
  assertEquals(call({ forkedFrom: origin, requestSessionId: "origin" }), "origin");
});

Deno.test("TranscriptReader: a session's project is where it was opened, whatever cd did", () => {
  const reader = new TranscriptReader();
  const projects = ["/w/shop", "/w/shop/src"].map((cwd) => {
    reader.add(entry({ type: "tool_use", id: "t1", name: "Bash", input: {} }, { cwd }));
    return reader.add(entry({ type: "tool_result", tool_use_id: "t1" }, { cwd }))[0]?.end.project;
  });
  assertEquals(projects, ["shop", "shop"]);
});
