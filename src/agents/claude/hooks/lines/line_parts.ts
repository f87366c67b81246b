/** What the command lines of hooks have in common: all is POSIX shell, and ends with status 0. */

/** The folders in which a program is looked for beside those of PATH, which a hook may not have. */
const FOLDERS = "$HOME/.local/bin:/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin";

/**
 * The beginning of a line.
 *
 * - A client sends SIGTERM to each `async` hook that still runs at its end; ignored here, it is ignored by
 *   all that the line starts.
 * - The runtime of perfmon dies in a folder that was deleted, and where `NODE_CHANNEL_FD` names no channel.
 * - A log that is named by a relative path is in the folder that is gone, too: then nothing is recorded.
 */
export function headOf({ isAsync, file }: { isAsync: boolean; file: string | undefined }): string {
  const trap = isAsync ? "trap '' TERM; " : "";
  const move = file === undefined || file.startsWith("/") ? '[ -d "$PWD" ] || cd /; ' : "";
  return `${trap}unset NODE_CHANNEL_FD; ${move}PATH=\${PATH:+$PATH:}${FOLDERS}; `;
}

/**
 * The shell function `o`, which runs a command on fd 3, the hook's standard input, and returns its status.
 * What takes too long (a log on a mount that hangs, a client that leaves its line open) is killed, and the
 * hook ends: nobody else does it, because an `async` hook has no timeout. The watcher holds no descriptor
 * of the client, and goes with its `sleep` (which ignores SIGTERM as all do) once the command has ended.
 *
 * @param patience Commands of the shell that come back when the process `$h` has taken too long.
 * @param cleanUp Commands that follow on its being killed.
 */
export function watchFunction(patience: string, cleanUp = ""): string {
  return 'o() { "$@" <&3 3<&- & h=$!; ' +
    `{ trap 'kill -9 $!; exit' USR1; ${patience}; kill -9 $h; } >/dev/null 2>&1 </dev/null 3<&- & ` +
    `w=$!; wait $h; e=$?; kill -USR1 $w; [ $e = 137 ] && { ${cleanUp}exit 0; }; return $e; }; `;
}

/** Takes the line that stands on standard input; without `head` a shell reads each byte by itself. */
export const SWALLOW = "o head -n 1 || read -r x";
