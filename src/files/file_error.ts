/** Why a file can't be used: what it holds or is, or a call that failed. */
export type FileErrorKind = "data" | "inputOutput";

/** What was to be done with a file. */
export type FileVerb = "use" | "read" | "write" | "change" | "delete";

/** A file that can't be read or changed. The message is a sentence for people, `Cannot write "PATH": REASON`. */
export class FileError extends Error {
  override name = "FileError";
  constructor(
    verb: FileVerb,
    readonly path: string,
    readonly reason: string,
    readonly kind: FileErrorKind = "inputOutput",
  ) {
    super(`Cannot ${verb} "${path}": ${reason}`);
  }

  /** The failure of a file call as a `FileError`; one that is so already stays as it is. */
  static from(verb: FileVerb, path: string, error: unknown): FileError {
    return error instanceof FileError ? error : new FileError(verb, path, reasonOf(error));
  }
}

/** Why something failed, without the sentence around it: for whoever makes a sentence of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return error.reason;
  return error instanceof Error ? error.message : String(error);
}
