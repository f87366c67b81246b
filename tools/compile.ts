/** Compiles bundled code with Deno's runtime. Benchmarks compile an empty program by it, to compare with. */
import type { RunDeno } from "./bundle.ts";
import type { Runtime } from "./runtime.ts";

const FLAGS = [
  // Reading other processes in /proc needs all permissions.
  "-A",
  // The code cache is a predictable file in the world-writable temporary folder that every start
  // would open: a FIFO put there hangs every hook. And it gains nothing.
  "--no-code-cache",
  // The bundle needs nothing of it, and a binary that knows of npm packages starts 2 ms later.
  "--no-config",
  // The bundle was checked when it was made.
  "--no-check",
  // A short report is over before what the optimizing compiler makes of its functions pays (0.89 of
  // the CPU of 1,000 rows without); over a large log they are called often enough. Neither pays the
  // second one for what a log of 40,000 rows takes (0.92 without), but for one of a million.
  "--v8-flags=--invocation-count-for-maglev=2500,--invocation-count-for-turbofan=30000,--invocation-count-for-osr=5000",
];

/** What is compiled into one file. */
export interface Program {
  /** The path of its first module; what that imports by literal names goes in too. */
  readonly entry: string;
  /** Further files that it reads or starts. */
  readonly include: readonly string[];
  /** The triple to compile for. */
  readonly target: string;
}

/** Compiles a program to the file `output`; work files go into the folder `work`. */
export async function compileProgram(
  { entry, include, target }: Program,
  output: string,
  runtime: Runtime,
  work: string,
  runDeno: RunDeno,
): Promise<void> {
  const path = runtime.path && await strip(runtime.path, target, `${work}/denort`);
  await runDeno([
    "compile",
    ...FLAGS,
    ...(runtime.isDownloaded ? [] : ["--quiet"]), // quiet hides the download's progress, too
    ...include.map((file) => `--include=${file}`),
    `--target=${target}`,
    `--output=${output}`,
    entry,
  ], path === undefined ? {} : { DENORT_BIN: path });
}

/**
 * Writes a runtime without its symbols, 26 MB less, and returns the copy; the runtime itself where it
 * is none for Linux or this machine has no `strip` for it. It must be done before compiling: the
 * program is appended to the runtime.
 */
async function strip(runtime: string, target: string, copy: string): Promise<string> {
  if (target !== Deno.build.target || Deno.build.os !== "linux") return runtime;
  try {
    const { success } = await new Deno.Command("strip", {
      args: ["-o", copy, runtime],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? copy : runtime;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return runtime;
    throw error;
  }
}
