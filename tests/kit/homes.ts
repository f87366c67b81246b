/** Homes of a user whose hooks record: by `perfmon rec`, or into the spool. */
import { existsSync } from "@std/fs";
import { writeSpoolLine } from "../../src/agents/claude/hooks/lines/spool_line.ts";
import { assertEquals } from "../std/std_assert.ts";
import { runHookLine } from "./hook_lines.ts";
import { linesOf, recordsOf } from "./log_files.ts";
import { binary, expectExit, perfmon, type RunOptions, type RunResult } from "./perfmon.ts";
import { temporaryFolder } from "./temporary_folder.ts";

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
    rows: existsSync(log, { isFile: true }) ? recordsOf(log) : [],
    errors: existsSync(errorsOf(log), { isFile: true }) ? linesOf(errorsOf(log)) : [],
  };
}

function errorsOf(log: string): string {
  return log.replace(/\.csv$/, ".d/errors.log");
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

/** A home with a spool. */
export interface SpoolHome {
  readonly path: string;
  readonly log: string;
  readonly spool: string;
  /** Runs a hook's line with this JSON, as the client does. */
  hook(moment: "start" | "end", json: Json, options?: HookRun): Promise<void>;
  /** The files that wait. */
  waiting(): string[];
  perfmon(...args: string[]): Promise<RunResult>;
  [Symbol.dispose](): void;
}

type Json = Readonly<Record<string, unknown>>;

interface HookRun {
  /** Flags that the hook was installed with. */
  readonly options?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: string;
}

export function spoolHome(): SpoolHome {
  const folder = temporaryFolder();
  const [path, spool] = [folder.path, `${folder.path}/.claude/performance.d/spool`];
  Deno.mkdirSync(spool, { recursive: true, mode: 0o700 });
  return {
    path,
    spool,
    log: `${path}/.claude/performance.csv`,
    hook: async (moment, json, { options = "", env = {}, file } = {}) => {
      const line = writeSpoolLine({ moment, program: binary, options, file });
      await runLine(line, JSON.stringify(json) + "\n", { HOME: path, ...env });
    },
    waiting: () => Array.from(Deno.readDirSync(spool), ({ name }) => name).sort(),
    perfmon: (...args) => perfmon(args, { env: { HOME: path } }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** The JSON of a hook of Bash. */
export function bashEvent(moment: "start" | "end", id: string, more: Json = {}): Json {
  return {
    session_id: "s",
    cwd: "/work/api",
    hook_event_name: moment === "start" ? "PreToolUse" : "PostToolUse",
    tool_name: "Bash",
    tool_input: { command: "echo hi" },
    ...(moment === "end" ? { tool_response: { stdout: "hi", interrupted: false } } : {}),
    tool_use_id: id,
    ...(moment === "end" ? { duration_ms: 24 } : {}),
    ...more,
  };
}

/** Runs a hook's line, which must end well and print nothing. */
export async function runLine(
  line: string,
  stdin: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const given = { PATH: Deno.env.get("PATH") ?? "", CLAUDE_CODE_SESSION_ID: "s", ...env };
  assertEquals(await runHookLine(line, { stdin, env: given }), "", line);
}
