import type { Layout } from "../../row/columns.ts";
import type { Sample } from "../../row/sample.ts";
import type { LogLocation } from "../location.ts";
import type { LogState } from "../lock.ts";
import { isOutdated, recount } from "./recount.ts";
import { resolveLog } from "../resolve.ts";
import { openOrCreateLog } from "./create_log.ts";
import { writeRows } from "./write_rows.ts";

/** So often a row is written again because the log was rotated away meanwhile. */
const TRIES = 5;

/**
 * Appends a row without the lock, and does nothing else: no rotation, no new state. A rotation may
 * take the file away between opening and writing; then the row goes to the new one too, and readers
 * drop the double.
 */
export function appendUnlocked(
  location: LogLocation,
  known: LogState | undefined,
  sample: Sample,
  layout: Layout,
): void {
  resolveLog(location.path); // throws where it is no regular file, before that is opened
  for (let tries = 0; tries < TRIES; tries++) {
    using file = openOrCreateLog(location);
    const end = recount(file, known, location);
    // A rotation may put the row under today's header: then it must not have the columns of another.
    const headerDue = end.headerDue || isOutdated(file, end.state);
    writeRows(file, { ...end, headerDue }, [sample], layout);
    if (file.statSync().ino === Deno.statSync(location.path).ino) return;
  }
}
