import type { DescribeInput, ParsedEvent } from "../core/event.ts";
import { parseHookEvent } from "../core/event.ts";

/** How long rec waits for stdin where the tool's name is known already, and where it is not, milliseconds. */
const WAIT_KNOWN_MS = 50;
const WAIT_UNKNOWN_MS = 1000;
/** A payload that trickles in is given up after this long, milliseconds. */
const WAIT_TOTAL_MS = 3000;
/** How long what follows the first line is swallowed, milliseconds. */
const DRAIN_MS = 50;
const NEWLINE = 0x0a;

/** What came on stdin: the event, where there was anything, and whether there is more to swallow. */
export interface HookInput {
  readonly parsed?: ParsedEvent | undefined;
  readonly ended: boolean;
}

/**
 * Reads stdin up to the first complete line of JSON, or to its end: some clients leave it open. Waits
 * a second at most where nothing comes, 50 ms where the tool's name is known without it.
 */
export async function readHookInput(
  toolIsKnown: boolean,
  describeInput?: DescribeInput,
): Promise<HookInput> {
  if (Deno.stdin.isTerminal()) return { ended: true };
  const deadline = performance.now() + WAIT_TOTAL_MS;
  let buffer = new Uint8Array(64 * 1024);
  let length = 0;
  let patience = toolIsKnown ? WAIT_KNOWN_MS : WAIT_UNKNOWN_MS;
  let sawLine = false;
  for (;;) {
    if (length === buffer.length) buffer = grown(buffer);
    const count = await readWithin(buffer.subarray(length), patience);
    patience = Math.min(WAIT_UNKNOWN_MS, deadline - performance.now());
    if (typeof count !== "number" || patience <= 0) {
      const text = buffer.subarray(0, length);
      const blank = text.every((byte) => byte <= 0x20);
      return {
        parsed: blank ? undefined : parseHookEvent(text, describeInput),
        ended: count === null,
      };
    }
    const newline = sawLine ? -1 : buffer.subarray(length, length + count).indexOf(NEWLINE);
    if (newline >= 0) {
      // The client writes one line; JSON over several lines, as a person may, is read to its end.
      const parsed = parseHookEvent(buffer.subarray(0, length + newline), describeInput);
      if (parsed.complete) return { parsed, ended: false };
      sawLine = true;
    }
    length += count;
  }
}

/** Swallows what is left of stdin: leaving early shows as a hook error in some clients. */
export async function drainInput(): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const rest = new Uint8Array(64 * 1024);
  for (let left = DRAIN_MS; left > 0; left = deadline - performance.now()) {
    if (typeof await readWithin(rest, left) !== "number") return;
  }
}

/** The number of bytes read, `null` at the end of stdin, `undefined` where the time ran out. */
async function readWithin(
  buffer: Uint8Array,
  milliseconds: number,
): Promise<number | null | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  const count = await Promise.race([Deno.stdin.read(buffer), timeout]);
  clearTimeout(timer);
  return count;
}

function grown(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  return larger;
}
