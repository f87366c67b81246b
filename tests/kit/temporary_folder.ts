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
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
