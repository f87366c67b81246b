import { CallList } from "../call_list.ts";
import type { Prompts } from "../call_columns.ts";
import type { CallTable } from "../call_table.ts";
import { callsAskedFor } from "./permissions.ts";
import { timedCalls } from "./timed_call.ts";
import { RowCursor } from "../../row/row_cursor.ts";
import { EVENT, WORDS } from "../../row/row_view.ts";
import type { RowTable } from "../../row/row_table.ts";
import type { Sample } from "../../row/sample.ts";

/** Finds in the rows of a table for which of its calls the person was asked; `undefined` where no row says so of any. */
export function promptsOf(calls: CallTable): Prompts | undefined {
  const requests = Map.groupBy(requestsOf(calls.rows), ({ sessionId = "" }) => sessionId);
  if (requests.size === 0) return undefined;
  const ofSession = timedCalls(CallList.all(calls), (session) => requests.has(session));
  const seconds = new Float64Array(calls.size);
  const since = new Map<number, number>();
  for (const [session, own] of requests) {
    const recorded = ofSession.get(session)?.filter(({ isImported }) => !isImported);
    const asked = callsAskedFor(own, recorded ?? []);
    for (const [place, call] of asked.entries()) {
      if (call === undefined) continue;
      const { timestamp } = own[place]!;
      // The request's own hook may be as late as the tool.
      const waited = Math.min(calls.wait[call.index]!, Math.max(0, call.run - timestamp));
      if (Number.isNaN(call.end)) since.set(call.index, timestamp);
      else seconds[call.index] = waited || 0; // of a wait that is not known nothing is
    }
  }
  return { seconds, since };
}

/** The rows that say that the person was asked, in order of time. */
function requestsOf(rows: RowTable): Sample[] {
  const cursor = new RowCursor(rows);
  return rows.events.filter((row) => cursor.at(row).text(EVENT) === WORDS.permission)
    .map((row) => rows.row(row)).sort((a, b) => a.timestamp - b.timestamp);
}
