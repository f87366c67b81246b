import { type Call, timeOf, toCalls } from "../core/call.ts";
import { plural } from "../core/units.ts";
import { readImported } from "../log/imported.ts";
import type { LogLocation } from "../log/location.ts";
import { listTranscripts, transcriptsFolder } from "../log/transcripts.ts";

/** The imported calls beside a log, in order of time. */
export async function importedCalls(location: LogLocation): Promise<Call[]> {
  const calls = toCalls(await readImported(location));
  for (const call of calls) call.imported = true;
  return calls;
}

/** Recorded and imported calls in order of time; one that is both counts as recorded. */
export function joinCalls(recorded: Call[], imported: readonly Call[]): Call[] {
  if (imported.length === 0) return recorded;
  const known = new Set(recorded.map(keyOf));
  const added = imported.filter((call) => !known.has(keyOf(call)));
  return [...recorded, ...added].sort((a, b) => timeOf(a) - timeOf(b));
}

function keyOf({ start, end, sessionId }: Call): string {
  return `${sessionId ?? ""}\n${start?.toolUseId ?? end?.toolUseId ?? ""}`;
}

/** How to see something where nothing was recorded yet; empty where there are no transcripts. */
export function importOffer(): string {
  const folder = transcriptsFolder((name) => Deno.env.get(name));
  const transcripts = folder === undefined ? [] : listTranscripts(folder);
  const count = transcripts.filter(({ isSubagent }) => !isSubagent).length;
  return count === 0
    ? ""
    : `. Claude Code's transcripts tell of ${
      plural(count, "session")
    } before: run "perfmon import" to see them`;
}
