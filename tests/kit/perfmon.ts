/** The compiled binary under test, and runs of it. */
import { AssertionError } from "../std/std_assert.ts";
import { temporaryFolder } from "./temporary_folder.ts";
import { PATIENCE_MS } from "./waits.ts";

/** Path of the compiled binary under test. */
export const binary: string = Deno.env.get("PERFMON_BINARY") ??
  `${import.meta.dirname}/../../dist/perfmon`;

export interface RunOptions {
  /** Written to standard input, which is then closed; without it standard input is empty. */
  stdin?: string | Uint8Array;
  /** Environment variables besides PATH, HOME and TZ; they win over these. */
  env?: Record<string, string>;
  cwd?: string;
  /** A program and its arguments that runs the binary, such as `setpriv`; the binary itself if absent. */
  through?: string[];
  /** Milliseconds after which the process is killed; two minutes unless told. */
  timeout?: number;
}

/** What a run of the binary came to. */
export interface RunResult {
  args: string[];
  /** The exit status, 128 + N after signal N. */
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs the compiled binary in a clean environment (PATH, a fresh HOME, TZ=UTC, then `env`) and
 * waits for its end. Throws when it can't be started; any exit status is a result.
 */
export async function perfmon(args: string[], options: RunOptions = {}): Promise<RunResult> {
  using home = temporaryFolder();
  const [program = binary, ...before] = [...options.through ?? [], binary];
  const child = new Deno.Command(program, {
    args: [...before, ...args],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home.path,
      TZ: "UTC",
      ...options.env,
    },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeout ?? PATIENCE_MS);
  try {
    const [output] = await Promise.all([
      child.output(),
      options.stdin === undefined ? undefined : feed(child.stdin, options.stdin),
    ]);
    const decoder = new TextDecoder();
    return {
      args,
      code: output.code,
      stdout: decoder.decode(output.stdout),
      stderr: decoder.decode(output.stderr),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Checks the exit status; on another one the error shows all that is known of the run. */
export function expectExit(result: RunResult, code: number): RunResult {
  if (result.code === code) return result;
  throw new AssertionError(
    [
      `Expected exit status ${code}, got ${result.code}`,
      `command: ${binary} ${result.args.map((arg) => JSON.stringify(arg)).join(" ")}`,
      `stdout:\n${result.stdout}`,
      `stderr:\n${result.stderr}`,
    ].join("\n\n"),
  );
}

/** The tool names of all rows in a log and its history, as `perfmon export csv` gives them. Fails where it says anything besides. */
export async function exportedTools(log: string): Promise<string[]> {
  const result = expectExit(await perfmon(["export", "csv", "--file", log]), 0);
  if (result.stderr !== "") throw new AssertionError(result.stderr);
  return toolsOfCsv(result.stdout);
}

/** The tool names in the output of `perfmon export csv`; no cell before the tool's needs quotes. */
export function toolsOfCsv(csv: string): string[] {
  const [header = "", ...rows] = csv.trimEnd().split("\n");
  const place = header.split(",").indexOf("tool_name");
  return rows.map((row) => row.split(",")[place] ?? "");
}

async function feed(
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  input: string | Uint8Array,
): Promise<void> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input.slice();
  try {
    await new Blob([bytes]).stream().pipeTo(stdin);
  } catch (error) {
    // A program may end before it has read everything: no fault of the test.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
