import { decode } from "../../row/decode.ts";
import type { HookEvent } from "../../row/hook_event.ts";
import { type EventKind, isCallEvent, type Status } from "../../row/sample.ts";
import { isLongText } from "./long_text.ts";
import type { Members } from "./members.ts";
import { outputBytes } from "./output_bytes.ts";
import { clientOfJson, lastPart } from "./session.ts";
import { taskNotification } from "./task_notification.ts";

/** A hook's JSON read, and in one sentence what was wrong with it; the sentence never quotes the input. */
export interface ParsedEvent {
  readonly event: HookEvent;
  readonly problem?: string | undefined;
  /** Whether the text is a whole JSON object. */
  readonly complete: boolean;
}

/** Makes a text of a tool's input. */
export type DescribeInput = (toolName: string | undefined, input: unknown) => string | undefined;

/** What a row tells of a tool's input, each only where it is asked for. */
export interface Describers {
  /** One redacted line. */
  readonly params?: DescribeInput | undefined;
  /** Which command it is. */
  readonly command?: DescribeInput | undefined;
}

/** Gives what is told of a tool's input, by the tool's name, empty where none is named; what tells it may be loaded for that. */
export type LoadDescribers = (toolName: string) => Promise<Describers>;

const NOTHING_TOLD: LoadDescribers = () => Promise.resolve({});

/** The size, bytes, above which only the needed members of the JSON are read. */
const SCAN_ABOVE = 256 * 1024;

const EVENTS: Readonly<Record<string, EventKind>> = {
  PreToolUse: "start",
  PostToolUse: "end",
  PostToolUseFailure: "end",
  SubagentStart: "start",
  SubagentStop: "end",
  UserPromptSubmit: "prompt",
  Stop: "stop",
  StopFailure: "stop",
  SessionEnd: "stop",
  PermissionRequest: "permission",
};

/** How a turn ended; of a session's end nothing is said. */
const STOP_STATUSES: Readonly<Record<string, Status>> = { Stop: "ok", StopFailure: "error" };

/**
 * Reads what a hook got on stdin. Never throws: text that is no JSON object gives what could be read
 * of it, with `problem` set. A tool's input is read only as far as `load` gives describers.
 */
export async function parseHookEvent(
  bytes: Uint8Array,
  load: LoadDescribers = NOTHING_TOLD,
): Promise<ParsedEvent> {
  const describe = (members: Members): Promise<Describers> =>
    load(text(members["tool_name"]) ?? "");
  const whole = bytes.length > SCAN_ABOVE ? undefined : parseObject(decode(bytes));
  if (whole !== undefined) return toParsedEvent(whole, true, await describe(whole));
  // Large payloads are rare, and broken ones more so: what reads them is loaded only then.
  const scanned = (await import("./json_scan.ts")).scanObject(bytes);
  // A scan skips what it does not need, so it can't tell broken JSON of usual size from a whole one.
  const complete = scanned.complete && bytes.length > SCAN_ABOVE;
  const members: Members = Object.fromEntries(scanned.members);
  return toParsedEvent(members, complete, await describe(members));
}

function toParsedEvent(
  members: Members,
  complete: boolean,
  describers: Describers,
): ParsedEvent {
  const name = text(members["hook_event_name"]) ?? text(members["hookEventName"]) ?? "";
  const event = toHookEvent(name, members, describers);
  return { event, complete, problem: findProblem(name, event, complete) };
}

/** Reads a hook's JSON of any size that is whole; `undefined` where it is not, or no object. */
export function parseWholeEvent(
  json: string,
  describers: Describers = {},
): ParsedEvent | undefined {
  const members = parseObject(json);
  return members && toParsedEvent(members, true, describers);
}

function parseObject(json: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

function findProblem(name: string, { event }: HookEvent, complete: boolean): string | undefined {
  if (!complete) return "stdin is no JSON object";
  if (event !== undefined) return undefined;
  return name === ""
    ? "the JSON on stdin has no hook_event_name"
    : "the JSON on stdin is of an unknown hook event";
}

function toHookEvent(name: string, members: Members, describers: Describers): HookEvent {
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  // Of a prompt no text is looked at, but for what the client itself says in one.
  const done = event === "prompt" ? taskNotification(text(members["prompt"])) : undefined;
  if (event !== undefined && !isCallEvent(event) && event !== "permission") {
    return { ...idsOf(members), event, status: STOP_STATUSES[name], ...done };
  }
  const isSubagent = name === "SubagentStart" || name === "SubagentStop";
  const toolName = text(members["tool_name"]) ?? (isSubagent ? "Agent" : undefined);
  const ended = event === "end" ? status(name, members) : undefined;
  return {
    ...idsOf(members),
    event,
    toolName,
    status: ended,
    exitCode: event === "end" ? exitCode(text(members["error"])) : undefined,
    durationMs: figure(members["duration_ms"]),
    toolUseId: text(members["tool_use_id"]),
    params: describers.params?.(toolName, members["tool_input"]),
    command: describers.command?.(toolName, members["tool_input"]),
    // What goes on has given the model nothing yet.
    outputBytes: ended === undefined || ended === "background"
      ? undefined
      : outputBytes(toolName, members),
  };
}

/** What the JSON of every event says. */
function idsOf(members: Members): HookEvent {
  return {
    sessionId: text(members["session_id"]) ?? text(members["sessionId"]),
    agentId: text(members["agent_id"]),
    agentType: text(members["agent_type"]),
    project: lastPart(text(members["cwd"])),
    client: clientOfJson(members),
    promptId: text(members["prompt_id"]),
    permissionMode: text(members["permission_mode"]),
  };
}

function status(name: string, members: Members): Status {
  if (name === "PostToolUseFailure") {
    return members["is_interrupt"] === true ? "interrupted" : "error";
  }
  const response = members["tool_response"];
  if (!isObject(response)) return "ok";
  if (response["interrupted"] === true) return "interrupted";
  const inBackground = typeof response["backgroundTaskId"] === "string" ||
    response["status"] === "async_launched";
  return inBackground ? "background" : "ok";
}

/** The exit code of a failed Bash, out of the first line of its error: `Exit code N`. */
export function exitCode(error: string | undefined): number | undefined {
  const match = error === undefined ? null : /^Exit code (\d{1,3})\b/.exec(error);
  return match === null ? undefined : Number(match[1]);
}

function text(value: unknown): string | undefined {
  if (isLongText(value)) return value.prefix;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function figure(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < 1e12 ? value : undefined;
}
