import type { RecOptions } from "../agents/rec_flags.ts";
import type { LogLocation } from "../log/location.ts";
import {
  isSamplerLockHeld,
  samplerLockPath,
  takeSamplerLock,
} from "../sampler/watch/sampler_lock.ts";

/**
 * Starts the sampler of a log unless one runs: a process of its own that holds nothing of the hook, so that
 * nobody waits for it. On Linux alone: elsewhere there is nothing to see of a call's processes in time. Never throws:
 * the row is what counts.
 */
export function ensureSampler({ folder, path }: LogLocation, options: RecOptions): void {
  if (Deno.build.os !== "linux" || !Deno.build.standalone) return;
  try {
    const lock = samplerLockPath(folder);
    if (lock === undefined || isSamplerLockHeld(lock)) return; // nothing tells, or one runs
    const file = takeSamplerLock(lock);
    if (file === undefined) return;
    file.close();
    const { history, command } = options;
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["rec", "sample", "--file", path, "--history", history],
        ...(command ? ["--command"] : []),
      ],
      cwd: "/",
      clearEnv: true,
      env: { HOME: "/" }, // without one the runtime asks the name service for it, through a socket
      detached: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn().unref();
  } catch {
    // A call without its peak is no reason to disturb the client.
  }
}
