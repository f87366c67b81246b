/** Helpers of the tests: the compiled binary, tools that may be missing, temporary folders. */
import { AssertionError } from "../std/std_assert.ts";

/** Path of the compiled binary under test. */
export const binary: string = Deno.env.get("PERFMON_BINARY") ??
  `${import.meta.dirname}/../../dist/perfmon`;

export interface RunOptions {
  /** Written to standard input, which is then closed; without it standard input is empty. */
  stdin?: string | Uint8Array;
  /** Environment variables besides PATH, HOME and TZ; they win over these. */
  env?: Record<string, string>;
  cwd?: string;
  /** Milliseconds after which the process is killed; 60,000 unless told. */
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

/** A folder that is removed at the end of the block: `using folder = temporaryFolder()`. */
export interface TemporaryFolder {
  /** With symbolic links resolved, so that it compares equal to what programs print. */
  path: string;
  [Symbol.dispose](): void;
}

/** Makes an empty temporary folder. */
export function temporaryFolder(): TemporaryFolder {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "perfmon_test_" }));
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/**
 * Runs the compiled binary in a clean environment (PATH, a fresh HOME, TZ=UTC, then `env`) and
 * waits for its end. Throws when it can't be started; any exit status is a result.
 */
export async function perfmon(args: string[], options: RunOptions = {}): Promise<RunResult> {
  using home = temporaryFolder();
  const child = new Deno.Command(binary, {
    args,
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
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeout ?? 60_000);
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

/** A program that a test needs: its name on PATH, or a name with its own way of looking. */
export type Tool = string | { name: string; found: () => boolean };

/**
 * Registers a test that needs programs. Where one is missing the test is ignored, and its name
 * ends in ` [needs NAME]`, which `tools/test.ts` reads to report the skip.
 */
export function testWith(
  tool: Tool | Tool[],
  name: string,
  fn: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = [tool].flat().filter((each) => !isFound(each))
    .map((each) => typeof each === "string" ? each : each.name);
  if (missing.length === 0) Deno.test(name, fn);
  else Deno.test({ name: `${name} [needs ${missing.join(", ")}]`, ignore: true, fn });
}

/** A Python module as a tool, for the system's `/usr/bin/python3`: Debian's packages are there. */
export function pythonModule(module: string): Tool {
  const script = `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`;
  return {
    name: `python3-${module}`,
    found: () => {
      const python = "/usr/bin/python3";
      return isFound(python) &&
        new Deno.Command(python, { args: ["-c", script] }).outputSync().success;
    },
  };
}

function isFound(tool: Tool): boolean {
  return typeof tool === "string" ? findProgram(tool) !== undefined : tool.found();
}

/** The path of a program on PATH; `undefined` where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = name.includes("/") ? [""] : (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => folder === "" ? name : `${folder}/${name}`).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    const info = Deno.statSync(path);
    return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
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
