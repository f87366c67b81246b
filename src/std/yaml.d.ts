/** The part of `@std/yaml` that perfmon uses, with the types of the original; the npm build has none. */
export interface ParseOptions {
  /** What plain scalars may be: `failsafe` leaves all of them texts; `core` knows null, booleans, numbers. */
  readonly schema?: "failsafe" | "core";
  /** The last value counts where a key is there twice; else that is an error. */
  readonly allowDuplicateKeys?: boolean;
}

/** The value of a YAML document, `null` for an empty one. Throws a `YamlSyntaxError`. */
export function parse(content: string, options?: ParseOptions): unknown;

/** What is wrong in a text, and where. */
export class YamlSyntaxError extends SyntaxError {
  /** From 1 on. */
  readonly line: number;
  /** From 1 on. */
  readonly column: number;
}
