import { PS_COLUMNS, RECORD_MARK } from "../../../../row/spool_record.ts";
import { headOf, SWALLOW, watchFunction } from "./line_parts.ts";
import { quote, unquote } from "../../../../text/shell_words.ts";

/** The meaning of a command line that records into the spool. */
export interface SpoolLine {
  readonly moment: "start" | "end";
  /** The flags of `perfmon rec` for the drain, as typed; words that need no quotes. */
  readonly options: string;
  /** The perfmon that is to drain it, before one on PATH. */
  readonly program?: string | undefined;
  /** The log whose spool it is; `undefined` for the one that the environment tells. */
  readonly file?: string | undefined;
  /** Whether nobody waits for the hook. */
  readonly isAsync?: boolean;
}

/** The shell's words for the log that `logPath` finds without a flag. */
export const DEFAULT_LOG = "${PERFMON_FILE:-${CLAUDE_CONFIG_DIR:-$HOME/.claude}/performance.csv}";

/** The shell's commands that find the log's folder as `locationOf` does. */
export const FIND_FOLDER = "case $f in *.csv) f=${f%.csv};; *) f=$f.perfmon;; esac; ";

/**
 * Waits while the line comes in: half a second, and then as long as each further second brings some of it,
 * or five once a pipe is full of it: who began so long a line goes on, however busy the machine is.
 * The bytes that were read stand in the first line of /proc/PID/io; where there is none, a second and a half
 * must do.
 */
const WHILE_IT_COMES = "n=x t=.5; while sleep $t & wait $! || exit; read -r x m </proc/$h/io; " +
  '[ "$m" != "$n" ]; do n=$m t=1; [ "${m:-0}" -gt 65536 ] && t=5; done';

/** Takes away a record that is not whole; where the log's mount hangs, `rm` would, too. */
const REMOVE = 'rm -f "$r" & sleep .2; kill -9 $!';

/** What is read of the client and of the hook's own shell. */
const FILES =
  '/proc/uptime "/proc/$p/stat" "/proc/$p/statm" /proc/$$/schedstat "/proc/$p"/task/*/children';

/** In a pid namespace whose /proc is of another one, what stands there is of another process: then of none. */
const OWN_PROC = "[ ! -e /proc/uptime ] || [ /proc/$$ -ef /proc/self ] || p=0; ";

/**
 * The command line that stores a hook event as a file in the spool, by the shell and `head` alone. It
 * ends with status 0 and prints nothing, whatever happens, and takes the first line of its standard input:
 *
 * - A redirection that fails ends a shell where it stands at `exec` or another special builtin; at a
 *   group (`{ …; } >file`) it only makes the group fail.
 * - `set -C` opens a file only where none is (O_EXCL), so that no two hooks ever write one file: not
 *   those of two containers that share a home, nor of a pid that came round again. Then the next of nine
 *   names is tried.
 * - `head` may fail half-way, where the disk is full: what is left of the input is swallowed.
 * - The client has sent its line before it looks elsewhere, but some leave their end open after it, or
 *   send nothing at all: a record that is not whole a second later is given up, and goes.
 * - Where perfmon is gone, nobody would drain: then nothing is stored.
 * - Flags, the client's version and the project stand in the record: there is no one else to tell the drain.
 */
export function writeSpoolLine(line: SpoolLine): string {
  return writeForm({ run: watchFunction(WHILE_IT_COMES, REMOVE), files: FILES }, line);
}

/** The same with another shell function `o`, and other files of the kernel's. */
export function writeForm(
  { run, files }: { readonly run: string; readonly files: string },
  { moment, program, options, file, isAsync = false }: SpoolLine,
): string {
  const isThere = program === undefined ? "" : `[ -x ${quote(program)} ] || `;
  const flags = [isAsync ? "--async" : "", options].filter((each) => each !== "").join(" ");
  return headOf({ isAsync, file }) +
    `umask 077; set -C; f=${file === undefined ? DEFAULT_LOG : quote(file)}; ${FIND_FOLDER}` +
    "p=${CLAUDE_PID:-$PPID}; d=${CLAUDE_CODE_SESSION_ID##*/}; g=${CLAUDE_PROJECT_DIR%%[[:cntrl:]]*}; g=${g%/}; " +
    run +
    `s() { { printf '%s\\n' "${RECORD_MARK} $$;${flags};` +
    '${COPILOT_CLI:+copilot};${AI_AGENT%%[;[:cntrl:]]*};${g##*/}"; ' +
    `[ -r "/proc/$p/stat" ] && exec head -qn 1 ${files} -; ` +
    `LC_ALL=C ps -o ${PS_COLUMNS} -p "$p"; exec head -n 1; } >"$r" || exit ${TAKEN}; }; ` +
    `{ ${OWN_PROC}{ ${isThere}command -v perfmon >/dev/null; } && for i in 1 2 3 4 5 6 7 8 9; do ` +
    `r=$f.d/spool/\${d:-$PPID}.$$.$i.${moment}; ` +
    `o s; case $? in 0) exit 0;; ${TAKEN}) ;; *) break;; esac; done; r=; ` +
    `{ ${SWALLOW}; } >/dev/null; } 3<&0 2>/dev/null; exit 0`;
}

/** The status by which a shell says that it could not make a record's file. */
const TAKEN = 9;

/** Reads what a line of this form says; what it gives may be written otherwise. */
export function parseSpoolLine(line: string): SpoolLine | undefined {
  return spoolLineOf(PARTS.exec(line));
}

/** What a line says by its trap, log, flags, program and moment, in this order; `undefined` where it is of another form. */
export function spoolLineOf(match: RegExpExecArray | null): SpoolLine | undefined {
  if (match === null) return undefined;
  const [, trap, log = "", flags = "", program, moment] = match;
  const isAsync = trap !== undefined;
  return {
    moment: moment as SpoolLine["moment"],
    program: program === undefined ? undefined : unquote(program),
    options: isAsync ? flags.replace(/^--async ?/, "") : flags,
    file: log === DEFAULT_LOG ? undefined : unquote(log),
    isAsync,
  };
}

const PARTS = new RegExp(
  [
    String
      .raw`^(trap '' TERM; )?unset NODE_CHANNEL_FD; .*?; umask 077; set -C; f=(.+); case \$f in .*; `,
    String.raw`s\(\) \{ \{ printf '%s\\n' "perfmon 2 \$\$;(.*?);\$\{COPILOT_CLI.*`,
    String
      .raw`\{ .*?\{ (?:\[ -x (.+) \] \|\| )?command -v perfmon >/dev/null; \} && for i in .*\.(start|end); o s;`,
  ].join(""),
  "s",
);
