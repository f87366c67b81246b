import { timeOf } from "../calls/call.ts";
import { formatCount } from "../text/units.ts";
import { findLeftBehind } from "../live/left_behind.ts";
import { sessionJson, sessionRecord } from "../live/session/session_data.ts";
import { sessionStory } from "../live/session/session_story.ts";
import { sessionText } from "../live/session/session_text.ts";
import { liveProcesses } from "../sampler/live.ts";
import { isAlive, liveClients } from "./alive.ts";
import { type Arguments, EXIT } from "../cli/command.ts";
import { linesOf, outputFormat, screen, warn, write, writeText } from "../cli/output.ts";
import type { Selection } from "./selection.ts";
import { turnSumsRecord } from "../summary/turns/turn_records.ts";
import { turnsIn } from "./turns_in.ts";

/** Prints the story of the one session that the selection holds calls of. */
export async function reportSession(args: Arguments, selection: Selection): Promise<number> {
  const { calls, list, context, badRows, now, utc } = selection;
  const format = outputFormat(args);
  const story = sessionStory(list, { now, isLive: isLive(selection), slowest: linesOf(args) });
  const processes = await liveProcesses({
    clients: liveClients(calls),
    orphansSince: story.since,
  });
  const leftBehind = findLeftBehind(calls, processes);
  const turns = turnsIn(selection);
  if (format === "json") {
    write(sessionJson(story, leftBehind, context, { turns: turnSumsRecord(turns) }));
  } else if (format === "csv") {
    const { recordCsv } = await import("../summary/csv.ts");
    write(recordCsv(sessionRecord(story)));
    if (badRows !== undefined) warn(badRows);
  } else {
    const target = screen(args);
    const { width, style } = target;
    const notes = [...filterNotes(selection), ...(badRows === undefined ? [] : [badRows])];
    writeText(sessionText(story, { width, style, now, utc, leftBehind, turns, notes }), target);
  }
  return EXIT.ok;
}

/** Its client lives, and the newest call of that process is of this session. */
function isLive({ all, calls }: Selection): boolean {
  const last = calls.at(-1);
  const row = last?.end ?? last?.start;
  if (last === undefined || row?.pid === undefined) return false;
  const newest = all.findLast((call) => call.process === last.process);
  return newest?.sessionId === last.sessionId && isAlive(row.pid, row.processStart);
}

/** What the story leaves out, where other flags narrow it. */
function filterNotes({ all, calls }: Selection): string[] {
  const [first] = calls;
  const whole = all.filter(({ sessionId }) => sessionId === first?.sessionId);
  if (first === undefined || whole.length === calls.length) return [];
  const span = whole[0] === undefined ? 0 : timeOf(first) - timeOf(whole[0]);
  const since = span > 0 ? ", not from its beginning" : "";
  return [
    `${formatCount(calls.length)} of the session's ${formatCount(whole.length)} calls${since}`,
  ];
}
