/** Told by a symbol and not by a class, of which each bundle has its own; no JSON has one. */
const MARK = Symbol.for("perfmon long text");

/** A long text in JSON that was not decoded. */
export interface LongText {
  /** Its beginning. */
  readonly prefix: string;
  /** Works out its length in UTF-8, bytes. */
  readonly countBytes: () => number;
}

/** Makes one. */
export function longText(prefix: string, countBytes: () => number): LongText {
  return { [MARK]: true, prefix, countBytes } as LongText;
}

/** Whether a value is one. */
export function isLongText(value: unknown): value is LongText {
  return typeof value === "object" && value !== null && MARK in value;
}
