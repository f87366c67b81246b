import type { ProcessName } from "../row/sample.ts";

/** Tells whether a process still lives, by its pid and its start, seconds since the epoch, where that is known. */
export type IsAlive = (pid: number, processStart: number | undefined) => boolean;

/** Tells the same of processes as rows name them, asking once for each; where none is named it does. */
export function aliveness(
  isAlive: IsAlive | undefined,
): (process: ProcessName | undefined) => boolean {
  const known = new Map<string, boolean>();
  return (process) => {
    const { pid, processStart } = process ?? {};
    if (pid === undefined || isAlive === undefined) return true;
    const key = `${pid} ${processStart ?? ""}`;
    const lives = known.get(key) ?? isAlive(pid, processStart);
    known.set(key, lives);
    return lives;
  };
}
