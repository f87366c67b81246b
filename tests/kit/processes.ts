/** Real processes for tests to sample, and programs that tests write and run. */
import { must } from "./mounts.ts";
import { temporaryFolder } from "./temporary_folder.ts";
import { waitFor } from "./waits.ts";

/** A process that is killed, with its output closed, at the end of the block. */
export interface LiveProcess {
  readonly pid: number;
  readonly stdout: ReadableStream<Uint8Array>;
  /** Stops it, so that its figures stand still, and waits until it has stopped. */
  freeze(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a program; `await using process = startProcess("sleep", "60")`. Its end needs `ps`. */
export function startProcess(program: string, ...args: string[]): LiveProcess {
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    stdout: child.stdout,
    freeze: async () => {
      child.kill("SIGSTOP");
      await waitFor(() => readProc(child.pid, "stat").includes(") T "), "the process to stop");
    },
    [Symbol.asyncDispose]: async () => {
      for (const pid of [...descendantsByPs(child.pid), child.pid]) kill(pid);
      await child.status;
      if (!child.stdout.locked) await child.stdout.cancel();
    },
  };
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** All descendants of a process, as `ps` tells. */
export function descendantsByPs(pid: number): number[] {
  const parents = ps(["-A", "-o", "pid=,ppid="]).split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) { // grows while it is walked
    found.push(...parents.filter(([, of]) => of === parent).map(([child = 0]) => child));
  }
  return found.slice(1);
}

/** What `ps` prints, in the C locale. */
export function ps(args: string[]): string {
  const { stdout } = new Deno.Command("ps", { args, env: { LC_ALL: "C" } }).outputSync();
  return new TextDecoder().decode(stdout);
}

/** The text of a file in a process's folder in /proc. */
export function readProc(pid: number, name: string): string {
  return Deno.readTextFileSync(`/proc/${pid}/${name}`);
}

/** Seconds that a process itself has been on a CPU: the scheduler's nanoseconds. */
export function kernelCpuSeconds(pid: number): number {
  return Number(readProc(pid, "schedstat").split(" ")[0]) / 1e9;
}

/**
 * Milliseconds of CPU that this thread takes for some work: on a busy machine that lasts longer, and costs no more.
 * Where the kernel does not count it, how long it lasts.
 */
export function cpuMilliseconds(work: () => void): number {
  const before = threadMilliseconds();
  work();
  return threadMilliseconds() - before;
}

function threadMilliseconds(): number {
  try {
    return Number.parseInt(Deno.readTextFileSync("/proc/thread-self/schedstat")) / 1e6;
  } catch {
    return performance.now();
  }
}

/** A process's resident memory in KiB, summed up by the kernel over its mappings. */
export function kernelRss(pid: number): number {
  const [, rss] = /^Rss:\s+(\d+) kB/m.exec(readProc(pid, "smaps_rollup")) ?? [];
  return Number(rss);
}

/**
 * Writes a program. A process of its own does: a program that another test's thread starts at this moment has a copy
 * of each file that is open here for writing, and such a file can't be run (ETXTBSY).
 */
export function writeProgram(path: string, content: string | Uint8Array): void {
  using folder = temporaryFolder();
  const source = `${folder.path}/program`;
  if (typeof content === "string") Deno.writeTextFileSync(source, content);
  else Deno.writeFileSync(source, content);
  copyProgram(source, path);
}

/** Copies a program, in the same way. */
export function copyProgram(from: string, to: string): void {
  must("install", ["-m", "755", from, to]);
}
