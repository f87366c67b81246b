import { type Arguments, CommandError, EXIT } from "../cli/command.ts";
import { pathVariable } from "../files/environment.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { type LogContents, readLog, type ReadOptions } from "../log/read/read.ts";
import { resolveLog } from "../log/resolve.ts";
import { messageOf } from "../text/message.ts";

/** Finds the log that is meant; throws a `CommandError` (66) where nothing tells or it can't be one. */
export function locate(args: Arguments): LogLocation {
  const path = logPath(args.text("file"), pathVariable);
  if (path === undefined) {
    throw new CommandError(
      "Cannot find the log: HOME is not set; name it with --file",
      EXIT.noInput,
    );
  }
  try {
    return resolveLog(path);
  } catch (error) {
    throw new CommandError(messageOf(error), EXIT.noInput);
  }
}

/** The error (66) for a log that is not there, with what is so and what to do. */
export async function missingLog(path: string): Promise<CommandError> {
  const { noLogText } = await import("./nothing_recorded.ts");
  return new CommandError(noLogText(path), EXIT.noInput);
}

/** Reads a log, with its history unless told otherwise; returns `undefined` where there is nothing of it. */
export async function readIfThere(
  location: LogLocation,
  options: ReadOptions = { history: true },
): Promise<LogContents | undefined> {
  try {
    return await readLog(location, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
