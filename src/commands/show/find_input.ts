import { redact, redactParameters } from "../../agents/claude/redact.ts";
import { inputOf } from "../../agents/claude/transcript_input.ts";
import type { Call } from "../../calls/call.ts";
import { pathVariable } from "../../files/environment.ts";
import { listTranscripts, readLines, transcriptsFolder } from "../../log/transcripts.ts";

/** What a call was asked to do, redacted, of any number of lines; or why that isn't known. */
export type FoundInput =
  | { readonly text: string; readonly isCommand: boolean }
  | { readonly text: undefined; readonly why: string };

/**
 * Looks in the client's own transcripts for what a call was asked to do: of Bash the whole command, of other tools what
 * they worked on. Nothing of it is stored.
 */
export function findInput({ toolName, sessionId, agentId, start, end }: Call): FoundInput {
  const id = start?.toolUseId ?? end?.toolUseId;
  if (id === undefined || sessionId === undefined) {
    return { text: undefined, why: "the call has no id to look for in transcripts" };
  }
  const folder = transcriptsFolder(pathVariable);
  const isOfCall = ({ path }: { readonly path: string }): boolean =>
    path.includes(sessionId) || agentId !== undefined && path.includes(`agent-${agentId}`);
  const transcripts = folder === undefined ? [] : listTranscripts(folder).filter(isOfCall);
  if (transcripts.length === 0) return { text: undefined, why: "transcript gone" };
  for (const { path } of transcripts) {
    const input = inputIn(path, id);
    if (input === undefined) continue;
    const command = toolName === "Bash" ? textOf(input, "command") : undefined;
    const text = command === undefined ? redactParameters(toolName, input) : redact(command);
    if (text === undefined) break;
    return { text: text.trimEnd(), isCommand: command !== undefined };
  }
  return { text: undefined, why: "not in the client's transcript" };
}

function inputIn(path: string, id: string): unknown {
  try {
    for (const lines of readLines(path)) {
      for (const line of lines) {
        const input = inputOf(line, id);
        if (input !== undefined) return input;
      }
    }
  } catch {
    // One that can't be read tells nothing.
  }
  return undefined;
}

function textOf(input: unknown, member: string): string | undefined {
  const value = typeof input === "object" && input !== null
    ? (input as Readonly<Record<string, unknown>>)[member]
    : undefined;
  return typeof value === "string" ? value : undefined;
}
