import { type DescribeInput, exitCode } from "./event.ts";
import { OWN_CLIENT } from "../../row/client.ts";
import { type Members, members, text } from "./members.ts";
import { lastPart } from "./session.ts";
import { outputBytes } from "./output_bytes.ts";
import { saysRefusal } from "./refusal.ts";
import type { Sample, Status } from "../../row/sample.ts";
import { TranscriptTurns } from "./transcript_turns.ts";

/** A call out of a transcript: its rows as the log would have them. */
export interface TranscriptCall {
  readonly start: Sample;
  readonly end: Sample;
}

/**
 * Makes calls of one transcript of Claude Code (a JSON object a line), given line by line. A call is a
 * `tool_use` and the `tool_result` with its id; its times are those at which the client wrote the
 * two, so that they hold the gate. `takeEvents` gives the rows of turns. Lines of other kinds are passed over.
 * The shape is that of Claude Code 2.1.330; it is not documented.
 */
export class TranscriptReader {
  /** The number of lines that are no JSON object. */
  malformed = 0;
  readonly #open = new Map<string, Sample>();
  /** The ids of calls that a hook denied. */
  readonly #denied = new Set<string>();

  /** Where the session was opened: a `cd` in it leads elsewhere. */
  #project: string | undefined;
  readonly #turns = new TranscriptTurns();
  #events: Sample[] = [];

  /**
   * Begins; `agentType` is that of the subagent whose transcript it is, `command` says which command a call
   * was, where that is to be told; `isSession` is false of a subagent's, which has no turns.
   */
  constructor(
    private readonly agentType?: string,
    private readonly command?: DescribeInput,
    private readonly isSession = true,
  ) {}

  /**
   * The rows that say where turns begin and end, of the lines since the last time, in their order; `isWhole`
   * says that no line follows, so that the last turn's end is among them.
   */
  takeEvents(isWhole = false): Sample[] {
    const events = [...this.#events, ...(isWhole ? this.#turns.end() : [])];
    this.#events = [];
    return events;
  }

  #addToTurns(entry: Members, time: number): void {
    const type = entry["type"];
    if (type !== "user" && type !== "assistant") return;
    this.#project ??= lastPart(text(entry["cwd"]));
    this.#events.push(...this.#turns.add(entry, time, {
      sessionId: sessionOf(entry),
      project: this.#project,
      clientVersion: text(entry["version"]),
    }));
  }

  /** Takes the next line; returns the calls that end with it. */
  add(line: string): TranscriptCall[] {
    if (!mayMatter(line, this.isSession)) {
      if (line.trim() !== "" && !/^\s*\{.*\}\s*$/s.test(line)) this.malformed++;
      return [];
    }
    const entry = parse(line);
    if (entry === undefined) {
      this.malformed++;
      return [];
    }
    const attachment = members(entry["attachment"]);
    if (attachment !== undefined) this.#addAttachment(attachment);
    const time = Date.parse(String(entry["timestamp"])) / 1000;
    if (!Number.isFinite(time)) return [];
    if (this.isSession) this.#addToTurns(entry, time);
    const content = members(entry["message"])?.["content"];
    if (!Array.isArray(content)) return [];
    return content.flatMap((block: unknown) => this.#addBlock(entry, time, members(block)) ?? []);
  }

  #addBlock(entry: Members, time: number, block: Members | undefined): TranscriptCall | undefined {
    const name = text(block?.["name"]);
    const id = text(block?.["id"]);
    if (block?.["type"] === "tool_use" && name !== undefined && id !== undefined) {
      this.#project ??= lastPart(text(entry["cwd"]));
      this.#open.set(id, {
        ...toStart(entry, time, name, id),
        agentType: this.agentType,
        project: this.#project,
        command: this.command?.(name, block["input"]),
      });
    }
    if (block?.["type"] !== "tool_result") return undefined;
    const start = this.#open.get(text(block["tool_use_id"]) ?? "");
    if (start?.toolUseId === undefined || time < start.timestamp) return undefined;
    this.#open.delete(start.toolUseId);
    const end = toEnd(start, time, block, entry["toolUseResult"]);
    const isDenied = this.#denied.delete(start.toolUseId);
    const isRefused = isDenied || entry["toolDenialKind"] !== undefined;
    return { start, end: isRefused ? { ...end, status: "interrupted", exitCode: undefined } : end };
  }

  /** A hook that denies a call says why in words of its own, which the result then has. */
  #addAttachment(attachment: Members): void {
    const id = text(attachment["toolUseID"]);
    const isDenial = attachment["type"] === "hook_blocking_error"
      ? BEFORE_A_CALL.includes(String(attachment["hookEvent"]))
      : attachment["type"] === "hook_permission_decision" && attachment["decision"] === "deny";
    if (isDenial && id !== undefined) this.#denied.add(id);
  }
}

/** The hooks that are run before a call and can deny it. */
const BEFORE_A_CALL = ["PreToolUse", "PermissionRequest"];

/**
 * Whether a line has a `tool_use` or a `tool_use_id`, or what a hook said of a call, or is of a turn: a part of
 * a transcript, which is worth parsing.
 */
function mayMatter(line: string, withTurns: boolean): boolean {
  return line.includes('"tool_use') || line.includes('"hook_') ||
    withTurns && (line.includes('"type":"user"') || line.includes('"type":"assistant"'));
}

function parse(line: string): Members | undefined {
  try {
    return members(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function toStart(entry: Members, time: number, toolName: string, toolUseId: string): Sample {
  return {
    timestamp: time,
    event: "start",
    toolName,
    toolUseId,
    sessionId: sessionOf(entry),
    agentId: text(entry["agentId"]),
    clientVersion: text(entry["version"]),
    client: OWN_CLIENT,
  };
}

/**
 * The session that an entry is of: the one that asked for it, also in the transcript of a fork, which begins
 * with a copy of that of another.
 */
function sessionOf(entry: Members): string | undefined {
  const origin = members(entry["forkedFrom"]);
  if (origin === undefined) return text(entry["sessionId"]);
  return text(entry["requestSessionId"]) ?? text(origin["sessionId"]) ?? text(entry["sessionId"]);
}

function toEnd(start: Sample, time: number, block: Members, result: unknown): Sample {
  const isError = block["is_error"] === true;
  const words = firstText(block["content"]);
  const status = statusOf(isError, words, result);
  const answer = isError ? { error: words } : { tool_response: result ?? block["content"] };
  return {
    ...start,
    timestamp: time,
    event: "end",
    status,
    outputBytes: status === "background" ? undefined : outputBytes(start.toolName, answer),
    exitCode: isError ? exitCode(words) : undefined,
  };
}

function statusOf(isError: boolean, words: string | undefined, result: unknown): Status {
  const details = members(result);
  const isRefused = isError && [words, text(result)].some((each) => each && saysRefusal(each));
  if (details?.["interrupted"] === true || isRefused) return "interrupted";
  if (isError) return "error";
  const inBackground = text(details?.["backgroundTaskId"]) !== undefined ||
    details?.["status"] === "async_launched";
  return inBackground ? "background" : "ok";
}

/** The first text of a result, which is a text itself or a list of blocks. */
function firstText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return text(content);
  return text(members(content[0])?.["text"]);
}
