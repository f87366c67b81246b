import { statIfThere } from "../files/if_there.ts";
import type { LogLocation } from "../log/location.ts";

/** What lies beside a log and does not go with it when only the log is moved and linked to. */
const KEPT: Readonly<Record<string, string>> = {
  history: "history",
  "imported.csv": "imported calls",
  profiles: "profiles",
  "hooks.json": "where hooks were installed",
  "state.json": "counters",
};

/**
 * Sentences about the folders beside the links that lead to a log, and that hold what belongs to it: nothing of it
 * is read there.
 */
export function leftBehind({ folder, linkFolders = [] }: LogLocation): string[] {
  if (linkFolders.length === 0) return [];
  const own = statIfThere(folder);
  return linkFolders.flatMap((each) => {
    const info = statIfThere(each);
    if (info === undefined || info.ino === own?.ino && info.dev === own.dev) return [];
    const left = Object.keys(KEPT).filter((name) => statIfThere(`${each}/${name}`) !== undefined);
    if (left.length === 0) return [];
    const what = left.map((name) => KEPT[name]).join(", ");
    return [
      `"${each}" lies beside a link to the log, and what it holds is not read (${what}): ` +
      `move it to "${folder}", which lies beside the log itself`,
    ];
  });
}
