/** Why hook configuration could not be read or changed: bad content, no such file, or a failed file call. */
export type HooksErrorReason = "data" | "noInput" | "inputOutput";

/** A failure that a person can mend. Nothing was changed when it is thrown, unless its message says so. */
export class HooksError extends Error {
  override name = "HooksError";
  constructor(message: string, readonly reason: HooksErrorReason) {
    super(message);
  }
}
