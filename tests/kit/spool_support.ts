/** A home whose hooks record into the spool, for the tests of the spool on the binary. */
import { writeSpoolLine } from "../../src/agents/claude/hooks/spool_line.ts";
import { runHookLine } from "./hook_line.ts";
import { assertEquals } from "../std/std_assert.ts";
import { binary, perfmon, type RunResult, temporaryFolder } from "./support.ts";

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
