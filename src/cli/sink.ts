import { FileError } from "../files/file_error.ts";
import { Replacement } from "../files/replace.ts";
import { CommandError, EXIT } from "./command.ts";
import { AtEnd, letSignalsIn } from "./ending.ts";
import { writeToReader } from "./output.ts";

/** The size of the pieces in which text is passed on, UTF-16 units. */
const PIECE = 1 << 16;
/** A signal ends a long output within so many milliseconds. */
const SIGNALS_EVERY_MS = 100;

/**
 * A target for long output, written piece by piece: stdout, or a file that takes the place of the
 * one before when all is written, and of which nothing is left where a signal comes before that. Throws a
 * `CommandError` (74) where it can't be written.
 */
export class Sink {
  #file: Replacement | undefined;
  readonly #atEnd: AtEnd | undefined;
  #pending = "";
  #signalsAt = performance.now();

  /** @param mode The file's permissions, as `Replacement` takes them. */
  constructor(path: string | undefined, mode?: number) {
    if (path === undefined) return;
    this.#atEnd = new AtEnd(() => this.#file?.[Symbol.dispose]());
    this.#file = attempt(() => new Replacement(path, { mode }));
  }

  /** Takes the next text; whoever writes many waits for what comes back, if anything. */
  write(text: string): Promise<void> | undefined {
    this.#pending += text;
    if (this.#pending.length < PIECE) return undefined;
    this.#flush();
    if (this.#file === undefined || performance.now() - this.#signalsAt < SIGNALS_EVERY_MS) {
      return undefined;
    }
    return letSignalsIn().then(() => {
      this.#signalsAt = performance.now();
    });
  }

  /** Writes what is left; only now the file is there. */
  finish(): void {
    this.#flush();
    attempt(() => this.#file?.commit());
  }

  [Symbol.dispose](): void {
    this.#atEnd?.[Symbol.dispose]();
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = "";
    if (this.#file === undefined) writeToReader(text);
    else attempt(() => this.#file?.write(text));
  }
}

function attempt<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof FileError ? new CommandError(error.message, EXIT.inputOutput) : error;
  }
}
