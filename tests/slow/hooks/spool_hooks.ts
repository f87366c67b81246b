/** Hooks that record into the spool, run under each shell. */
import { writeSpoolLine } from "../../../src/agents/claude/hooks/lines/spool_line.ts";
import { type LineRun, runHookLine } from "../../kit/hook_lines.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Any program that is there: the line looks whether it is, and starts none. */
export const LINE = writeSpoolLine({ moment: "start", program: "/bin/sh", options: "" });

/** One of a hook that nobody waits for. */
export const ASYNC = writeSpoolLine({
  moment: "end",
  program: "/bin/sh",
  options: "",
  isAsync: true,
});

/** Shells as Debian (dash), macOS (bash in its POSIX mode), Alpine (busybox) and others have them for `sh`. */
export const SHELLS: readonly [tool: string, ...args: string[]][] = [
  ["sh"],
  ["dash"],
  ["bash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
  ["zsh", "--emulate", "sh"],
];

export const PAYLOAD = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t1"}\n';

/** How the line is run, besides the shell. */
export interface SpoolRun extends Omit<LineRun, "shell" | "stdin"> {
  readonly home: string;
  readonly line?: string;
  readonly payload?: string;
}

/** A home with an empty spool. */
export function spoolFolder(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/.claude/performance.d/spool`, { recursive: true });
  Deno.chmodSync(folder.path, 0o755);
  return folder;
}

export function recordsIn(home: string): { name: string; mode: number; text: string }[] {
  const folder = `${home}/.claude/performance.d/spool`;
  return [...Deno.readDirSync(folder)].map(({ name }) => {
    const path = `${folder}/${name}`;
    const mode = (Deno.statSync(path).mode ?? 0) & 0o777;
    return { name, mode, text: Deno.readTextFileSync(path) };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Runs the line as the client does: status 0, nothing printed, and all of the input taken. */
export async function expectSilence(
  shell: readonly string[],
  { home, line = LINE, payload = PAYLOAD, env = {}, ...run }: SpoolRun,
): Promise<void> {
  const given = { HOME: home, CLAUDE_CODE_SESSION_ID: "s", ...env };
  assertEquals(await runHookLine(line, { shell, stdin: payload, env: given, ...run }), "", line);
}
