import { exitCode } from "./event.ts";
import { OWN_CLIENT } from "../../row/client.ts";
import { lastPart } from "./session.ts";
import type { Sample, Status } from "../../row/sample.ts";

/** A call out of a transcript: its rows as the log would have them. */
export interface TranscriptCall {
  readonly start: Sample;
  readonly end: Sample;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Makes calls of one transcript of Claude Code (a JSON object a line), given line by line. A call is a
 * `tool_use` and the `tool_result` with its id; its times are those at which the client wrote the
 * two, so that they hold the wait for permissions and hooks. Lines of other kinds are passed over.
 * The shape is that of Claude Code 2.1.330; it is not documented.
 */
export class TranscriptReader {
  /** The number of lines that are no JSON object. */
  malformed = 0;
  readonly #open = new Map<string, Sample>();

  /** Begins; `agentType` is that of the subagent whose transcript it is. */
  constructor(private readonly agentType?: string) {}

  /** Takes the next line; returns the calls that end with it. */
  add(line: string): TranscriptCall[] {
    if (!mayMatter(line)) {
      if (line.trim() !== "" && !/^\s*\{.*\}\s*$/s.test(line)) this.malformed++;
      return [];
    }
    const entry = parse(line);
    if (entry === undefined) {
      this.malformed++;
      return [];
    }
    const time = Date.parse(String(entry["timestamp"])) / 1000;
    const content = members(entry["message"])?.["content"];
    if (!Number.isFinite(time) || !Array.isArray(content)) return [];
    return content.flatMap((block: unknown) => this.#addBlock(entry, time, members(block)) ?? []);
  }

  #addBlock(entry: Members, time: number, block: Members | undefined): TranscriptCall | undefined {
    const name = text(block?.["name"]);
    const id = text(block?.["id"]);
    if (block?.["type"] === "tool_use" && name !== undefined && id !== undefined) {
      this.#open.set(id, { ...toStart(entry, time, name, id), agentType: this.agentType });
    }
    if (block?.["type"] !== "tool_result") return undefined;
    const start = this.#open.get(text(block["tool_use_id"]) ?? "");
    if (start?.toolUseId === undefined || time < start.timestamp) return undefined;
    this.#open.delete(start.toolUseId);
    return { start, end: toEnd(start, time, block, entry["toolUseResult"]) };
  }
}

/**
 * Whether a line has a `tool_use` or a `tool_use_id`: a small part of a transcript, which is worth
 * parsing.
 */
function mayMatter(line: string): boolean {
  return line.includes('"tool_use');
}

function parse(line: string): Members | undefined {
  try {
    return members(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function members(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Members
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function toStart(entry: Members, time: number, toolName: string, toolUseId: string): Sample {
  return {
    timestamp: time,
    event: "start",
    toolName,
    toolUseId,
    sessionId: text(entry["sessionId"]),
    agentId: text(entry["agentId"]),
    project: lastPart(text(entry["cwd"])),
    clientVersion: text(entry["version"]),
    client: OWN_CLIENT,
  };
}

function toEnd(start: Sample, time: number, block: Members, result: unknown): Sample {
  const isError = block["is_error"] === true;
  return {
    ...start,
    timestamp: time,
    event: "end",
    status: statusOf(isError, result),
    exitCode: isError ? exitCode(firstText(block["content"])) : undefined,
  };
}

function statusOf(isError: boolean, result: unknown): Status {
  const details = members(result);
  // What a person refused or broke off is no failure of the tool.
  const isRefused = typeof result === "string" &&
    /^(User rejected|Error: \[Request interrupted)/.test(result);
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
