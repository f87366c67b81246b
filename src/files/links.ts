import { nextPath } from "./paths.ts";
import { lstatIfThere, statIfThere } from "./if_there.ts";

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/** Where a path leads, and what lies there; `info` is `undefined` where nothing does. */
export interface Target {
  readonly path: string;
  readonly info: Deno.FileInfo | undefined;
  /** The links that lead there, the path itself first; none where it is no link. */
  readonly links: readonly string[];
}

/**
 * Follows the symbolic links at a path to what is to be written: links of this user, of root, or of
 * whoever owns what they lead to. Throws where one is of somebody else, who may have planted it.
 */
export function followTrusted(path: string): Target {
  let target = path;
  const links: string[] = [];
  while (links.length <= MAX_LINKS) {
    const info = lstatIfThere(target);
    if (info?.isSymlink !== true) return { path: target, info, links };
    if (!isTrusted(info, target)) throw new Error("it is a symbolic link of another user");
    links.push(target);
    target = nextPath(target);
  }
  throw new Error("too many symlinks");
}

function isTrusted({ uid }: Deno.FileInfo, path: string): boolean {
  return uid === Deno.uid() || uid === 0 || uid === statIfThere(path)?.uid;
}
