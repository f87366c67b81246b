import type { HooksReport } from "../agents/claude/hooks/inspect/inspect.ts";
import { pathVariable } from "../files/environment.ts";
import { followLinks, parentOf } from "../files/paths.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";

/** The paths of the logs that hooks record into where this one is none of them; none where it is, or nothing tells. */
export function otherLogs({ settings }: HooksReport, { path }: LogLocation): string[] {
  // What somebody else wrote names its log in words of its own.
  if (settings.some(({ foreignEvents }) => foreignEvents.length > 0)) return [];
  const files = settings.flatMap(({ state, files, enablesPlugin }) => [
    ...(state === "on" ? files : []),
    ...(enablesPlugin ? [""] : []),
  ]);
  const logs = files.flatMap((file) => resolved(file) ?? []);
  return logs.some((log) => realPath(log) === realPath(path)) ? [] : [...new Set(logs)];
}

/** The path of a log, which may not be there, through no link to a folder: a person may name it by one, or from here. */
function realPath(path: string): string {
  return `${followLinks(parentOf(path))}/${path.slice(path.lastIndexOf("/") + 1)}`;
}

function resolved(file: string): string | undefined {
  const path = logPath(file, pathVariable);
  try {
    return path === undefined ? undefined : resolveLog(path).path;
  } catch {
    return path; // no log can be there: what is in the way is said elsewhere
  }
}
