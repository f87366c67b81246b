import { FileError } from "../files/file_error.ts";
import { Replacement } from "../files/replace.ts";
import { CommandError, EXIT } from "./command.ts";
import { writeToReader } from "./output.ts";

/** The size of the pieces in which text is passed on, UTF-16 units. */
const PIECE = 1 << 16;

/**
 * A target for long output, written piece by piece: stdout, or a file that takes the place of the
 * one before when all is written. Throws a `CommandError` (74) where it can't be written.
 */
export class Sink {
  readonly #file: Replacement | undefined;
  #pending = "";

  /** @param mode The file's permissions, as `Replacement` takes them. */
  constructor(path: string | undefined, mode?: number) {
    if (path !== undefined) this.#file = attempt(() => new Replacement(path, { mode }));
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= PIECE) this.#flush();
  }

  /** Writes what is left; only now the file is there. */
  finish(): void {
    this.#flush();
    attempt(() => this.#file?.commit());
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
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
