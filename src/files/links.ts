import { nextPath } from "./paths.ts";
import { lstatIfThere, statIfThere } from "./if_there.ts";

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/** Where a path leads, and what lies there; `info` is `undefined` where nothing does. */
export interface Target {
  readonly path: string;
  readonly info: Deno.FileInfo | undefined;
}

/**
 * Follows the symbolic links at a path to what is to be written: links of this user, of root, or of
 * whoever owns what they lead to. Throws where one is of somebody else, who may have planted it.
 */
export function followTrusted(path: string): Target {
  let target = path;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const info = lstatIfThere(target);
    if (info?.isSymlink !== true) return { path: target, info };
    if (!isTrusted(info, target)) throw new Error("it is a symbolic link of another user");
    target = nextPath(target);
  }
  throw new Error("too many symlinks");
}

function isTrusted({ uid }: Deno.FileInfo, path: string): boolean {
  return uid === Deno.uid() || uid === 0 || uid === statIfThere(path)?.uid;
}
