import { lstatIfThere } from "../../../files/if_there.ts";
import { nextPath, parentOf } from "../../../files/paths.ts";
import { isExecutable } from "../../../files/programs.ts";

/** Folders of the system in which every user's shell finds programs. */
const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"];

/** No chain of links is followed further than this. */
const MAX_LINKS = 40;

/**
 * The program that hooks for all users may start: the path itself where root alone can change what is
 * there; `undefined`, a bare `perfmon`, where every user's PATH has one; else what is weak about the path.
 */
export function managedProgram(
  path: string,
): { readonly program: string | undefined } | { readonly weak: string } {
  const weak = weakPart(path);
  if (weak === undefined) return { program: path };
  const isEverybodys = SYSTEM_FOLDERS.map((folder) => `${folder}/perfmon`)
    .some((each) => isExecutable(each) && weakPart(each) === undefined);
  return isEverybodys ? { program: undefined } : { weak };
}

/** The first of a path, its folders and what its links lead to that others than root can change. */
function weakPart(path: string): string | undefined {
  let at = path;
  for (let links = 0; links <= MAX_LINKS; links++) {
    for (let part = at;; part = parentOf(part)) {
      const info = lstatIfThere(part);
      const isOthers = info === undefined || info.uid !== 0;
      const isOpen = info?.isSymlink !== true && ((info?.mode ?? 0) & 0o022) !== 0;
      if (isOthers || isOpen) return part;
      if (part === "/") break;
    }
    if (lstatIfThere(at)?.isSymlink !== true) return undefined;
    at = nextPath(at);
  }
  return path;
}
