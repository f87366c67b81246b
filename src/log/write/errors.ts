import { errorsPath, oldErrorsPath } from "../error_log.ts";
import { requireUnexposed } from "../../files/ground.ts";
import { ensureFolder } from "../../files/folders.ts";
import { io } from "../../files/io.ts";
import { openOwn } from "../../files/own_file.ts";
import { printable } from "../../text/printable.ts";

/** The error log is begun anew beyond this many bytes; one older file of it is kept. */
const SIZE_LIMIT = 64 * 1024;
const LINE_LIMIT = 400;
const TRIES = 3;

/**
 * Notes one line, `TIME WHERE: WHAT`, in `errors.log` of the log's folder. Never throws: an error
 * that can't be noted is dropped.
 */
export function noteError(folder: string, where: string, what: string): void {
  const time = new Date().toISOString();
  const line = `${time} ${where}: ${oneLine(what)}`.slice(0, LINE_LIMIT) + "\n";
  // Another process may begin the file anew meanwhile.
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return append(folder, line);
    } catch {
      // There is nowhere left to say it.
    }
  }
}

function append(folder: string, line: string): void {
  const path = errorsPath(folder);
  requireUnexposed(folder);
  ensureFolder(folder);
  using file = openOwn(path, { append: true });
  const { size, ino } = file.statSync();
  const isFull = size > SIZE_LIMIT && Deno.statSync(path).ino === ino;
  if (isFull) io.rename(path, oldErrorsPath(folder));
  file.writeSync(new TextEncoder().encode(line));
}

/** A sentence without line ends, and without what would steer a terminal. */
export function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what must not reach the file
  return printable(text.replace(/[\x00-\x1f\x7f]+/g, " "));
}
