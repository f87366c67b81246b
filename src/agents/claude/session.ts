import type { Environment } from "../../files/environment.ts";
import { OWN_CLIENT } from "../../row/client.ts";
import type { HookEvent } from "../../row/hook_event.ts";

/**
 * Names the client whose hook it is, where other clients run Claude Code's hooks, too: by what only they
 * write into the JSON.
 */
export function clientOfJson(members: Readonly<Record<string, unknown>>): string {
  const has = (name: string): boolean => members[name] !== undefined;
  if (has("cursor_version") || has("conversation_id")) return "cursor";
  // Copilot, of the command line and of VS Code: an own name for the result, a time in each event.
  return has("tool_result") || has("timestamp") || has("hookEventName") ? "copilot" : OWN_CLIENT;
}

/**
 * Adds to what a hook's JSON says what its environment does: whose it is, and the project. A client that
 * another has started inherits that one's variables; `CLAUDE_PROJECT_DIR` is set by several.
 */
export function withEnvironment(hook: HookEvent, environment: Environment): HookEvent {
  const isOwnSession = hook.sessionId !== undefined &&
    environment("CLAUDE_CODE_SESSION_ID") === hook.sessionId;
  const isCopilot = hook.client === OWN_CLIENT && !isOwnSession &&
    Boolean(environment("COPILOT_CLI"));
  return {
    ...hook,
    client: isCopilot ? "copilot" : hook.client,
    // What the session was opened on, and not where a `cd` led.
    project: lastPart(environment("CLAUDE_PROJECT_DIR") || undefined) ?? hook.project,
  };
}

/** The last part of a path, `/` for the root. */
export function lastPart(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end) || "/";
}
