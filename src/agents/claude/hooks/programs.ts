import { type ClientVersion, parseClientVersion } from "./events.ts";

/** The programs called `name` in the folders of a PATH, in its order; relative folders don't count. */
export function programsOnPath(name: string, path: string): string[] {
  return path.split(":").filter((folder) => folder.startsWith("/"))
    .map((folder) => `${folder.replace(/\/+$/, "")}/${name}`)
    .filter(isExecutable);
}

/**
 * The path by which perfmon is found on PATH: the link, never what it resolves to, because package
 * managers move that. Where none leads to the running program, its own path.
 */
export function programPath(running: string, path: string): string {
  const real = Deno.realPathSync(running);
  return programsOnPath("perfmon", path).find((each) => Deno.realPathSync(each) === real) ??
    running;
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

/** The version of the `claude` on PATH; `undefined` where there is none, or it does not tell within 5 s. */
export async function clientVersion(path: string): Promise<ClientVersion | undefined> {
  const [claude] = programsOnPath("claude", path);
  if (claude === undefined) return undefined;
  try {
    const { stdout } = await new Deno.Command(claude, {
      args: ["--version"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(5000),
    }).output();
    return parseClientVersion(new TextDecoder().decode(stdout));
  } catch {
    return undefined;
  }
}
