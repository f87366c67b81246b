import { errorLines, errorsPath, oldErrorsPath } from "../log/error_log.ts";
import { noteError, oneLine } from "../log/write/errors.ts";
import type { LogLocation } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";

/** Says what went wrong in `rec`: one line in the error log of the log, where there is one, and on stderr. */
export function complain(
  location: LogLocation | undefined,
  action: string | undefined,
  problems: readonly string[],
): void {
  const where = action === undefined ? "rec" : `rec ${action}`;
  const what = oneLine(problems.join("; "));
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

/** Whether a path can be a log, and not a device, a FIFO or a folder, beside which nothing is created. */
function isLog({ path }: LogLocation): boolean {
  try {
    resolveLog(path);
    return true;
  } catch {
    return false;
  }
}
