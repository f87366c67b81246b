import { PS_COLUMNS, RECORD_MARK } from "../../../row/spool_record.ts";
import { quote, unquote } from "./shell_words.ts";

/** The meaning of a command line that records into the spool. */
export interface SpoolLine {
  readonly moment: "start" | "end";
  /** The flags of `perfmon rec` for the drain, as typed; words that need no quotes. */
  readonly options: string;
  /** The perfmon that is to drain it, before one on PATH. */
  readonly program?: string | undefined;
  /** The log whose spool it is; `undefined` for the one that the environment tells. */
  readonly file?: string | undefined;
}

/** The shell's words for the log that `logPath` finds without a flag. */
const DEFAULT_LOG = "${PERFMON_FILE:-${CLAUDE_CONFIG_DIR:-$HOME/.claude}/performance.csv}";

/** The shell's commands that find the log's folder as `locationOf` does. */
const FIND_FOLDER = "case $f in *.csv) f=${f%.csv};; *) f=$f.perfmon;; esac";

/**
 * The command line that stores a hook event as a file in the spool, by the shell and `cat` alone. It
 * ends with status 0 and prints nothing, whatever happens, and takes all of its standard input:
 *
 * - A redirection that fails ends a shell where it stands at `exec` or another special builtin; at a
 *   group (`{ …; } >file`) it only makes the group fail.
 * - `set -C` opens a file only where none is (O_EXCL), so that no two hooks ever write one file: not
 *   those of two containers that share a home, nor of a pid that came round again. Then the next of nine
 *   names is tried.
 * - `cat` may fail half-way, where the disk is full: what is left of the input is swallowed.
 * - Where perfmon is gone, nobody would drain: then nothing is stored.
 * - Flags and the client's version stand in the record: there is no one else to tell the drain.
 */
export function writeSpoolLine({ moment, program, options, file }: SpoolLine): string {
  const isThere = program === undefined ? "" : `[ -x ${quote(program)} ] || `;
  return `umask 077; set -C; f=${
    file === undefined ? DEFAULT_LOG : quote(file)
  }; ${FIND_FOLDER}; ` +
    "p=${CLAUDE_PID:-$PPID}; " +
    `{ ${isThere}command -v perfmon >/dev/null && ` +
    "for i in 1 2 3 4 5 6 7 8 9; do { " +
    `echo "${RECORD_MARK} $$;${options};$AI_AGENT"; ` +
    '[ -r "/proc/$p/stat" ] && { ' +
    'cat /proc/uptime "/proc/$p/stat" "/proc/$p/statm" "/proc/$p"/task/*/children - && exit 0; break; }; ' +
    `LC_ALL=C ps -o ${PS_COLUMNS} -p "$p"; cat && exit 0; break; ` +
    `} >"$f.d/spool/\${CLAUDE_CODE_SESSION_ID:-$PPID}.$$.$i.${moment}"; done; ` +
    "cat >/dev/null || while read -r x; do :; done; } 2>/dev/null; exit 0";
}

/** Reads what a command line says if this or an older perfmon can have written it, else `undefined`. */
export function readSpoolLine(line: string): SpoolLine | undefined {
  const match = PARTS.exec(line);
  if (match === null) return undefined;
  const [, log = "", program, options = "", moment] = match;
  const spoolLine = {
    moment: moment as SpoolLine["moment"],
    program: program === undefined ? undefined : unquote(program),
    options,
    file: log === DEFAULT_LOG ? undefined : unquote(log),
  };
  return writeSpoolLine(spoolLine) === line ? spoolLine : undefined;
}

const PARTS = new RegExp(
  [
    String.raw`^umask 077; set -C; f=(.+); case \$f in .*; p=\$\{CLAUDE_PID:-\$PPID\}; `,
    String.raw`\{ (?:\[ -x (.+) \] \|\| )?command -v perfmon >/dev/null && for i in .* do \{ `,
    String.raw`echo "perfmon 1 \$\$;(.*?);\$AI_AGENT"; .*\.(start|end)"; done; `,
  ].join(""),
  "s",
);
