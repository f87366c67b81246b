/**
 * Does something that calls itself for each level of a text. Where that is nested too deeply for it, throws
 * the error that `tooDeep` makes.
 */
export function withinDepth<Result>(act: () => Result, tooDeep: () => Error): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof RangeError ? tooDeep() : error; // V8: "Maximum call stack size exceeded"
  }
}
