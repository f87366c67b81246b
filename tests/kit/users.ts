/** Other users of this machine, as whom only root can act. */
import { expectExit, perfmon, type RunResult } from "./perfmon.ts";
import { must, succeeds } from "./mounts.ts";
import type { Tool } from "./tools.ts";

/** Users without an account: whoever owns the log, and whoever wants to harm her. */
export const ADA = 61_001;
export const EVE = 61_002;

/** The right to act as another user. */
export const otherUsers: Tool = {
  name: "setpriv as root",
  found: () => Deno.uid() === 0 && succeeds("setpriv", ["--version"]),
};

/** Makes a folder that belongs to a user. */
export function folderOf(user: number, path: string, mode = 0o755): string {
  Deno.mkdirSync(path);
  Deno.chmodSync(path, mode);
  own(user, path);
  return path;
}

/** Makes a file that belongs to a user. */
export function fileOf(user: number, path: string, text: string, mode = 0o600): string {
  Deno.writeTextFileSync(path, text);
  Deno.chmodSync(path, mode);
  own(user, path);
  return path;
}

/** Makes a symbolic link that belongs to a user. */
export function linkOf(user: number, path: string, target: string): string {
  Deno.symlinkSync(target, path);
  own(user, path);
  return path;
}

/** Gives what lies at a path, also a link, to a user. */
export function own(user: number, ...paths: string[]): void {
  must("chown", ["-h", `${user}:${user}`, ...paths]);
}

/** Gives a folder and all that is in it to a user. */
export function ownAll(user: number, folder: string): void {
  must("chown", ["-hR", `${user}:${user}`, folder]);
}

/** Runs the compiled binary as a user with that HOME, in it; expects an exit status if one is given. */
export async function perfmonAs(
  user: number,
  home: string,
  args: string[],
  { code, stdin }: { code?: number; stdin?: string } = {},
): Promise<RunResult> {
  const ids = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  const result = await perfmon(args, {
    through: ["setpriv", ...ids],
    env: { HOME: home },
    cwd: home,
    ...(stdin === undefined ? {} : { stdin }),
  });
  return code === undefined ? result : expectExit(result, code);
}
