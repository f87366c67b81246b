/** What the tests of `perfmon rec` share. */
import { assertEquals } from "../std/std_assert.ts";
import { linesOf, recordsOf } from "./log_files.ts";
import { binary, expectExit, perfmon, type RunOptions, type RunResult } from "./support.ts";

export const HOOK =
  '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t1","session_id":"s"}\n';

/** Where the log of a HOME lies. */
export function logOf(home: string): string {
  return `${home}/.claude/performance.csv`;
}

/** A run of `perfmon rec` and the rows in the log of its HOME afterwards. */
export interface Recording extends RunResult {
  rows: Record<string, string>[];
  /** The lines of errors.log. */
  errors: string[];
}

/**
 * Runs `perfmon rec ARGS` with that HOME; without `stdin` it is /dev/null. Whatever happens it must
 * exit with 0 and print nothing on stdout, so that is checked here once for all tests.
 */
export async function record(
  home: string,
  args: string[],
  options: RunOptions = {},
): Promise<Recording> {
  const env = { HOME: home, ...options.env };
  const result = expectExit(await perfmon(["rec", ...args], { ...options, env }), 0);
  assertEquals(result.stdout, "", "nothing on stdout");
  return { ...result, ...whatStandsIn(home) };
}

/** The rows and errors in the log of a HOME. */
export function whatStandsIn(home: string): { rows: Record<string, string>[]; errors: string[] } {
  const log = logOf(home);
  return {
    rows: exists(log) ? recordsOf(log) : [],
    errors: exists(errorsOf(log)) ? linesOf(errorsOf(log)) : [],
  };
}

function errorsOf(log: string): string {
  return log.replace(/\.csv$/, ".d/errors.log");
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs another program, with `$PERFMON` for the binary, in the clean environment of a HOME. */
export async function run(
  home: string,
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<RunResult> {
  const output = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, TZ: "UTC", PERFMON: binary, ...env },
    cwd: home,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    args: [program, ...args],
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** Runs a script of `sh` in the same way, and expects it to end well. */
export async function shell(home: string, script: string): Promise<RunResult> {
  return expectExit(await run(home, "sh", ["-c", script]), 0);
}
