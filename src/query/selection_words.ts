import type { CallList } from "../calls/call_list.ts";
import type { LogContents } from "../log/read/read.ts";
import { formatDate, plural } from "../text/units.ts";
import type { Window } from "./window.ts";

/** The sentence on rows that were skipped; `undefined` where none were. */
export function badRowsText({ badRows, firstBad }: LogContents): string | undefined {
  if (badRows === 0) return undefined;
  return `${plural(badRows, "bad row")} skipped, the first at ${firstBad ?? "?"}`;
}

/** What calls there are, and which of them are asked for. */
export interface Asked {
  /** Those of the client that is asked for. */
  readonly all: CallList;
  /** Those of the names that are asked for, whenever they were. */
  readonly matching: CallList;
  /** These names, for people: `error`, `project api`. */
  readonly labels: readonly string[];
  /** Whether all of the log was read. */
  readonly isWhole: boolean;
}

/** Why none of the calls that are asked for are in that time, and what to do. */
export async function emptiness(
  path: string,
  { all, matching, labels, isWhole }: Asked,
  window: Window,
  utc: boolean,
): Promise<string> {
  if (all.size === 0) {
    const { noCallsText } = await import("./nothing_recorded.ts");
    return noCallsText(path);
  }
  const covers = window.covers[0]?.toLowerCase() + window.covers.slice(1);
  const within = `${covers.startsWith("last ") ? "in the " : ""}${covers}`;
  const fit = labels.length === 0 ? "" : ` fit ${labels.join(", ")}`;
  const newest = matching.indices.at(-1);
  if (newest === undefined) {
    return isWhole
      ? `No calls${fit}; the log holds ${plural(all.size, "call")}`
      : `No calls ${within}${fit}: see --all`;
  }
  const those = fit === "" ? "" : matching.size === 1 ? " that does" : " that do";
  return `No calls ${within}${fit}; the log holds ${plural(matching.size, "call")}${those}, ` +
    `the newest of ${formatDate(matching.columns.time[newest]!, utc)}: see --all`;
}
