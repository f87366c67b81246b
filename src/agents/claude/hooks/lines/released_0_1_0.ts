/**
 * The lines of hooks as 0.1.0 wrote them, to the letter: they stand in people's settings, and install
 * and remove know them by this text. Nothing here ever changes.
 */
import { PS_COLUMNS } from "../../../../row/spool_record.ts";
import type { BinaryLine } from "./binary_line.ts";
import { quote, unquote } from "../../../../text/shell_words.ts";
import { DEFAULT_LOG, FIND_FOLDER, type SpoolLine } from "./spool_line.ts";

/** The line that started perfmon. */
export function writeBinaryLine010({ words, program, canAnswer }: BinaryLine): string {
  const path = program === undefined ? "" : quote(program);
  const first = program === undefined ? "" : `[ -x ${path} ] && ${path} rec ${words} || `;
  const swallow = "cat || while read -r x; do :; done";
  return canAnswer
    ? `{ ${first}perfmon rec ${words} || { ${swallow}; } >/dev/null; } 2>/dev/null; exit 0`
    : `{ ${first}perfmon rec ${words} || ${swallow}; } >/dev/null 2>&1; exit 0`;
}

/** The line that recorded into the spool. */
export function writeSpoolLine010({ moment, program, options, file }: SpoolLine): string {
  const isThere = program === undefined ? "" : `[ -x ${quote(program)} ] || `;
  return `umask 077; set -C; f=${file === undefined ? DEFAULT_LOG : quote(file)}; ${FIND_FOLDER}` +
    "p=${CLAUDE_PID:-$PPID}; " +
    `{ ${isThere}command -v perfmon >/dev/null && ` +
    "for i in 1 2 3 4 5 6 7 8 9; do { " +
    `echo "perfmon 1 $$;${options};$AI_AGENT"; ` +
    '[ -r "/proc/$p/stat" ] && { ' +
    'cat /proc/uptime "/proc/$p/stat" "/proc/$p/statm" "/proc/$p"/task/*/children - && exit 0; break; }; ' +
    `LC_ALL=C ps -o ${PS_COLUMNS} -p "$p"; cat && exit 0; break; ` +
    `} >"$f.d/spool/\${CLAUDE_CODE_SESSION_ID:-$PPID}.$$.$i.${moment}"; done; ` +
    "cat >/dev/null || while read -r x; do :; done; } 2>/dev/null; exit 0";
}

/** Reads what such a line for the spool says; what it gives may be written otherwise. */
export function parseSpoolLine010(line: string): SpoolLine | undefined {
  const match = PARTS.exec(line);
  if (match === null) return undefined;
  const [, log = "", program, options = "", moment] = match;
  return {
    moment: moment as SpoolLine["moment"],
    program: program === undefined ? undefined : unquote(program),
    options,
    file: log === DEFAULT_LOG ? undefined : unquote(log),
  };
}

const PARTS = new RegExp(
  [
    String.raw`^umask 077; set -C; f=(.+); case \$f in .*; p=\$\{CLAUDE_PID:-\$PPID\}; `,
    String.raw`\{ (?:\[ -x (.+) \] \|\| )?command -v perfmon >/dev/null && for i in .* do \{ `,
    String.raw`echo "perfmon 1 \$\$;(.*?);\$AI_AGENT"; .*\.(start|end)"; done; `,
  ].join(""),
  "s",
);
