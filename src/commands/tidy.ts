import { maintainHistory } from "../log/history.ts";
import type { Arguments } from "./command.ts";
import { locate } from "./selection.ts";

/**
 * Compresses and prunes the history of the log that a command has read: what `rec` has no time for.
 * The command's work is done by then, so that nothing of it fails because of this.
 */
export async function tidyHistory(args: Arguments): Promise<void> {
  try {
    await maintainHistory(locate(args));
  } catch {
    // A folder that can't be written keeps its segments as they are.
  }
}
