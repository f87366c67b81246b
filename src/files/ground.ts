import { isAtHome } from "./environment.ts";
import { statIfThere } from "./if_there.ts";
import { parentOf } from "./paths.ts";

/** The rights to write of a folder's group, and of all others; and the bit that leaves each file to its owner. */
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** A folder of a log, with how to make it one in which perfmon writes. */
export interface Exposure {
  /** A sentence without a final period. */
  readonly message: string;
  /** What mends it. */
  readonly remedy: string;
}

/**
 * Why nothing is written beside a log, given the folder beside it: a third person can put files and links
 * into that or into the log's own folder, so that what is written there would go where she wants. What lies in
 * `$HOME` is never looked at: that is the user's own, whatever its rights are. `undefined` where all is well.
 */
export function exposureOf(folder: string): Exposure | undefined {
  if (isAtHome(folder)) return undefined;
  for (const each of [parentOf(folder), folder]) {
    const info = statIfThere(each);
    if (info === undefined || !isExposed(info)) continue;
    return {
      message: `"${each}" is not yours, and others can write in it`,
      // Others chose the name, and a shell reads some signs in double quotes, too.
      remedy: (/["$`\\!]/.test(each) ? "" : `chmod go-w "${each}", or `) +
        "keep the log elsewhere: PERFMON_FILE",
    };
  }
  return undefined;
}

/** Throws an `Error` where a third person can write in the folder beside a log, or in the log's own. */
export function requireUnexposed(folder: string): void {
  const exposure = exposureOf(folder);
  if (exposure !== undefined) {
    throw new Error(`${exposure.message}: ${exposure.remedy}`);
  }
}

/**
 * Whether somebody besides this user, root and, for root, the folder's owner can write in a folder. One's own
 * folder counts as never: its rights were one's own choice, or are what a file system without any shows.
 */
function isExposed({ uid, gid, mode }: Deno.FileInfo): boolean {
  if (uid === null || mode === null || uid === Deno.uid()) return false;
  // Where umask is 002, each user has a group of the same number.
  const ofGroup = gid === uid ? 0 : GROUP_WRITES;
  const isOpen = (mode & (OTHERS_WRITE | ofGroup)) !== 0;
  return isOpen && !(uid === 0 && (mode & STICKY) !== 0);
}
