/**
 * The lines of hooks as 0.2.0 wrote them before its release, to the letter, each with a watcher beside
 * what it runs: they stand in the settings of those who built it, and install and remove know them by this
 * text. Nothing here ever changes.
 */
import { PS_COLUMNS } from "../../../../row/spool_record.ts";
import type { BinaryLine } from "./binary_line.ts";
import { quote } from "../../../../text/shell_words.ts";
import { DEFAULT_LOG, FIND_FOLDER, type SpoolLine, spoolLineOf } from "./spool_line.ts";

const FOLDERS = "$HOME/.local/bin:/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin";

function headOf({ isAsync, file }: { isAsync: boolean; file: string | undefined }): string {
  const trap = isAsync ? "trap '' TERM; " : "";
  const move = file === undefined || file.startsWith("/") ? '[ -d "$PWD" ] || cd /; ' : "";
  return `${trap}unset NODE_CHANNEL_FD; ${move}PATH=\${PATH:+$PATH:}${FOLDERS}; `;
}

const SWALLOW = "o head -n 1 || read -r x";

function watchFunction(patience: string, cleanUp = ""): string {
  return 'o() { "$@" <&3 3<&- & h=$!; ' +
    `{ trap 'kill -9 $!; exit' USR1; ${patience}; kill -9 $h; } >/dev/null 2>&1 </dev/null 3<&- & ` +
    `w=$!; wait $h; e=$?; kill -USR1 $w; [ $e = 137 ] && { ${cleanUp}exit 0; }; return $e; }; `;
}

/** The line that started perfmon. */
export function writeWatchedBinaryLine(
  { words, program, file, isAsync, canAnswer }: BinaryLine,
): string {
  const path = program === undefined ? "" : quote(program);
  const first = program === undefined ? "" : `[ -x ${path} ] && o ${path} rec ${words} || `;
  const second = `o perfmon rec ${words} || `;
  return headOf({ isAsync, file }) + watchFunction("sleep 20 & wait $! || exit") +
    (canAnswer
      ? `{ ${first}${second}{ ${SWALLOW}; } >/dev/null; } 3<&0 2>/dev/null; exit 0`
      : `{ ${first}${second}${SWALLOW}; } 3<&0 >/dev/null 2>&1; exit 0`);
}

/** The line that recorded into the spool. */
export function writeWatchedSpoolLine(
  { moment, program, options, file, isAsync = false }: SpoolLine,
): string {
  const isThere = program === undefined ? "" : `[ -x ${quote(program)} ] || `;
  const flags = [isAsync ? "--async" : "", options].filter((each) => each !== "").join(" ");
  const whileItComes = "n=x t=.5; while sleep $t & wait $! || exit; read -r x m </proc/$h/io; " +
    '[ "$m" != "$n" ]; do n=$m t=1; [ "${m:-0}" -gt 65536 ] && t=5; done';
  return headOf({ isAsync, file }) +
    `umask 077; set -C; f=${file === undefined ? DEFAULT_LOG : quote(file)}; ${FIND_FOLDER}` +
    `p=\${CLAUDE_PID:-$PPID}; d=\${CLAUDE_CODE_SESSION_ID##*/}; ${
      watchFunction(whileItComes, 'rm -f "$r"; ')
    }` +
    `s() { { echo "perfmon 1 $$;${flags};$AI_AGENT"; ` +
    '[ -r "/proc/$p/stat" ] && exec head -qn 1 /proc/uptime "/proc/$p/stat" "/proc/$p/statm" ' +
    '"/proc/$p"/task/*/children -; ' +
    `LC_ALL=C ps -o ${PS_COLUMNS} -p "$p"; exec head -n 1; } >"$r" || exit 9; }; ` +
    "{ [ ! -e /proc/uptime ] || [ /proc/$$ -ef /proc/self ] || p=0; " +
    `{ ${isThere}command -v perfmon >/dev/null; } && for i in 1 2 3 4 5 6 7 8 9; do ` +
    `r=$f.d/spool/\${d:-$PPID}.$$.$i.${moment}; ` +
    "o s; case $? in 0) exit 0;; 9) ;; *) break;; esac; done; r=; " +
    `{ ${SWALLOW}; } >/dev/null; } 3<&0 2>/dev/null; exit 0`;
}

/** Reads what such a line for the spool says; what it gives may be written otherwise. */
export function parseWatchedSpoolLine(line: string): SpoolLine | undefined {
  return spoolLineOf(PARTS.exec(line));
}

const PARTS = new RegExp(
  [
    String
      .raw`^(trap '' TERM; )?unset NODE_CHANNEL_FD; .*?; umask 077; set -C; f=(.+); case \$f in .*; `,
    String.raw`s\(\) \{ \{ echo "perfmon 1 \$\$;(.*?);\$AI_AGENT"; .*`,
    String
      .raw`\{ .*?\{ (?:\[ -x (.+) \] \|\| )?command -v perfmon >/dev/null; \} && for i in .*\.(start|end); o s;`,
  ].join(""),
  "s",
);
