import { ensureFolder } from "../../files/folders.ts";
import { createOwn } from "../../files/own_file.ts";
import { parentOf } from "../../files/paths.ts";
import type { LogLocation } from "../location.ts";
import { openLog } from "./write_rows.ts";

/** Opens the log for reading and appending; creates it, and the folders above it, where they are missing. */
export function openOrCreateLog(location: LogLocation): Deno.FsFile {
  try {
    return openLog(location);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  ensureFolder(parentOf(location.path));
  // Another process may have created it meanwhile.
  return createOwn(location.path, { append: true }) ?? openLog(location);
}
