import type { CallList } from "../calls/call_list.ts";
import type { LogContents } from "../log/read/read.ts";
import { formatDate, plural } from "../text/units.ts";
import type { Window } from "./window.ts";

/** The sentence on rows that were skipped; `undefined` where none were. */
export function badRowsText({ badRows, firstBad }: LogContents): string | undefined {
  if (badRows === 0) return undefined;
  return `${plural(badRows, "bad row")} skipped, the first at ${firstBad ?? "?"}`;
}

/** Why none of the calls of the names that are asked for are in that time, and what to do. */
export async function emptiness(
  path: string,
  matching: CallList,
  window: Window,
  utc: boolean,
): Promise<string> {
  const newest = matching.indices.at(-1);
  if (newest === undefined) {
    const { noCallsText } = await import("./nothing_recorded.ts");
    return noCallsText(path);
  }
  const covers = window.covers[0]?.toLowerCase() + window.covers.slice(1);
  return `No calls ${covers.startsWith("last ") ? "in the " : ""}${covers}; the log holds ${
    plural(matching.size, "call")
  }, the newest of ${formatDate(matching.columns.time[newest]!, utc)}: see --all`;
}
