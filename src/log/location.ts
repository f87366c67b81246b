/** Where a log and all that belongs to it live; absolute paths, the log's own symlinks resolved. */
export interface LogLocation {
  /** The log itself, e.g. `/home/ada/.claude/performance.csv`. */
  readonly path: string;
  /** The folder for all else: `lock`, `errors.log`, `history/`. */
  readonly folder: string;
}

/** Environment variables that say where the log is. */
export type Environment = (name: string) => string | undefined;

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
 * The log behind a path: symlinks resolved (also dangling ones), so that all writers share one lock,
 * and checked to be a regular file or nothing yet, because opening a FIFO can't be timed out. Throws
 * an `Error` that names what it is otherwise.
 */
export function resolveLog(path: string): LogLocation {
  let target = path;
  for (let links = 0; links < 40; links++) {
    const info = lstat(target);
    if (info?.isSymlink !== true) {
      if (info !== undefined && !info.isFile) {
        throw new Error(`Cannot use "${path}" as the log: it is ${kind(info)}, no regular file`);
      }
      return { path: target, folder: folderOf(target) };
    }
    const link = Deno.readLinkSync(target);
    target = link.startsWith("/") ? link : `${parentOf(target)}/${link}`;
  }
  throw new Error(`Cannot use "${path}" as the log: too many symlinks`);
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function kind(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  return info.isFifo ? "a FIFO" : "a device or a socket";
}

/** The folder that holds a path. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

/** `performance.csv` → `performance.d`; a name without `.csv` keeps all of it, so that no two logs share a folder. */
function folderOf(path: string): string {
  return path.endsWith(".csv") ? path.slice(0, -4) + ".d" : path + ".perfmon.d";
}
