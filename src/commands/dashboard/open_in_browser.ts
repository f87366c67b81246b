import { CommandError, EXIT } from "../../cli/command.ts";
import { followLinks } from "../../files/paths.ts";
import { systemProgram } from "../../files/programs.ts";

/** An opener that finds no browser says so at once; one that is a browser goes on. */
const OPENER_MS = 1000;

/**
 * Shows a file in the person's browser, and waits no longer than for an opener that finds none; throws a
 * `CommandError` (1) where nothing can.
 */
export async function openInBrowser(file: string): Promise<void> {
  const program = Deno.build.os === "darwin" ? "open" : "xdg-open";
  const failure = (why: string): CommandError =>
    new CommandError(`Cannot open "${file}": ${why}; open the file in a browser`, EXIT.no);
  const child = start(program, followLinks(file));
  if (child === undefined) throw failure(`there is no ${program} here`);
  child.unref();
  const goesOn = new Promise<void>((resolve) => setTimeout(resolve, OPENER_MS));
  const ended = await Promise.race([child.status, goesOn]);
  if (ended?.success === false) throw failure(`${program} found no browser (exit ${ended.code})`);
}

/** Starts a program of the system on a file; `undefined` where there is none. */
function start(program: string, file: string): Deno.ChildProcess | undefined {
  try {
    const { path, env } = systemProgram(program);
    const command = new Deno.Command(path, {
      args: [file],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return command.spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
