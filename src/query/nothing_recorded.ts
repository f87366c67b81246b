import { pathVariable } from "../files/environment.ts";
import { plural } from "../text/units.ts";
import { type HooksReport, inspectHooks } from "../agents/claude/hooks/inspect/inspect.ts";
import { listTranscripts, transcriptsFolder } from "../log/transcripts.ts";
import { logPath } from "../log/location.ts";
import { installCommand, ledgerPath, surroundings } from "./surroundings.ts";

/** What is so where there is no log, and what a person can do; sentences without a final period. */
export function noLogText(path: string): string {
  const hooks = hooksOf(path);
  return hooks === undefined
    ? `Cannot find the log "${path}": name another with --file, or leave it out for your own`
    : `Nothing is recorded yet in "${path}". ${whatToDo(hooks)}`;
}

/** The same where a log holds no calls. */
export function noCallsText(path: string): string {
  const hooks = hooksOf(path);
  const empty = `The log "${path}" holds no calls yet`;
  return hooks === undefined ? empty : `${empty}. ${whatToDo(hooks)}`;
}

/** What is known of the hooks that record into a log; `undefined` where none do, and it is not that which they would. */
function hooksOf(path: string): HooksReport | undefined {
  const ownLog = logPath(undefined, pathVariable);
  if (ownLog === undefined) return undefined;
  const hooks = ownHooks();
  const isTheirs = path === ownLog ||
    hooks.settings.some(({ options }) => options.some((each) => each.includes(path)));
  return isTheirs ? hooks : undefined;
}

/** The hooks that are installed here. */
export function ownHooks(): HooksReport {
  return inspectHooks(surroundings(), ledgerPath());
}

function whatToDo(hooks: HooksReport): string {
  return [hooksSentence(hooks), importOffer()].filter((each) => each !== "").join(". ");
}

function hooksSentence({ settings, isRecording }: HooksReport): string {
  const scopes = settings.filter(({ state }) => state === "on").map(({ scope }) => scope);
  if (isRecording) {
    return `The hooks are on${scopes.length === 0 ? "" : ` (${scopes.join(", ")} settings)`}: ` +
      "Claude Code's next tool call is the first, also of a session that runs already";
  }
  if (scopes.length > 0) {
    return 'Hooks are installed, but something is in the way: see "perfmon doctor"';
  }
  return settings.some(({ state }) => state === "off")
    ? 'The hooks are switched off: run "perfmon hooks enable"'
    : `Run "${installCommand()}" to record Claude Code's calls, or name another log with --file`;
}

function importOffer(): string {
  const folder = transcriptsFolder(pathVariable);
  const transcripts = folder === undefined ? [] : listTranscripts(folder);
  const count = transcripts.filter(({ isSubagent }) => !isSubagent).length;
  return count === 0
    ? ""
    : `Claude Code's transcripts tell of ${
      plural(count, "session")
    } before: run "perfmon import" to see them`;
}
