import { lstatIfThere } from "../../files/if_there.ts";
import { isStillAt, openOwn, openRegular, requireOwn } from "../../files/own_file.ts";
import { io, readAt, writeAll } from "../../files/io.ts";
import { tryLock } from "../../files/locks.ts";
import { messageOf } from "../../text/message.ts";
import { decode } from "../../row/decode.ts";

/**
 * The name of the file that the sampler of a log holds locked as long as it runs: on Linux one in each pid
 * namespace of each machine, because none sees the processes of another. `undefined` where nothing tells.
 */
export function samplerLockPath(folder: string, proc = "/proc"): string | undefined {
  if (Deno.build.os !== "linux") return `${folder}/sampler-${Deno.build.os}-0.lock`;
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

/**
 * Whether a sampler could begin: nobody has its lock, and the file system has locks. Throws where something else has
 * its name. Of a file that is there, and locked, no more is asked: `stat` makes Dates, and the first Date of a process
 * loads its time zone, 0.5 ms of a hook.
 */
export function isSamplerLockFree(path: string): boolean {
  if (isHeldByAnother(path)) return false;
  using file = openOwn(path);
  return tryLock(file) === "held";
}

function isHeldByAnother(path: string): boolean {
  try {
    using file = io.open(path, { read: true, write: true });
    return tryLock(file) === "busy";
  } catch {
    return false; // none is there, or something that is none
  }
}

/** Why no sampler can take its lock: something that is no file of ours has its name; `undefined` where nothing has. */
export function samplerObstacle(folder: string): string | undefined {
  const path = samplerLockPath(folder);
  if (path === undefined) return undefined;
  try {
    using file = openRegular(path);
    requireOwn(file, path);
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? undefined : messageOf(error);
  }
}

/** The first line has so many bytes, and stays; the second is written anew again and again. */
const STATE_BYTES = 80;
/** No more than this is read, or written, of what calls hold. */
const MOST_BYTES = 1 << 16;
/** What was written before so many seconds is not told: the sampler may have been stopped. */
const STALE_SECONDS = 5;

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
  writeAll(file, encode(JSON.stringify(state).padEnd(STATE_BYTES - 1) + "\n"));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The memory of one call's processes over time. */
export interface CallCourse {
  /** Its tool_use_id. */
  readonly id: string;
  /** The sum of their resident sets, KiB, from when it is watched to now. */
  readonly rss: readonly number[];
}

/** Writes what open calls hold at the moment, below who holds the lock, for those who show it. */
export function writeCourses(file: Deno.FsFile, courses: readonly CallCourse[]): void {
  const bytes = encode(JSON.stringify({ at: Date.now() / 1000, courses }) + "\n");
  if (bytes.length > MOST_BYTES) return;
  file.seekSync(STATE_BYTES, Deno.SeekMode.Start);
  writeAll(file, bytes);
}

/** The sampler of a log that runs; `undefined` where none does in this pid namespace. */
export function readSamplerState(folder: string): SamplerState | undefined {
  const { pid, since } = readHeld(folder, 0, STATE_BYTES) as Partial<SamplerState> ?? {};
  return Number.isInteger(pid) && typeof since === "number" ? { pid: pid!, since } : undefined;
}

/**
 * What the sampler of a log sees: the memory over time of calls that run, KiB, by tool_use_id; nothing where none
 * runs in this pid namespace, or it stands still.
 */
export function readCourses(folder: string): ReadonlyMap<string, readonly number[]> {
  const { at, courses } = readHeld(folder, STATE_BYTES, MOST_BYTES) as Partial<Courses> ?? {};
  const isFresh = typeof at === "number" && Math.abs(Date.now() / 1000 - at) < STALE_SECONDS;
  return new Map(isFresh ? courses?.map(({ id, rss }) => [id, rss]) : []);
}

interface Courses {
  readonly at: number;
  readonly courses: readonly CallCourse[];
}

/** What one line says of the file of a sampler that runs; `undefined` where none does, or it is just written. */
function readHeld(folder: string, from: number, length: number): unknown {
  const path = samplerLockPath(folder);
  try {
    if (path === undefined || lstatIfThere(path)?.isFile !== true) return undefined;
    using file = io.open(path, { read: true });
    if (tryLock(file) !== "busy") return undefined;
    // A shorter line leaves the end of a longer one behind it.
    return JSON.parse(decode(readAt(file, from, length)).split("\n", 1)[0]!);
  } catch {
    return undefined;
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
