/** Runs hooks' command lines for tests. */
import { assertEquals } from "../std/std_assert.ts";
import { findProgram } from "./tools.ts";

/** How a line is run. */
export interface LineRun {
  /** The shell, with what comes before `-c`; `sh`, as Claude Code takes it, unless told. */
  readonly shell?: readonly string[];
  readonly stdin: string | Uint8Array<ArrayBuffer>;
  /** The environment besides PATH, which is `/usr/bin:/bin` unless told. */
  readonly env?: Readonly<Record<string, string>>;
  /** A program and arguments that run the shell. */
  readonly before?: readonly string[];
}

/**
 * Runs a hook's line as Claude Code does, and returns what it prints. It must end with status 0, say
 * nothing on stderr, and take all of its input.
 */
export async function runHookLine(line: string, run: LineRun): Promise<string> {
  const { shell: [shell = "sh", ...flags] = [], stdin, env = {}, before = [] } = run;
  const command = [...before, findProgram(shell) ?? shell, ...flags, "-c", line];
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Fails where the hook leaves before it has read all.
  const [output] = await Promise.all([
    child.output(),
    new Blob([stdin]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  assertEquals([output.code, decoder.decode(output.stderr)], [0, ""], command.join(" "));
  return decoder.decode(output.stdout);
}
