import type { RecOptions } from "../agents/rec_flags.ts";
import type { LogLocation } from "../log/location.ts";
import { isSamplerLockFree, samplerLockPath } from "../sampler/watch/sampler_lock.ts";

/**
 * Starts the sampler of a log unless one runs: a process of its own that holds nothing of the hook, so that
 * nobody waits for it. Never throws: the row is what counts.
 */
export async function ensureSampler(
  { folder, path }: LogLocation,
  options: RecOptions,
): Promise<void> {
  if (!Deno.build.standalone) return;
  try {
    const lock = samplerLockPath(folder);
    if (lock === undefined || !isSamplerLockFree(lock)) return;
    const { history, command } = options;
    const { startDetached } = await import("./start_detached.ts");
    startDetached(Deno.execPath(), [
      ...["rec", "sample", "--file", path, "--history", history],
      ...(command ? ["--command"] : []),
    ]);
  } catch {
    // A call without its peak is no reason to disturb the client.
  }
}
