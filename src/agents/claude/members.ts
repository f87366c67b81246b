/** The members of a JSON object, whatever their types. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a value out of JSON; `undefined` where it is no object. */
export function members(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Members
    : undefined;
}

/** A text out of JSON; `undefined` where it is none, or empty. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
