import { programsOnPath } from "../../../files/programs.ts";
import { type ClientVersion, parseClientVersion } from "./events.ts";

/**
 * The path by which perfmon is found on PATH: the link, never what it resolves to, because package
 * managers move that. Where none leads to the running program, its own path.
 */
export function programPath(running: string, path: string): string {
  return programsOnPath("perfmon", path).find((each) => leadToSameFile(each, running)) ?? running;
}

/** Whether two paths lead to one file; false where this user may not look into a folder of one. */
export function leadToSameFile(one: string, other: string): boolean {
  try {
    return Deno.realPathSync(one) === Deno.realPathSync(other);
  } catch {
    return false;
  }
}

/** The version of the `claude` on PATH; `undefined` where there is none, or it does not tell within 5 s. */
export async function clientVersion(path: string): Promise<ClientVersion | undefined> {
  const [claude] = programsOnPath("claude", path);
  return claude === undefined ? undefined : parseClientVersion(await versionText(claude));
}

/** What a program prints when asked for its version; empty where it can't be run, or does not tell within 5 s. */
export async function versionText(program: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: ["--version"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(5000),
    }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
