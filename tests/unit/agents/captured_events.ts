/** What the captures of hooks say. */
import type { HookEvent } from "../../../src/row/hook_event.ts";

/** Session, subagent and project of the two recorded sessions. */
const MAIN = {
  sessionId: "084eaac8-8a67-4e97-9b13-49511b9e047f",
  project: "project",
  agentId: undefined,
  agentType: undefined,
  client: "claude",
  promptId: "0a30cb37-17db-4db1-8be4-126e09fa41fc",
  permissionMode: "default",
};

const OTHER = {
  ...MAIN,
  sessionId: "b4aa28e4-231c-4530-a004-1cfaa32af739",
  promptId: "ee6855a5-8144-46c8-8ca9-ac4b004a682b",
};

const THIRD = {
  ...MAIN,
  sessionId: "2c502144-c871-4ef7-9159-6d470eec2616",
  promptId: "8b242d8d-dfe9-4b98-bd09-b197f2cbcd0f",
};

const SUBAGENT = { ...OTHER, agentId: "ac8c0ad5b6c226988", agentType: "general-purpose" };

const NOTHING = {
  command: undefined,
  outputBytes: undefined,
  event: undefined,
  toolName: undefined,
  status: undefined,
  exitCode: undefined,
  durationMs: undefined,
  toolUseId: undefined,
  params: undefined,
};

const START = { ...NOTHING, event: "start" as const };

export const END = { ...NOTHING, event: "end" as const, status: "ok" as const };

/** What each capture means. */
export const EXPECTED: Record<string, HookEvent> = {
  "PermissionRequest": { ...NOTHING, ...OTHER, event: "permission", toolName: "WebFetch" },
  "PostToolUse-background": {
    ...END,
    ...OTHER,
    toolName: "Bash",
    status: "background",
    toolUseId: "toolu_01S000T00000000000000tmo",
    durationMs: 2023,
  },
  "PostToolUse-burn": {
    ...END,
    ...MAIN,
    outputBytes: 6,
    toolName: "Bash",
    toolUseId: "toolu_01S006T0000000000000burn",
    durationMs: 1012,
  },
  "PostToolUse-echo": {
    ...END,
    ...MAIN,
    outputBytes: 2,
    toolName: "Bash",
    toolUseId: "toolu_01S000T0000000000000echo",
    durationMs: 24,
  },
  "PostToolUse-in-subagent-Bash": {
    ...END,
    ...SUBAGENT,
    outputBytes: 3,
    toolName: "Bash",
    toolUseId: "toolu_01A000T0000000000subecho",
    durationMs: 15,
  },
  "PostToolUse-in-subagent-Read": {
    ...END,
    ...SUBAGENT,
    outputBytes: 2,
    toolName: "Read",
    toolUseId: "toolu_01A001T0000000000subread",
    durationMs: 6,
  },
  "PostToolUse-read": {
    ...END,
    ...MAIN,
    outputBytes: 18,
    toolName: "Read",
    toolUseId: "toolu_01S001T0000000000000read",
    durationMs: 5,
  },
  "PostToolUse-subagent-launched": {
    ...END,
    ...OTHER,
    toolName: "Agent",
    status: "background",
    toolUseId: "toolu_01S006T000000000000agent",
    durationMs: 14,
  },
  "PostToolUse-write": {
    ...END,
    ...MAIN,
    toolName: "Write",
    toolUseId: "toolu_01S008T000000000000write",
    durationMs: 40,
  },
  "PostToolUseFailure-exit3": {
    ...END,
    ...MAIN,
    outputBytes: 16,
    toolName: "Bash",
    status: "error",
    exitCode: 3,
    toolUseId: "toolu_01S004T000000000000exit3",
    durationMs: 12,
  },
  "PostToolUseFailure-readmiss": {
    ...END,
    ...MAIN,
    outputBytes: 79,
    toolName: "Read",
    status: "error",
    toolUseId: "toolu_01S005T000000000readmiss",
    durationMs: 2,
  },
  "PreToolUse-echo": {
    ...START,
    ...MAIN,
    toolName: "Bash",
    toolUseId: "toolu_01S000T0000000000000echo",
  },
  "PreToolUse-exit3": {
    ...START,
    ...MAIN,
    toolName: "Bash",
    toolUseId: "toolu_01S004T000000000000exit3",
  },
  "PreToolUse-in-subagent-Bash": {
    ...START,
    ...SUBAGENT,
    toolName: "Bash",
    toolUseId: "toolu_01A000T0000000000subecho",
  },
  "PreToolUse-in-subagent-Read": {
    ...START,
    ...SUBAGENT,
    toolName: "Read",
    toolUseId: "toolu_01A001T0000000000subread",
  },
  "PreToolUse-read": {
    ...START,
    ...MAIN,
    toolName: "Read",
    toolUseId: "toolu_01S001T0000000000000read",
  },
  "SessionEnd": { ...MAIN, event: "stop", status: undefined, permissionMode: undefined },
  "SessionStart": { ...NOTHING, ...MAIN, promptId: undefined, permissionMode: undefined },
  "Stop": { ...THIRD, event: "stop", status: "ok" },
  "SubagentStart": { ...START, ...SUBAGENT, toolName: "Agent", permissionMode: undefined },
  "SubagentStop": { ...END, ...SUBAGENT, toolName: "Agent" },
  "UserPromptSubmit": { ...THIRD, event: "prompt", status: undefined },
  "UserPromptSubmit-background-done": {
    ...THIRD,
    event: "done",
    status: "ok",
    exitCode: 0,
    durationMs: undefined,
    toolUseId: "toolu_01S001T000000000000000bg",
  },
  "UserPromptSubmit-subagent-done": {
    ...THIRD,
    event: "done",
    status: "ok",
    exitCode: undefined,
    durationMs: 418,
    toolUseId: "toolu_01S006T000000000000agent",
  },
};
