/** Waiting, with a limit, for what another process does. */
import { fail } from "../std/std_assert.ts";

/** Waits, half a minute at most, until something is true. */
export async function waitFor(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!await isTrue()) {
    if (performance.now() > deadline) fail(`Waited in vain for half a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
