import { errorLines, errorsPath, oldErrorsPath } from "../log/error_log.ts";
import { noteError, oneLine } from "../log/write/errors.ts";
import { requireUnexposed } from "../files/ground.ts";
import type { LogLocation } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";

/** Says what went wrong in `rec`: one line in the error log of the log, where there is one, and on stderr. */
export function complain(
  location: LogLocation | undefined,
  action: string | undefined,
  problems: readonly string[],
): void {
  const where = action === undefined ? "rec" : `rec ${action}`;
  const what = problems.join("; ");
  if (location !== undefined && isLog(location)) noteError(location.folder, where, what);
  sayError(where, what);
}

/** Says on stderr what went wrong: one line. */
export function sayError(where: string, what: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`perfmon: ${where}: ${oneLine(what)}\n`));
  } catch {
    // A closed stderr is no reason to disturb the client.
  }
}

/** Whether something stands in the error log already. */
export function isNoted({ folder }: LogLocation, problem: string): boolean {
  return [errorsPath(folder), oldErrorsPath(folder)].flatMap(errorLines)
    .some((line) => line.includes(problem));
}

/** False for a device, a FIFO, a folder, and where a third person can write: nothing is created beside these. */
function isLog({ path }: LogLocation): boolean {
  try {
    requireUnexposed(resolveLog(path).folder);
    return true;
  } catch {
    return false;
  }
}
