import { commandName } from "../agents/claude/command/command_name.ts";
import { pathVariable } from "../files/environment.ts";
import { KnownCalls } from "../log/imported.ts";
import { importedContents } from "../log/read/imported_contents.ts";
import type { LogContents } from "../log/read/read.ts";
import { listTranscripts, transcriptsFolder } from "../log/transcripts.ts";
import { plural } from "../text/units.ts";
import { ownHooks } from "./nothing_recorded.ts";
import { installCommand } from "./surroundings.ts";
import { readTranscripts, rowsOf } from "./transcripts.ts";
import { type Bounds, windowBefore } from "./window.ts";

/**
 * What the client's own transcripts tell, for a log that is not there yet; `undefined` where they hold no call.
 * Those that did not change in the time that is asked for, and in as long a time before, are not read unless all
 * are as old. Nothing is stored.
 */
export function transcriptContents(window: Bounds, now: number): LogContents | undefined {
  const folder = transcriptsFolder(pathVariable);
  const all = folder === undefined ? [] : listTranscripts(folder);
  const since = windowBefore(window, now)?.since ?? 0;
  const recent = all.filter(({ modified }) => modified / 1000 >= since);
  const transcripts = recent.length > 0 ? recent : all;
  const found = readTranscripts(transcripts, new KnownCalls(), commandName);
  if (found.calls.length === 0) return undefined;
  const sessions = new Set(found.calls.map(({ start }) => start.sessionId)).size;
  return {
    ...importedContents(rowsOf(found)),
    source: `Nothing is recorded yet: this is what Claude Code's transcripts tell of ${
      plural(sessions, "session")
    }, read now and stored nowhere; ${whatRecords()}, "perfmon import" keeps what transcripts tell`,
  };
}

/** What records from now on, or would; a clause. */
function whatRecords(): string {
  const { settings, isRecording } = ownHooks();
  const more = "CPU, memory, gates and prompts";
  if (isRecording) return `the hooks are on and record the next calls, with ${more}`;
  const has = (state: string): boolean => settings.some((each) => each.state === state);
  if (has("on")) return 'hooks are installed, but something is in the way ("perfmon doctor")';
  return `"${has("off") ? "perfmon hooks enable" : installCommand()}" records ${more}`;
}
