import { variable } from "./environment.ts";

/** Where the system has its own programs, for who has no PATH. */
const SYSTEM_FOLDERS = ["/usr/bin", "/bin"];

/**
 * The folders of a PATH in its order. Relative ones don't count, nor an empty one, which is the working folder:
 * what lies there came with whatever repository that is.
 */
function foldersOf(path: string): string[] {
  return path.split(":").filter((folder) => folder.startsWith("/"));
}

/** The programs called `name` in the folders of a PATH, in its order; relative folders don't count. */
export function programsOnPath(name: string, path: string): string[] {
  return foldersOf(path).map((folder) => `${folder.replace(/\/+$/, "")}/${name}`)
    .filter(isExecutable);
}

/** Whether a path is that of a file that may be run. */
export function isExecutable(path: string): boolean {
  try {
    const info = Deno.statSync(path);
    return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** A program of the system that perfmon itself runs, and the PATH for what that one runs. */
export interface SystemProgram {
  readonly path: string;
  readonly env: { readonly PATH: string };
}

/** Finds it on $PATH; without one where systems have their programs. Throws `NotFound` where there is none. */
export function systemProgram(name: string): SystemProgram {
  const folders = foldersOf(variable("PATH") ?? "");
  const PATH = (folders.length === 0 ? SYSTEM_FOLDERS : folders).join(":");
  const [path] = programsOnPath(name, PATH);
  if (path === undefined) throw new Deno.errors.NotFound(`There is no ${name} on PATH`);
  return { path, env: { PATH } };
}
