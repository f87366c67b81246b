/** Waiting, with a limit, for what another process does. */
import { fail } from "../std/std_assert.ts";

/** Waits, 20 seconds at most, until something is true. */
export async function waitFor(isTrue: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  fail(`Waited in vain for ${what}`);
}

/** Waits until something is so, half a minute at most. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!await isSo()) {
    if (performance.now() > deadline) fail(`Not so within half a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
