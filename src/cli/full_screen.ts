import { Interrupt } from "./interrupt.ts";
import { consoleSize } from "./output.ts";

/**
 * The control sequences (xterm's) that begin: alternate screen on, cursor hidden, no wrapping of
 * long lines.
 */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
/**
 * Clears a line; written before its text, because after a full line the cursor stands on the last
 * character.
 */
const CLEAR_LINE = "\x1b[2K";

/** The size of a terminal in columns and lines. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The whole terminal, for text that is drawn again and again. It is left as it was found: at the end of
 * the block (`using`), also after an error, on Ctrl-C, SIGTERM and SIGHUP, and while the process is
 * stopped (Ctrl-Z).
 */
export class FullScreen {
  readonly #interrupt = new Interrupt(["SIGINT", "SIGTERM", "SIGHUP"]);
  readonly #listeners: readonly (readonly [Deno.Signal, () => void])[] = [
    ["SIGWINCH", this.#interrupt.wake],
    ["SIGTSTP", (): void => this.#stop()],
    ["SIGCONT", (): void => this.#continue()],
  ];
  #isEntered = false;

  /** Begins; `onKey` gets the keys as they come, where stdin is a terminal. */
  constructor(onKey: (key: string) => void) {
    for (const [signal, listener] of this.#listeners) Deno.addSignalListener(signal, listener);
    this.#enter();
    if (Deno.stdin.isTerminal()) this.#readKeys(onKey);
  }

  /** Whether it is to end. */
  get isClosed(): boolean {
    return this.#interrupt.isRaised;
  }

  get size(): ScreenSize {
    const { columns = 80, rows = 24 } = consoleSize(Deno.stdout);
    return { width: columns, height: rows };
  }

  /** Lets the user have the screen back at the next `isClosed`. */
  close(): void {
    this.#interrupt.raise();
  }

  /** Draws lines from the top, no more than there is room for. */
  draw(lines: readonly string[]): void {
    this.#enter(); // after Ctrl-Z it may come to this before the signal to go on does
    const shown = lines.slice(0, this.size.height).map((line) => CLEAR_LINE + line);
    print(HOME + shown.join("\r\n"));
  }

  /** Waits, but no longer than until a key, another size of the terminal, or the end. */
  async pause(milliseconds: number): Promise<void> {
    await this.#interrupt.pause(milliseconds);
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
    this.#interrupt[Symbol.dispose]();
    try {
      this.#leave();
    } catch {
      // The terminal is gone: nothing to put in order.
    }
  }

  #enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    // With cbreak the terminal still makes signals of Ctrl-C and Ctrl-Z.
    if (Deno.stdin.isTerminal()) Deno.stdin.setRaw(true, { cbreak: true });
    print(ENTER);
  }

  #leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    print(LEAVE);
    if (Deno.stdin.isTerminal()) Deno.stdin.setRaw(false);
  }

  #stop(): void {
    this.#leave();
    Deno.kill(Deno.pid, "SIGSTOP");
  }

  #continue(): void {
    this.#enter();
    this.#interrupt.wake();
  }

  async #readKeys(onKey: (key: string) => void): Promise<void> {
    const buffer = new Uint8Array(64);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const count = await Deno.stdin.read(buffer);
        if (count === null) return;
        onKey(decoder.decode(buffer.subarray(0, count)));
        this.#interrupt.wake();
      }
    } catch {
      // Without keys there is Ctrl-C.
    }
  }
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}
