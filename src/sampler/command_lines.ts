import { systemProgram } from "../files/programs.ts";
import { descendants } from "./tree.ts";

/**
 * The command lines of what lives below a process, each with its words one after the other; none where
 * nothing can be told of it. On Linux by /proc, elsewhere by one call of `ps`, which tells of the process's
 * children alone.
 */
export function commandLinesBelow(pid: number, skip: (pid: number) => boolean): string[] {
  try {
    return Deno.build.os === "linux" ? byProc(pid, skip) : byPs(pid, skip);
  } catch {
    return [];
  }
}

function byProc(pid: number, skip: (pid: number) => boolean): string[] {
  return descendants(pid, skip).flatMap((each) => {
    try {
      return [Deno.readTextFileSync(`/proc/${each}/cmdline`).replaceAll("\0", " ")];
    } catch {
      return []; // ended meanwhile
    }
  });
}

function byPs(pid: number, skip: (pid: number) => boolean): string[] {
  const { path, env } = systemProgram("ps");
  const { stdout } = new Deno.Command(path, {
    args: ["-A", "-ww", "-o", "pid=,ppid=,command="],
    env,
    stdin: "null",
    stderr: "null",
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [, child, parent, command] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return Number(parent) === pid && !skip(Number(child)) ? [command ?? ""] : [];
  });
}
