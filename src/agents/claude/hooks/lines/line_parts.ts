/** What the command lines of hooks have in common: all is POSIX shell, and ends with status 0. */

/** The folders in which a program is looked for beside those of PATH, which a hook may not have. */
const FOLDERS = "$HOME/.local/bin:/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin";

/**
 * The beginning of a line.
 *
 * - A client sends SIGTERM to each `async` hook that still runs at its end; ignored here, it is ignored by
 *   all that the line starts.
 * - The runtime of perfmon dies in a folder that was deleted (which zsh calls `.`), and where `NODE_CHANNEL_FD` names no channel.
 * - A log that is named by a relative path is in the folder that is gone, too: then nothing is recorded.
 */
export function headOf({ isAsync, file }: { isAsync: boolean; file: string | undefined }): string {
  const trap = isAsync ? "trap '' TERM; " : "";
  const move = file === undefined || file.startsWith("/") ? '[ -d "${PWD#.}" ] || cd /; ' : "";
  return `${trap}unset NODE_CHANNEL_FD; ${move}PATH=\${PATH:+$PATH:}${FOLDERS}; `;
}

/** The time after which what has not ended is killed, once SIGTERM came, seconds. */
const PATIENCE = 20;

/**
 * The shell function `o`, which runs a command on fd 3, the hook's standard input, and returns its status. In
 * the normal way nothing is started but the command. What hangs (a log on a mount that hangs) is told by
 * SIGTERM: the client sends it when a hook's timeout is over, and at its end to each `async` hook that still runs. Then the shell ends, and leaves a watcher behind: the
 * command may go on for a while, and is killed after it. Until the client's end perfmon's later hooks kill what hangs.
 */
export const RUN_FUNCTION = "t() { trap '' TERM; { n=0; " +
  `while kill -0 $h && [ $((n+=1)) -le ${PATIENCE} ]; do sleep 1; done; kill -9 $h; } ` +
  ">/dev/null 2>&1 </dev/null 3<&- & exit 0; }; " +
  'o() { "$@" <&3 3<&- & h=$!; trap t TERM; wait $h; e=$?; ' +
  "trap '' TERM; [ $e = 137 ] && exit 0; return $e; }; ";

/**
 * The same function for a command that must end soon, whoever waits for it: what takes too long is killed by a
 * watcher beside it, which costs two more processes. The watcher holds no descriptor of the client, and goes
 * with its `sleep` once the command has ended. Both are waited for: where the client is process 1 of a container,
 * what nobody has waited for would stay as a zombie, two for each hook.
 *
 * @param patience Commands of the shell that come back when the process `$h` has taken too long.
 * @param cleanUp Commands that follow on its being killed.
 */
export function watchFunction(patience: string, cleanUp: string): string {
  return 'o() { "$@" <&3 3<&- & h=$!; ' +
    `{ trap 'kill -9 $!; wait; exit' USR1; ${patience}; kill -9 $h; } >/dev/null 2>&1 </dev/null 3<&- & ` +
    `w=$!; wait $h; e=$?; kill -USR1 $w; wait $w; [ $e = 137 ] && { ${cleanUp}; exit 0; }; return $e; }; `;
}

/** Takes the line that stands on standard input; without `head` a shell reads each byte by itself. */
export const SWALLOW = "o head -n 1 || read -r x";
