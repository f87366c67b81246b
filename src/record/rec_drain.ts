import { pathVariable } from "../files/environment.ts";
import { messageOf } from "../text/message.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";
import { ensureSpool } from "../log/spool.ts";
import { drain } from "./drain.ts";
import { complain, sayError } from "./rec_complain.ts";
import { openInput } from "./hook_input.ts";
import { parseRecOptions } from "./rec_options.ts";
import { drainInput } from "./read_hook.ts";

/**
 * `perfmon rec drain`: makes the spool where it is missing, and takes what waits in it into the log.
 * A hook calls it, so like `rec` it prints nothing on stdout and exits 0 whatever happens.
 */
export async function recDrain(args: readonly string[]): Promise<number> {
  const input = openInput();
  const { options, problems } = parseRecOptions(args);
  const noted: string[] = [];
  let location: LogLocation | undefined;
  try {
    const path = logPath(options.file, pathVariable);
    if (path === undefined) throw new Error("HOME is not set; give --file or set PERFMON_FILE");
    location = resolveLog(path);
    ensureSpool(location);
    noted.push(...(await drain(location)).problems);
  } catch (error) {
    problems.push(`the spool was not drained: ${messageOf(error)}`);
  }
  await drainInput(input);
  if (problems.length > 0) complain(location, "drain", problems);
  for (const problem of noted) sayError("rec drain", problem);
  if (problems.length + noted.length === 0) return 0;
  return options.strict ? 1 : 0;
}
