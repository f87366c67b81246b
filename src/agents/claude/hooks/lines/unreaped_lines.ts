/**
 * The lines for the spool as 0.2.0 wrote them before its release, when the watcher beside a hook that is waited
 * for was a zombie after it, and no other hook had one. Nothing here ever changes.
 */
import { RUN_FUNCTION } from "./line_parts.ts";
import { type SpoolLine, writeForm } from "./spool_line.ts";

const WATCH = "o() { \"$@\" <&3 3<&- & h=$!; { trap 'kill -9 $!; exit' USR1; " +
  "n=x t=.5; while sleep $t & wait $! || exit; read -r x m </proc/$h/io; " +
  '[ "$m" != "$n" ]; do n=$m t=1; [ "${m:-0}" -gt 65536 ] && t=5; done; ' +
  "kill -9 $h; } >/dev/null 2>&1 </dev/null 3<&- & w=$!; wait $h; e=$?; kill -USR1 $w; " +
  '[ $e = 137 ] && { rm -f "$r" & sleep .2; kill -9 $!; exit 0; }; return $e; }; ';

const FILES = '/proc/uptime "/proc/$p/stat" "/proc/$p/statm" "/proc/$p"/task/*/children';

/** The line that recorded into the spool. */
export function writeUnreapedSpoolLine(line: SpoolLine): string {
  return writeForm({ run: line.isAsync === true ? RUN_FUNCTION : WATCH, files: FILES }, line);
}
