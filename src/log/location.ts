import type { Environment } from "../files/environment.ts";

/** Where a log and all that belongs to it live; absolute paths, the log's own symlinks resolved. */
export interface LogLocation {
  /** The log itself, e.g. `/home/ada/.claude/performance.csv`. */
  readonly path: string;
  /** The folder for all else: `lock`, `errors.log`, `history/`. */
  readonly folder: string;
  /**
   * The same of the links that led to the log, the one that was named first: a hook of the spool resolves
   * no links and leaves its records there. Absent where there were none.
   */
  readonly linkFolders?: readonly string[];
}

/**
 * The path a person means: `--file`, else `$PERFMON_FILE`, else `performance.csv` in
 * `$CLAUDE_CONFIG_DIR` or `~/.claude`; `undefined` where nothing tells (no `HOME`). Symlinks are not
 * resolved yet.
 */
export function logPath(file: string | undefined, environment: Environment): string | undefined {
  const explicit = file || environment("PERFMON_FILE");
  if (explicit) return explicit;
  const folder = environment("CLAUDE_CONFIG_DIR");
  if (folder) return `${folder}/performance.csv`;
  const home = environment("HOME");
  return home ? `${home}/.claude/performance.csv` : undefined;
}

/**
 * `performance.csv` → `performance.d`; a name without `.csv` keeps all of it, so that no two logs share
 * a folder.
 */
export function locationOf(path: string): LogLocation {
  return { path, folder: path.endsWith(".csv") ? path.slice(0, -4) + ".d" : path + ".perfmon.d" };
}

/** The file in which a log's counters are kept, once an export has begun them. */
export function statePath({ folder }: LogLocation): string {
  return `${folder}/state.json`;
}
