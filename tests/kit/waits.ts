/** Waiting, with a limit, for what another process does. */
import { AssertionError, fail } from "../std/std_assert.ts";

/** Far beyond what anything takes on the slowest machine; only what hangs waits for so long, milliseconds. */
export const PATIENCE_MS = 120_000;

/** Waits, two minutes at most unless told, until something is true. */
export async function waitFor(
  isTrue: () => boolean | Promise<boolean>,
  what: string | (() => string),
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!await isTrue()) {
    if (performance.now() > deadline) {
      const text = typeof what === "string" ? what : what();
      fail(`Waited in vain for ${patienceMs / 1000} s: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Makes a test of what takes a while try again until it holds, ten times and four minutes at most: a busy machine
 * delays a run, and what is wrong is wrong in each.
 */
export function inQuietMoment(test: () => void | Promise<void>): () => Promise<void> {
  return async () => {
    const deadline = performance.now() + 2 * PATIENCE_MS;
    for (let tries = 1;; tries++) {
      try {
        return await test();
      } catch (error) {
        const isOver = tries === 10 || performance.now() > deadline;
        if (isOver || !(error instanceof AssertionError)) throw error;
      }
    }
  };
}
