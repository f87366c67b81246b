import { decode } from "./decode.ts";
import type { ScannedObject } from "./json_scan.ts";
import type { CallInfo, EventKind, Status } from "./sample.ts";

/** A hook's JSON as far as perfmon uses it. */
export interface HookEvent extends Omit<CallInfo, "toolName"> {
  readonly toolName?: string | undefined;
  /** What `hook_event_name` says the row is, if it is an event that perfmon knows. */
  readonly event?: EventKind | undefined;
}

/** A hook's JSON read, and in one sentence what was wrong with it; the sentence never quotes the input. */
export interface ParsedEvent {
  readonly event: HookEvent;
  readonly problem?: string | undefined;
  /** False where the text is not, or not yet, a whole JSON object. */
  readonly complete: boolean;
}

/** Makes one redacted line of a tool's input. */
export type DescribeInput = (toolName: string | undefined, input: unknown) => string | undefined;

/** Above this many bytes only the needed members of the JSON are read. */
const SCAN_ABOVE = 256 * 1024;

const EVENTS: Readonly<Record<string, EventKind>> = {
  PreToolUse: "start",
  PostToolUse: "end",
  PostToolUseFailure: "end",
  SubagentStart: "start",
  SubagentStop: "end",
};

/**
 * Reads what a hook got on stdin. Never throws: text that is no JSON object gives what could be read
 * of it, with `problem` set. Parameters are read only where `describeInput` is given.
 */
export async function parseHookEvent(
  bytes: Uint8Array,
  describeInput?: DescribeInput,
): Promise<ParsedEvent> {
  const { members, complete } = parseMembers(bytes) ?? await scanMembers(bytes);
  const event = toHookEvent(members, describeInput);
  return { event, complete, problem: complete ? unknownEvent(members) : "stdin is no JSON object" };
}

/** Reads a hook's JSON of any size that is whole; `undefined` where it is not, or no object. */
export function parseWholeEvent(
  json: string,
  describeInput?: DescribeInput,
): ParsedEvent | undefined {
  const object = parseObject(json);
  if (object === undefined) return undefined;
  const { members, complete } = object;
  return { event: toHookEvent(members, describeInput), complete, problem: unknownEvent(members) };
}

/** The members of a JSON object of usual size; `undefined` for what is larger, or none. */
function parseMembers(bytes: Uint8Array): ScannedObject | undefined {
  return bytes.length > SCAN_ABOVE ? undefined : parseObject(decode(bytes));
}

function parseObject(json: string): ScannedObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return { members: new Map(Object.entries(value)), complete: true };
  } catch {
    return undefined;
  }
}

/** Large payloads are rare, and broken ones more so: what reads them is loaded only then. */
async function scanMembers(bytes: Uint8Array): Promise<ScannedObject> {
  const { scanObject } = await import("./json_scan.ts");
  const { members, complete } = scanObject(bytes);
  // A scan skips what it does not need, so it can't tell broken JSON of usual size from a whole one.
  return { members, complete: complete && bytes.length > SCAN_ABOVE };
}

function unknownEvent(members: ReadonlyMap<string, unknown>): string | undefined {
  const name = text(members.get("hook_event_name"));
  if (name === undefined) return "the JSON on stdin has no hook_event_name";
  return Object.hasOwn(EVENTS, name) ? undefined : "the JSON on stdin is of an unknown hook event";
}

function toHookEvent(
  members: ReadonlyMap<string, unknown>,
  describeInput?: DescribeInput,
): HookEvent {
  const name = text(members.get("hook_event_name")) ?? "";
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  const subagent = name === "SubagentStart" || name === "SubagentStop";
  const toolName = text(members.get("tool_name")) ?? (subagent ? "Agent" : undefined);
  const error = text(members.get("error"));
  return {
    event,
    toolName,
    status: event === "end" ? status(name, members) : undefined,
    exitCode: event === "end" ? exitCode(error) : undefined,
    durationMs: figure(members.get("duration_ms")),
    sessionId: text(members.get("session_id")),
    agentId: text(members.get("agent_id")),
    agentType: text(members.get("agent_type")),
    toolUseId: text(members.get("tool_use_id")),
    project: lastPart(text(members.get("cwd"))),
    params: describeInput?.(toolName, members.get("tool_input")),
  };
}

function status(name: string, members: ReadonlyMap<string, unknown>): Status {
  if (name === "PostToolUseFailure") {
    return members.get("is_interrupt") === true ? "interrupted" : "error";
  }
  const response = members.get("tool_response");
  if (typeof response !== "object" || response === null) return "ok";
  if (get(response, "interrupted") === true) return "interrupted";
  const inBackground = typeof get(response, "backgroundTaskId") === "string" ||
    get(response, "status") === "async_launched";
  return inBackground ? "background" : "ok";
}

/** Of a failed Bash: the first line of its error is `Exit code N`. */
export function exitCode(error: string | undefined): number | undefined {
  const match = error === undefined ? null : /^Exit code (\d{1,3})\b/.exec(error);
  return match === null ? undefined : Number(match[1]);
}

function get(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function figure(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < 1e12 ? value : undefined;
}

/** The last part of a path, `/` for the root. */
export function lastPart(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end) || "/";
}
