import { shellWords, unquote } from "../text/shell_words.ts";
import type { Flags } from "../text/command_line.ts";
import type { State } from "./state.ts";

/** The flags that ask for the calls of a state, besides those that the page was made with. */
export function flagsOf(state: State, made: Flags, short: (id: string) => string): Flags {
  const { tool, command, project, session, status, from, to } = state;
  const since = from === undefined ? made["since"] : isoTime(from);
  const until = to === undefined ? made["until"] : isoTime(to);
  const asked = {
    ...{ tool: tool ?? made["tool"], command: command ?? made["command"] },
    status: status ?? made["status"],
    session: session === undefined ? made["session"] : short(session),
    project: project ?? made["project"],
    ...{ since, until, all: from === undefined ? made["all"] : undefined },
  };
  return { ...asked, ...made, ...asked }; // in the order in which a report has them
}

function isoTime(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}

/** Whether a flag has no value: another one follows, or none. */
function isSwitch(next: string | undefined): boolean {
  return next === undefined || next.startsWith("--");
}

/** The state of the page that shows what a command line of a finding does: `state` says what is filtered already. */
export function stateOfCommand(line: string, state: State, sessions: readonly string[]): State {
  const [, name, ...words] = shellWords(line).map(unquote);
  const flags = new Map<string, string>();
  let operand: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("--")) operand = word;
    else if (!isSwitch(words[at + 1])) flags.set(word.slice(2), words[++at]!);
  }
  const id = operand ?? flags.get("session");
  const rank = flags.get("by");
  return {
    ...state,
    tool: flags.get("tool") ?? state.tool,
    command: flags.get("command") ?? state.command,
    project: flags.get("project") ?? state.project,
    session: id === undefined ? state.session : sessions.find((each) => each.startsWith(id)),
    status: name === "running" ? "running" : flags.get("status") ?? state.status,
    ...name === "top" ? { rank: rank === "duration" ? undefined : rank } : { by: rank },
  };
}
