import { isStillAt, openOwn } from "../../files/own_file.ts";
import { io, readAt, writeAll } from "../../files/io.ts";
import { tryLock } from "../../files/locks.ts";
import { decode } from "../../row/decode.ts";

/**
 * The name of the file that the sampler of a log holds locked as long as it runs: one in each pid
 * namespace of each machine, because none sees the processes of another. `undefined` where nothing tells.
 */
export function samplerLockPath(folder: string, proc = "/proc"): string | undefined {
  try {
    const space = Deno.readLinkSync(`${proc}/self/ns/pid`).replace(/\D/g, "");
    const boot = Deno.readTextFileSync(`${proc}/sys/kernel/random/boot_id`).slice(0, 8);
    return `${folder}/sampler-${boot}-${space}.lock`;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock of the sampler; `undefined` where another has it, or the file system has no locks. Throws
 * where something else has its name.
 */
export function takeSamplerLock(path: string): Deno.FsFile | undefined {
  const file = openOwn(path);
  if (tryLock(file) === "held" && isStillAt(file, path)) return file;
  file.close();
  return undefined;
}

/** Which process is the sampler, in the file that it holds. */
export interface SamplerState {
  readonly pid: number;
  /** Seconds since the epoch. */
  readonly since: number;
}

/** Writes who holds the lock, for those who show it. */
export function writeSamplerState(file: Deno.FsFile, state: SamplerState): void {
  file.truncateSync();
  file.seekSync(0, Deno.SeekMode.Start);
  writeAll(file, new TextEncoder().encode(JSON.stringify(state) + "\n"));
}

/** The sampler of a log that runs; `undefined` where none does in this pid namespace. */
export function readSamplerState(folder: string): SamplerState | undefined {
  const path = samplerLockPath(folder);
  if (path === undefined) return undefined;
  try {
    using file = io.open(path, { read: true });
    if (tryLock(file) !== "busy") return undefined;
    const { pid, since } = JSON.parse(decode(readAt(file, 0, 200))) as SamplerState;
    return Number.isInteger(pid) && typeof since === "number" ? { pid, since } : undefined;
  } catch {
    return undefined; // none was there yet, or it is just beginning
  }
}

/** Removes the locks that samplers left which were killed, here or in a namespace that is gone. */
export function removeLeftLocks(folder: string, own: string): void {
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (!isFile || path === own || !/^sampler-\w+-\d+\.lock$/.test(name)) continue;
    try {
      using file = io.open(path, { read: true });
      if (tryLock(file) === "held") io.remove(path);
    } catch {
      // Another removes it.
    }
  }
}
