import { OWN_CLIENT } from "../../row/client.ts";
import type { Sample } from "../../row/sample.ts";
import { type Members, members, text } from "./members.ts";
import { taskNotification } from "./task_notification.ts";

/** What an entry says besides its message, as the rows of its session have it. */
export type EntryNames = Pick<Sample, "sessionId" | "project" | "clientVersion">;

/**
 * Finds where turns begin and end in one transcript of a session, given entry by entry: a `prompt` row where the
 * person wrote something that the model was asked, a `done` row where the client told it of the end of
 * background work, and a `stop` row where the answer was complete. Of the text nothing is kept.
 */
export class TranscriptTurns {
  /** What the person wrote, until the model answers or is stopped: a command of the client's own never is asked. */
  #asked: Sample | undefined;
  #promptId: string | undefined;
  /** The end of the turn, unless the model goes on. */
  #stop: Sample | undefined;

  /** Takes the next entry; returns the rows that are certain with it. `time` is seconds since the epoch. */
  add(entry: Members, time: number, names: EntryNames): Sample[] {
    if (entry["isSidechain"] === true || entry["isMeta"] === true) return [];
    const message = members(entry["message"]);
    if (entry["type"] === "assistant") return this.#addAnswer(entry, message, time, names);
    if (entry["type"] !== "user" || entry["isCompactSummary"] === true) return [];
    const said = textOf(message?.["content"]);
    if (said === undefined) {
      this.#stop = undefined; // a tool's result, which the model goes on with
      return [];
    }
    if (said.startsWith(INTERRUPTION)) {
      const asked = this.#begin();
      this.#stop = rowOf("stop", time, names, this.#promptId, "interrupted");
      return asked;
    }
    const ended = this.end();
    const promptId = text(entry["promptId"]);
    const done = taskNotification(said);
    if (done !== undefined) {
      this.#promptId = promptId;
      const { toolUseId, status, exitCode, durationMs } = done;
      const row = rowOf("done", time, names, promptId, status);
      return [...ended, { ...row, toolUseId, exitCode, durationMs }];
    }
    this.#asked = rowOf("prompt", time, names, promptId);
    return ended;
  }

  /** Returns the end of the last turn, where the transcript tells it. */
  end(): Sample[] {
    const stop = this.#stop;
    this.#stop = undefined;
    return stop === undefined ? [] : [stop];
  }

  #addAnswer(
    entry: Members,
    message: Members | undefined,
    time: number,
    names: EntryNames,
  ): Sample[] {
    const isError = entry["isApiErrorMessage"] === true;
    if (message?.["model"] === "<synthetic>" && !isError) return [];
    const asked = this.#begin();
    const content = message?.["content"];
    const goesOn = message?.["stop_reason"] === "tool_use" || Array.isArray(content) &&
        content.some((block) => members(block)?.["type"] === "tool_use");
    this.#stop = goesOn
      ? undefined
      : rowOf("stop", time, names, this.#promptId, isError ? "error" : "ok");
    return asked;
  }

  /** Returns what the person wrote, where it was not known yet that the model was asked. */
  #begin(): Sample[] {
    const asked = this.#asked;
    if (asked === undefined) return [];
    this.#asked = undefined;
    this.#promptId = asked.promptId;
    return [asked];
  }
}

/** What the client writes in the person's name where the model was stopped. */
const INTERRUPTION = "[Request interrupted by user";

function rowOf(
  event: "prompt" | "stop" | "done",
  timestamp: number,
  names: EntryNames,
  promptId: string | undefined,
  status?: Sample["status"],
): Sample {
  return { timestamp, event, toolName: "unknown", ...names, client: OWN_CLIENT, promptId, status };
}

/** What a person's entry says; `undefined` where it is the result of a tool. */
function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const blocks = content.map(members);
  if (blocks.some((block) => block?.["type"] === "tool_result")) return undefined;
  return text(blocks.find((block) => block?.["type"] === "text")?.["text"]) ?? "";
}
