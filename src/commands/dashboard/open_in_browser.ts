import { CommandError, EXIT } from "../../cli/command.ts";
import { followLinks } from "../../files/paths.ts";
import { systemProgram } from "../../files/programs.ts";

/** Shows a file in the person's browser and does not wait; throws a `CommandError` (1) where nothing can. */
export function openInBrowser(file: string): void {
  const program = Deno.build.os === "darwin" ? "open" : "xdg-open";
  try {
    const { path, env } = systemProgram(program);
    new Deno.Command(path, {
      args: [followLinks(file)],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn().unref();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CommandError(
      `Cannot open "${file}": there is no ${program} here; open the file in a browser`,
      EXIT.no,
    );
  }
}
