import type { HookInput } from "./hook_input.ts";
import { type LoadDescribers, type ParsedEvent, parseHookEvent } from "../agents/claude/event.ts";
import { within } from "../files/within.ts";

/** The time that rec waits for stdin where the tool's name is known already, milliseconds. */
const WAIT_KNOWN_MS = 50;
/** The time that it waits where it is not, milliseconds. */
const WAIT_UNKNOWN_MS = 1000;

const NEWLINE = 0x0a;

/**
 * Reads what stands on stdin up to the first complete line of JSON, or up to its end; `undefined` where
 * there is nothing. Waits a second at most where nothing comes, 50 ms where the tool is known without.
 */
export async function readHook(
  input: HookInput,
  toolIsKnown: boolean,
  load?: LoadDescribers,
): Promise<ParsedEvent | undefined> {
  const { buffer, firstRead } = input;
  const patience = toolIsKnown ? WAIT_KNOWN_MS : WAIT_UNKNOWN_MS;
  const begin = performance.now();
  const count = await within(patience, firstRead);
  input.waited = performance.now() - begin;
  if (count === undefined) return undefined;
  if (count === null) {
    input.isOver = true;
    return undefined;
  }
  if (count < buffer.length && buffer.indexOf(NEWLINE) === count - 1) {
    const parsed = await parseHookEvent(buffer.subarray(0, count - 1), load);
    // The client writes it in one piece: behind the line there is only the end of stdin.
    input.isOver = parsed.complete;
    if (parsed.complete) return parsed;
  }
  const { readRest } = await import("./read_rest.ts");
  return await readRest(input, count, load);
}

/** Swallows what is left of stdin, 50 ms at most: leaving early shows as a hook error in some clients. */
export async function drainInput(input: HookInput): Promise<void> {
  if (!input.isOver) await (await import("./read_rest.ts")).drainRest(input);
}
