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
    this.#show(
      `${this.what} ${this.#files} of ${this.sizes.length}, ` +
        `${formatBytes(this.#read)} of ${formatBytes(this.#bytes)}`,
    );
  }

  /** Takes the line away. */
  end(): void {
    if (this.#told > this.#began) this.#show("");
  }

  #show(text: string): void {
    if (!Deno.stderr.isTerminal()) return;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}
