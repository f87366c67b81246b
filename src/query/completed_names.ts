import type { CompletedNames } from "../cli/command.ts";
import { readLogTail } from "../log/read/log_tail.ts";
import type { LogLocation } from "../log/location.ts";
import { profileNames } from "../profiles/profile_files.ts";
import type { Sample } from "../row/sample.ts";
import { serverOf } from "../row/tool_name.ts";
import { printable } from "../text/printable.ts";
import { shortener } from "../text/shortener.ts";

/** Bytes at the end of a log that are looked at: a person waits for it at each tab. */
const TAIL = 512 * 1024;

const NAMES: Readonly<
  Record<Exclude<CompletedNames, "profile">, (row: Sample) => readonly (string | undefined)[]>
> = {
  tool: ({ toolName }) => toolName === "unknown" ? [] : [serverOf(toolName), toolName],
  command: ({ command }) => [command],
  session: ({ sessionId }) => [sessionId],
  project: ({ project }) => [project],
  client: ({ client }) => [client],
};

/** The names in the newest rows of a log, the newest first; none where it can't be read. */
export function completedNames(kind: CompletedNames, location: LogLocation): string[] {
  if (kind === "profile") return profileNames(location).map(printable);
  const names = new Set<string>();
  for (const row of rowsOf(location.path).reverse()) {
    for (const name of NAMES[kind](row)) if (name !== undefined && name !== "") names.add(name);
  }
  const short = kind === "session" ? shortener(names) : printable;
  const more = kind === "session" && names.size > 0 ? ["last"] : [];
  return [...more, ...[...names].map((name) => printable(short(name)))];
}

function rowsOf(path: string): Sample[] {
  try {
    return readLogTail(path, TAIL, "");
  } catch {
    return []; // no log, no names
  }
}
