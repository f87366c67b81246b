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
  /** Whether standard input stays open until the line has ended; `stdin` may be empty then. */
  readonly staysOpen?: boolean;
  /** The folder that it is run in. */
  readonly cwd?: string;
}

/**
 * Runs a hook's line as Claude Code does, and returns what it prints. It must end with status 0, say
 * nothing on stderr, and take all of its input.
 */
export async function runHookLine(line: string, run: LineRun): Promise<string> {
  const { shell: [shell = "sh", ...flags] = [], stdin, env = {}, before = [], cwd } = run;
  const command = [...before, findProgram(shell) ?? shell, ...flags, "-c", line];
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Fails where the hook leaves before it has read all.
  const [output] = await Promise.all([
    child.output(),
    run.staysOpen === true
      ? feed(child.stdin, stdin, child.status)
      : new Blob([stdin]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  assertEquals([output.code, decoder.decode(output.stderr)], [0, ""], command.join(" "));
  return decoder.decode(output.stdout);
}

/** Writes a hook's input, and holds it open until the hook has ended. */
async function feed(
  stream: WritableStream<Uint8Array>,
  input: LineRun["stdin"],
  end: Promise<unknown>,
): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
  await end;
  await writer.close();
}
