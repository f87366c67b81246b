import { isAtHome } from "../files/environment.ts";
import { parentOf } from "../files/paths.ts";
import { locationOf, type LogLocation } from "./location.ts";

/**
 * The log behind a path, its symlinks resolved, so that all writers share one lock. Whether it is a
 * regular file is looked at by whoever counts its rows: `stat` makes Dates, and the first Date of a process
 * loads its time zone, 0.5 ms. Throws an `Error` as `resolveLog` does where the path is a symlink, or
 * nothing yet, and where a third person can write beside a log that is not at home, or it is a name of what
 * the system keeps.
 */
export async function findLog(path: string): Promise<LogLocation> {
  const location = await resolved(path);
  if (location.linkFolders !== undefined || !isAtHome(location.folder)) {
    (await import("./resolve.ts")).requirePlace(path, location);
  }
  return location;
}

async function resolved(path: string): Promise<LogLocation> {
  const real = realPath(path);
  if (real !== undefined && (real === path || !isLink(path, real))) return locationOf(real);
  const location = (await import("./resolve.ts")).resolveLog(path);
  return real === undefined ? location : { ...location, ...locationOf(real) };
}

/** The path without any symlinks; `undefined` where nothing is there, as behind a dangling link. */
function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** False where there are links in the folders above only. */
function isLink(path: string, real: string): boolean {
  const folder = realPath(parentOf(path));
  return real !== `${folder === "/" ? "" : folder}/${path.slice(path.lastIndexOf("/") + 1)}`;
}
