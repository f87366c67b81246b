import { redact, redactParameters } from "../../agents/claude/redact.ts";
import { inputOf, workEndOf } from "../../agents/claude/transcript_input.ts";
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
  const paths = transcriptsOf(sessionId, agentId);
  if (paths.length === 0) return { text: undefined, why: "no transcript of it here" };
  for (const path of paths) {
    const [input] = found(path, (line) => inputOf(line, id));
    if (input === undefined) continue;
    const command = toolName === "Bash" ? textOf(input, "command") : undefined;
    const text = command === undefined ? redactParameters(toolName, input) : redact(command);
    if (text === undefined) return { text, why: "perfmon shows no parameter of this tool" };
    return { text: text.trimEnd(), isCommand: command !== undefined };
  }
  return { text: undefined, why: "not in the client's transcript" };
}

/** The end in the transcript may be so much before that of the call, or after the telling, seconds: its clock is coarse. */
const SKEW_SECONDS = 2;

/**
 * Looks in the client's own transcript for when the work of a call in the background ended, seconds since the epoch:
 * the log only has when the model was told, which may be much later. `undefined` where it does not say.
 */
export function findWorkEnd(
  { sessionId, agentId, start, end, background }: Call,
): number | undefined {
  const id = end?.toolUseId ?? start?.toolUseId;
  if (background === undefined || id === undefined || sessionId === undefined) return undefined;
  // An id may come again.
  const from = (end?.timestamp ?? 0) - SKEW_SECONDS;
  const to = background.endTime + SKEW_SECONDS;
  for (const path of transcriptsOf(sessionId, agentId)) {
    for (const milliseconds of found(path, (line) => workEndOf(line, id))) {
      const time = milliseconds / 1000;
      if (time >= from && time <= to) return time;
    }
  }
  return undefined;
}

/** The paths of the transcripts that a call may be in. */
function transcriptsOf(sessionId: string, agentId: string | undefined): string[] {
  const folder = transcriptsFolder(pathVariable);
  return (folder === undefined ? [] : listTranscripts(folder)).map(({ path }) => path)
    .filter((path) =>
      path.includes(sessionId) || agentId !== undefined && path.includes(`agent-${agentId}`)
    );
}

/** What is found in the lines of a transcript; one that can't be read tells nothing. */
function* found<Value>(
  path: string,
  find: (line: string) => Value | undefined,
): Generator<Value> {
  try {
    for (const lines of readLines(path)) {
      for (const line of lines) {
        const value = find(line);
        if (value !== undefined) yield value;
      }
    }
  } catch {
    // As if it were not there.
  }
}

function textOf(input: unknown, member: string): string | undefined {
  const value = typeof input === "object" && input !== null
    ? (input as Readonly<Record<string, unknown>>)[member]
    : undefined;
  return typeof value === "string" ? value : undefined;
}
