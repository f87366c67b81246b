/** Empty folders for the length of a test. */

/** A folder that is removed at the end of the block: `using folder = temporaryFolder()`. */
export interface TemporaryFolder {
  /** With symbolic links resolved, so that it compares equal to what programs print. */
  path: string;
  [Symbol.dispose](): void;
}

/** Makes an empty temporary folder. */
export function temporaryFolder(): TemporaryFolder {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "perfmon_test_" }));
  return {
    path,
    [Symbol.dispose]: () => removeAll(path),
  };
}

/** A process that was only told to end may make a file meanwhile. */
function removeAll(path: string): void {
  for (let tries = 100;; tries--) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (tries === 0) throw error;
    }
  }
}
