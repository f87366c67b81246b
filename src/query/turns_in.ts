import type { Turns } from "../summary/turns/turn.ts";
import { turnsOf } from "../summary/turns/turns.ts";
import type { Selection } from "./selection.ts";

/** The turns that began in the time that is asked for; their numbers count from the session's first. */
export function turnsIn({ events, importedEvents, list, context }: Selection): Turns {
  return turnsOf(events(), list, { imported: importedEvents(), since: context.since });
}
