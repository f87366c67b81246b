import { io } from "./io.ts";

/** What a path leads to, `undefined` where nothing is there or not any more. */
export function statIfThere(path: string): Deno.FileInfo | undefined {
  return ifThere(() => Deno.statSync(path));
}

/** What lies at a path, a symbolic link itself; `undefined` where nothing does, or not any more. */
export function lstatIfThere(path: string): Deno.FileInfo | undefined {
  return ifThere(() => Deno.lstatSync(path));
}

/** Removes a file, unless it is gone already; of a symbolic link the link, not what it leads to. */
export function removeIfThere(path: string): void {
  ifThere(() => io.remove(path));
}

/** Whether two looks found the same file. */
export function isSameFile(one: Deno.FileInfo, other: Deno.FileInfo | undefined): boolean {
  return one.dev === other?.dev && one.ino === other.ino;
}

function ifThere<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
