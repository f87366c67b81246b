import { commandOfShell, commandOfShellLine } from "../../agents/claude/command/call_shell.ts";
import { messageOf } from "../../text/message.ts";
import { statIfThere } from "../../files/if_there.ts";
import { io } from "../../files/io.ts";
import { isStillAt } from "../../files/own_file.ts";
import { LogCursor } from "../../log/read/log_cursor.ts";
import type { LogLocation } from "../../log/location.ts";
import { resolveLog } from "../../log/resolve.ts";
import { closeInheritedFiles } from "../../sampler/watch/inherited_files.ts";
import { ProcessWatch } from "../../sampler/watch/process_watch.ts";
import { PsWatch } from "../../sampler/watch/ps_watch.ts";
import {
  removeLeftLocks,
  samplerLockPath,
  takeSamplerLock,
  writeCourses,
  writeSamplerState,
} from "../../sampler/watch/sampler_lock.ts";
import { appendSample } from "../../log/write/append.ts";
import { noteError } from "../../log/write/errors.ts";
import { parseRow, splitRow } from "../../row/parse_row.ts";
import type { Sample } from "../../row/sample.ts";
import { parseRecOptions } from "../rec_options.ts";
import type { Watch } from "../../sampler/watch/watch.ts";
import { nextLook } from "./next_look.ts";
import { Sampling } from "./sampling.ts";

/** It ends so long after the last call, milliseconds. */
const ENDS_AFTER = 30_000;
/** So often it says what open calls hold, milliseconds. */
const TELLS_EVERY = 1000;
/** So often it looks whether the log has grown, milliseconds. */
const TICK = 50;
/** Bytes at the end of a log in which the calls stand that are open when it begins. */
const TAIL = 1 << 18;
/** Of so many lines it knows whether they came before, more than a rotation keeps. */
const KNOWN_LINES = 4096;

/**
 * `perfmon rec sample`: watches the processes of the calls of a log while they run, and appends a row `peak` when
 * one has ended. Hooks start it (`rec start --watch`), never two for a log; it ends by itself half a minute after the
 * last call's shell, with the last client, or on SIGTERM. It prints nothing, and exits 0 whatever happens.
 */
export async function recSample(
  args: readonly string[],
  platform: typeof Deno.build.os = Deno.build.os,
): Promise<number> {
  const { options } = parseRecOptions(args);
  const { file, history, command } = options;
  if (file === undefined) return 0;
  let location: LogLocation | undefined;
  const end = { isTold: false };
  // Before anybody can see that it is there.
  Deno.addSignalListener("SIGTERM", () => end.isTold = true);
  closeInheritedFiles();
  try {
    location = resolveLog(file.startsWith("/") ? file : `${Deno.cwd()}/${file}`);
    Deno.chdir("/"); // no folder of a project is kept in use
    const path = samplerLockPath(location.folder);
    using lock = path === undefined ? undefined : takeSamplerLock(path);
    if (path === undefined || lock === undefined) return 0;
    try {
      writeSamplerState(lock, { pid: Deno.pid, since: Date.now() / 1000 });
      removeLeftLocks(location.folder, path);
      const sampling = new Sampling(watchOf(platform), command);
      await sample(location, history, sampling, { lock, path, end });
    } finally {
      if (isStillAt(lock, path)) io.remove(path);
    }
  } catch (error) {
    if (location !== undefined) noteError(location.folder, "rec sample", messageOf(error));
  }
  return 0;
}

/** The way to look at processes: by /proc, or where there is none by `ps`. */
function watchOf(platform: typeof Deno.build.os): Watch {
  return platform === "linux"
    ? new ProcessWatch(({ commandLine }) => commandOfShell(commandLine))
    : new PsWatch(({ commandLine }) => commandOfShellLine(commandLine));
}

/** By what it is told to end: SIGTERM, or its lock's going. */
interface Held {
  readonly lock: Deno.FsFile;
  readonly path: string;
  readonly end: { readonly isTold: boolean };
}

async function sample(
  location: LogLocation,
  history: string,
  sampling: Sampling,
  { lock, path, end }: Held,
): Promise<void> {
  using log = new GrowingLog(location);
  const { interval } = sampling.watch;
  let lastBusy = performance.now();
  /** Rows that no look has taken. */
  let fresh: Sample[] = [];
  let last = -Infinity;
  let due = 0;
  let told = -Infinity;
  while (!end.isTold && isStillAt(lock, path)) {
    const began = performance.now();
    fresh = [...fresh, ...await log.read()];
    if (began >= due || fresh.length > 0 && began >= last + interval) {
      const before = threadCpuMs();
      await sampling.read(fresh);
      const rows = sampling.look(fresh);
      const took = threadCpuMs() - before;
      for (const row of rows) await append(location, row, history);
      fresh = [];
      last = began;
      due = began + Math.max(interval, nextLook(took, sampling.youngest));
    }
    if (sampling.isBusy && began - told > TELLS_EVERY) {
      writeCourses(lock, sampling.courses());
      told = began;
    }
    if (sampling.isBusy) lastBusy = began;
    else if (began - lastBusy > ENDS_AFTER || !sampling.hasClients) return;
    await pause(Math.max(1, Math.min(TICK, due - performance.now())));
  }
}

async function append(location: LogLocation, row: Sample, history: string): Promise<void> {
  const trouble = await appendSample(location, () => row, { layout: "full", history });
  if (trouble !== undefined) noteError(location.folder, "rec sample", trouble);
}

/** The CPU that this thread has used, milliseconds: on a busy machine a look takes long and costs no more. */
function threadCpuMs(): number {
  try {
    return Number.parseInt(Deno.readTextFileSync("/proc/thread-self/schedstat")) / 1e6;
  } catch {
    return performance.now(); // a kernel that does not count it
  }
}

function pause(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A log whose rows are read as they come. */
class GrowingLog implements Disposable {
  readonly #cursor: LogCursor;
  #inode: number | null | undefined;
  #size = -1;

  constructor(private readonly location: LogLocation) {
    this.#cursor = new LogCursor(location, { history: false, tail: TAIL, known: KNOWN_LINES });
  }

  /** The rows that are new. */
  async read(): Promise<Sample[]> {
    const info = statIfThere(this.location.path);
    if (info === undefined || info.ino === this.#inode && info.size === this.#size) return [];
    [this.#inode, this.#size] = [info.ino, info.size];
    const samples: Sample[] = [];
    for await (const rows of this.#cursor.read()) {
      for (const { line, columns } of rows) {
        const sample = parseRow(splitRow(line), columns);
        if (sample !== undefined) samples.push(sample);
      }
    }
    return samples;
  }

  [Symbol.dispose](): void {
    this.#cursor[Symbol.dispose]();
  }
}
