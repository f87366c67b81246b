import { headOf, RUN_FUNCTION, SWALLOW } from "./line_parts.ts";
import { quote } from "../../../../text/shell_words.ts";

/** What a line that starts perfmon says. */
export interface BinaryLine {
  /** The words after `rec`: the moment and its flags, as typed. */
  readonly words: string;
  /** The perfmon to try before one on PATH. */
  readonly program: string | undefined;
  /** The log that `words` name, if they do. */
  readonly file: string | undefined;
  /** Whether nobody waits for the hook. */
  readonly isAsync: boolean;
  /** Whether it may answer the client on stdout. */
  readonly canAnswer: boolean;
}

/**
 * The command line that starts `perfmon rec`. As a child instead of by `exec`: a program of another
 * architecture, or a damaged one, passes `-x`, and after a failed `exec` the shell is gone with its status.
 * bash then ends with 2 where the file reads as a broken script, and 2 blocks the person's tool.
 */
export function writeBinaryLine({ words, program, file, isAsync, canAnswer }: BinaryLine): string {
  const path = program === undefined ? "" : quote(program);
  const first = program === undefined ? "" : `[ -x ${path} ] && o ${path} rec ${words} || `;
  const second = `o perfmon rec ${words} || `;
  return headOf({ isAsync, file }) + RUN_FUNCTION +
    (canAnswer
      ? `{ ${first}${second}{ ${SWALLOW}; } >/dev/null; } 3<&0 2>/dev/null; exit 0`
      : `{ ${first}${second}${SWALLOW}; } 3<&0 >/dev/null 2>&1; exit 0`);
}
