import type { DescribeInput, ParsedEvent } from "../core/event.ts";
import { parseHookEvent } from "../core/event.ts";
import { within } from "../log/timeout.ts";

/** How long rec waits for stdin where the tool's name is known already, and where it is not, milliseconds. */
const WAIT_KNOWN_MS = 50;
const WAIT_UNKNOWN_MS = 1000;
/** A payload that trickles in is given up after this long, milliseconds. */
const WAIT_TOTAL_MS = 3000;
/** No more than this is held in memory, bytes; the largest payload seen had 10 MB. */
const SIZE_LIMIT = 64 * 1024 * 1024;
/** How long what follows the first line is swallowed, milliseconds. */
const DRAIN_MS = 50;
const NEWLINE = 0x0a;

/**
 * A hook's stdin. Reading begins at once, so that it goes on while the caller does something else.
 * `Deno.stdin.readSync` would be faster by 0.5 ms, but a client that leaves stdin open and silent
 * hangs it.
 */
export class HookInput {
  private buffer = new Uint8Array(64 * 1024);
  private length = 0;
  /** The read under way, if there is one. */
  private pending: Promise<number | null> | undefined;
  /** Nothing more is to come, or nothing that matters. */
  private isOver = false;

  constructor() {
    if (Deno.stdin.isTerminal()) this.isOver = true;
    else this.begin();
  }

  /**
   * What stands on stdin up to the first complete line of JSON, or up to its end; `undefined` where
   * there is nothing. Waits a second at most where nothing comes, 50 ms where the tool is known without.
   */
  async read(
    toolIsKnown: boolean,
    describeInput?: DescribeInput,
  ): Promise<ParsedEvent | undefined> {
    const deadline = performance.now() + WAIT_TOTAL_MS;
    let patience = toolIsKnown ? WAIT_KNOWN_MS : WAIT_UNKNOWN_MS;
    let sawLine = false;
    while (this.length < SIZE_LIMIT) {
      const from = this.length;
      if (!await this.fill(patience)) break;
      patience = Math.min(WAIT_UNKNOWN_MS, deadline - performance.now());
      const newline = sawLine ? -1 : this.buffer.subarray(from, this.length).indexOf(NEWLINE);
      if (newline < 0) continue;
      // The client writes one line; JSON over several lines, as a person may, is read to its end.
      const parsed = await parseHookEvent(this.buffer.subarray(0, from + newline), describeInput);
      if (parsed.complete) {
        // The client writes it in one piece: behind the line there is only the end of stdin.
        if (from + newline + 1 === this.length) this.isOver = true;
        return parsed;
      }
      sawLine = true;
    }
    const text = this.buffer.subarray(0, this.length);
    const blank = text.every((byte) => byte <= 0x20);
    return blank ? undefined : parseHookEvent(text, describeInput);
  }

  /** Swallows what is left of stdin, 50 ms at most: leaving early shows as a hook error in some clients. */
  async drain(): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    do this.length = 0; while (await this.fill(deadline - performance.now()));
  }

  /** Takes in what the next read gives, or the one under way; false at the end of stdin or of the patience. */
  private async fill(milliseconds: number): Promise<boolean> {
    if (this.isOver || milliseconds <= 0) return false;
    if (this.length === this.buffer.length) this.grow();
    const count = await within(milliseconds, this.pending ?? this.begin());
    if (count === undefined) return false;
    this.pending = undefined;
    if (count === null) this.isOver = true;
    else this.length += count;
    return !this.isOver;
  }

  /** A stdin that can't be read, a folder for instance, is taken as one that has ended. */
  private begin(): Promise<number | null> {
    return this.pending = Deno.stdin.read(this.buffer.subarray(this.length)).catch(() => null);
  }

  private grow(): void {
    const larger = new Uint8Array(4 * this.buffer.length);
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
