import { FileError } from "../../../files/file_error.ts";

/** Why hook configuration could not be read or changed: bad content, no such file, or a failed file call. */
export type HooksErrorReason = "data" | "noInput" | "inputOutput";

/** A failure that a person can mend. Nothing was changed when it is thrown, unless its message says so. */
export class HooksError extends Error {
  override name = "HooksError";
  constructor(message: string, readonly reason: HooksErrorReason) {
    super(message);
  }
}

/** Does something with files, and throws what fails of it as a `HooksError`. */
export function asHooksErrors<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof FileError ? new HooksError(error.message, error.kind) : error;
  }
}
