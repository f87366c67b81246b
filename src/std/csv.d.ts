/** The part of `@std/csv` that perfmon uses, with the types of the original; the npm build has none. */
export interface StringifyOptions {
  /** The keys of the objects, in the order of the columns; they are the header too. */
  readonly columns: readonly string[];
}

/** RFC 4180, lines ended by CR LF; `null` and `undefined` are empty cells. */
export function stringify(
  data: readonly Readonly<Record<string, unknown>>[],
  options: StringifyOptions,
): string;
