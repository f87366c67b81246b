import { pathVariable } from "../files/environment.ts";
import { plural } from "../text/units.ts";
import { listTranscripts, transcriptsFolder } from "../log/transcripts.ts";

/**
 * A sentence that tells how to see something where nothing was recorded yet; empty where there are
 * no transcripts.
 */
export function importOffer(): string {
  const folder = transcriptsFolder(pathVariable);
  const transcripts = folder === undefined ? [] : listTranscripts(folder);
  const count = transcripts.filter(({ isSubagent }) => !isSubagent).length;
  return count === 0
    ? ""
    : `. Claude Code's transcripts tell of ${
      plural(count, "session")
    } before: run "perfmon import" to see them`;
}
