import { formatBytes } from "../text/units.ts";

/** Tells on stderr how far a reading of files is, where that is a terminal and it takes longer than a moment. */
export class Progress {
  readonly #began = Date.now();
  readonly #bytes: number;
  #told = this.#began;
  #files = 0;
  #read = 0;

  /** Begins; `what` is what a file is called, `sizes` are theirs in their order, bytes. */
  constructor(private readonly what: string, private readonly sizes: readonly number[]) {
    this.#bytes = sizes.reduce((sum, size) => sum + size, 0);
  }

  /** One more file is read. */
  next(): void {
    this.#read += this.sizes[this.#files++] ?? 0;
    if (Date.now() - this.#told < 100 || Date.now() - this.#began < 500) return;
    this.#told = Date.now();
    showLine(
      `${this.what} ${this.#files} of ${this.sizes.length}, ` +
        `${formatBytes(this.#read)} of ${formatBytes(this.#bytes)}`,
    );
  }

  /** Takes the line away. */
  end(): void {
    if (this.#told > this.#began) showLine("");
  }
}

/** Says on stderr, where that is a terminal, what a person waits for; takes the line away at the block's end. */
export class Waiting implements Disposable {
  constructor(what: string) {
    showLine(`${what} ...`);
  }

  [Symbol.dispose](): void {
    showLine("");
  }
}

/** Shows a line in place of the one before. */
function showLine(text: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}
