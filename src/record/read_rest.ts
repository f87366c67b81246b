import { type LoadDescribers, type ParsedEvent, parseHookEvent } from "../agents/claude/event.ts";
import { within } from "../files/within.ts";
import type { HookInput } from "./hook_input.ts";

/** A payload that trickles in is given up after so many milliseconds, and one more for each so many bytes of it. */
const WAIT_MS = 1000;
const BYTES_A_MS = 4096;
/** The time after which any payload is given up, milliseconds. */
const WAIT_TOTAL_MS = 3000;
/** The most that is held in memory, bytes; the largest payload seen had 10 MB. */
const SIZE_LIMIT = 64 * 1024 * 1024;
/** The time for which what follows the first line is swallowed, milliseconds. */
const DRAIN_MS = 50;
const NEWLINE = 0x0a;
const BRACE = 0x7b;
/** What may stand before a JSON text, a byte order mark among it, and how much of it, bytes. */
const BLANKS = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];
const BLANK_LIMIT = 64 * 1024;

/** The reader of this process's stdin: a read that was begun and not waited for goes on between two calls. */
let reader: Reader | undefined;

/** Reads a hook's JSON from stdin as `readHook` does, where one read gave only `count` bytes of it. */
export async function readRest(
  input: HookInput,
  count: number,
  load?: LoadDescribers,
): Promise<ParsedEvent | undefined> {
  reader = new Reader(input.buffer, count);
  const begin = performance.now() - input.waited;
  let sawLine = false;
  for (let from = 0; reader.length < SIZE_LIMIT; from = reader.length) {
    const patience = Math.min(WAIT_MS + reader.length / BYTES_A_MS, WAIT_TOTAL_MS);
    const goesOn = from === 0 || await reader.fill(begin + patience - performance.now());
    input.waited = performance.now() - begin;
    if (!goesOn || !mayBeObject(reader.bytes())) break;
    const newline = sawLine ? -1 : reader.bytes(from).indexOf(NEWLINE);
    if (newline < 0) continue;
    // The client writes one line; JSON over several lines, as a person may, is read to its end.
    const parsed = await parseHookEvent(reader.bytes().subarray(0, from + newline), load);
    if (parsed.complete) return parsed;
    sawLine = true;
  }
  const text = reader.bytes();
  const blank = text.subarray(0, BLANK_LIMIT).every((byte) => byte <= 0x20);
  return blank ? undefined : parseHookEvent(text, load);
}

/** Whether an object may begin what was read; of anything else, /dev/zero or a text, no more is waited for. */
function mayBeObject(bytes: Uint8Array): boolean {
  const first = bytes.subarray(0, BLANK_LIMIT).findIndex((byte) => !BLANKS.includes(byte));
  return first < 0 ? bytes.length < BLANK_LIMIT : bytes[first] === BRACE;
}

/** Swallows what is left of stdin, 50 ms at most. */
export async function drainRest(input: HookInput): Promise<void> {
  reader ??= new Reader(input.buffer, 0, input.firstRead);
  const deadline = performance.now() + DRAIN_MS;
  do reader.length = 0; while (await reader.fill(deadline - performance.now()));
}

/** Stdin, read into a buffer that grows; a read that was not waited for to its end goes on. */
class Reader {
  private isOver = false;

  constructor(
    private buffer: Uint8Array<ArrayBuffer>,
    public length: number,
    private pending?: Promise<number | null>,
  ) {}

  /** The bytes that were read, from an index on. */
  bytes(from = 0): Uint8Array {
    return this.buffer.subarray(from, this.length);
  }

  /**
   * Takes in what the next read gives, or the one under way; false at the end of stdin or of the
   * patience.
   */
  async fill(milliseconds: number): Promise<boolean> {
    if (this.isOver || milliseconds <= 0) return false;
    if (this.length === this.buffer.length) this.grow();
    this.pending ??= Deno.stdin.read(this.buffer.subarray(this.length)).catch(() => null);
    const count = await within(milliseconds, this.pending);
    if (count === undefined) return false;
    this.pending = undefined;
    if (count === null) this.isOver = true;
    else this.length += count;
    return !this.isOver;
  }

  private grow(): void {
    const larger = new Uint8Array(4 * this.buffer.length);
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
