import type { Arguments } from "../cli/command.ts";
import type { Flags } from "../text/command_line.ts";
import { SELECTION_FLAGS } from "./selection_flags.ts";

/** The flags that were given to say which calls are meant, for a command line about the same ones. */
export function askedFlags(args: Arguments): Flags {
  return Object.fromEntries(
    SELECTION_FLAGS.map(({ name }) => [name, args.text(name) ?? (args.has(name) || undefined)]),
  );
}
