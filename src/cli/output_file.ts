import type { LogLocation } from "../log/location.ts";
import { type Arguments, CommandError, EXIT, type Flag } from "./command.ts";
import { followLinks } from "../files/paths.ts";

/** The flag of commands that can write to a file. */
export const OUTPUT_FLAG: Flag = {
  name: "output",
  short: "o",
  value: "FILE",
  help: "Write FILE, replaced in one step",
};

/** The permissions of files that servers read, which run as users of their own. */
export const PUBLIC_MODE = 0o644;

/**
 * The path of the file to write, `undefined` for stdout. Throws a `CommandError` (64) where it is
 * the log itself.
 */
export function outputPath(args: Arguments, { path }: LogLocation): string | undefined {
  const output = args.text("output");
  if (output === undefined || followLinks(output) !== followLinks(path)) return output;
  throw new CommandError(
    `Cannot use "${output}" for --output: it is the log itself; name another file`,
    EXIT.usage,
  );
}
