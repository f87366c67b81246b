import { readTextFile } from "../files/text_file.ts";

/** What goes wrong in hooks is noted in this file of a log's folder, one line each. */
export function errorsPath(folder: string): string {
  return `${folder}/errors.log`;
}

/** The error log before it was begun anew. */
export function oldErrorsPath(folder: string): string {
  return `${folder}/errors.old.log`;
}

/** The lines of one of them; none where it is missing, can't be read, or is something else than perfmon's file. */
export function errorLines(path: string): string[] {
  try {
    const text = readTextFile(path, { isOwn: true, isLenient: true, limit: 1 })?.text ?? "";
    return text.split("\n").filter((line) => line !== "");
  } catch {
    return [];
  }
}
