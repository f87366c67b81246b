import type { CallStatus } from "../calls/call_state.ts";
import { serverOf } from "../calls/call.ts";
import { Glob } from "../text/glob.ts";
import { parseTime, plural } from "../text/units.ts";
import { OWN_CLIENT } from "../row/client.ts";
import { hintOf } from "../cli/near_name.ts";
import { type Arguments, CommandError, EXIT } from "../cli/command.ts";
import { shortener } from "../text/shortener.ts";

/** The names that calls and rows are filtered by. */
export interface Names {
  readonly toolName: string;
  readonly sessionId?: string | undefined;
  readonly project?: string | undefined;
  readonly command?: string | undefined;
  readonly status?: CallStatus | undefined;
  readonly client?: string | undefined;
}

/** Names with when they were last seen, seconds since the epoch: a call, or less than one. */
export interface Named extends Names {
  readonly endTime?: number | undefined;
  readonly startTime?: number | undefined;
}

/** The flags that tell calls of one turn from each other: a turn has calls of all kinds. */
const CALL_FILTERS: readonly string[] = ["tool", "command", "status"];

/** The flags that a filter is made of. */
export const FILTERS: readonly string[] = [...CALL_FILTERS, "session", "project"];

/** The flag by which calls are asked for and not turns; `undefined` where there is none. */
export function callFilter(args: Arguments): string | undefined {
  return CALL_FILTERS.find((flag) => args.text(flag) !== undefined);
}

/** Whether calls are asked for by their names. */
export function isFiltered(args: Arguments): boolean {
  return FILTERS.some((flag) => args.text(flag) !== undefined);
}

/** What those flags ask for. */
export interface Filter {
  readonly matches: (named: Names) => boolean;
  /** What is asked for, in words for people: `Bash`, `session 7d1f`. */
  readonly labels: readonly string[];
}

/**
 * Makes the filter that the flags ask for. Throws a `CommandError` (1) with the nearest name that
 * there is where a tool, session or project is not among the calls.
 */
export function filterOf(args: Arguments, calls: readonly Named[]): Filter {
  const tool = globFlag(args, "tool", calls, namesOfTool);
  const project = globFlag(args, "project", calls, ({ project }) => [project]);
  const command = globFlag(args, "command", calls, ({ command }) => [command]);
  const status = args.text("status");
  const session = sessionFlag(args, calls);
  const short = shortener(namesIn(calls, ({ sessionId }) => [sessionId]));
  return {
    matches: (named) =>
      (tool === undefined || tool(named)) && (project === undefined || project(named)) &&
      (command === undefined || command(named)) &&
      (status === undefined || named.status === status) &&
      (session === undefined || named.sessionId === session),
    labels: [
      ...(tool === undefined ? [] : [String(args.text("tool"))]),
      ...(command === undefined ? [] : [String(args.text("command"))]),
      ...(status === undefined ? [] : [status]),
      ...(project === undefined ? [] : [`project ${args.text("project")}`]),
      ...(session === undefined ? [] : [`session ${short(session)}`]),
    ],
  };
}

/**
 * Makes the filter that the flags ask for of calls still to come: a name that is not there yet is
 * no error. `last` is the newest session by now. With `anyTool` only sessions and projects matter; with
 * `ofRows` those of every client are meant where none is asked for.
 */
export function liveFilterOf(
  args: Arguments,
  known: readonly Named[],
  options: { readonly anyTool?: boolean; readonly ofRows?: boolean } = {},
): (named: Names) => boolean {
  const tool = options.anyTool === true ? undefined : patternFlag(args, "tool");
  const project = patternFlag(args, "project");
  const command = options.anyTool === true ? undefined : patternFlag(args, "command");
  const status = options.anyTool === true ? undefined : args.text("status");
  const isOfClient = options.ofRows === true ? rowClientFilter(args) : clientFilter(args);
  const given = args.text("session");
  const session = given === "last" ? lastSession(known) : given;
  return (named) =>
    isOfClient(named.client) &&
    (tool === undefined || namesOfTool(named).some((name) => tool.fits(name ?? ""))) &&
    (project === undefined || project.fits(named.project ?? "")) &&
    (command === undefined || command.fits(named.command ?? "")) &&
    (status === undefined || named.status === status) &&
    (session === undefined || named.sessionId?.startsWith(session) === true);
}

/** The clients that `--client` asks for, perfmon's own where it is not given. */
export function clientFilter(args: Arguments): (client: string | undefined) => boolean {
  const asked = args.text("client") ?? OWN_CLIENT;
  return (client) => asked === ALL_CLIENTS || (client ?? OWN_CLIENT) === asked;
}

/** The same for rows as they stand in the log: where none is asked for those of every client. */
export function rowClientFilter(args: Arguments): ReturnType<typeof clientFilter> {
  return args.text("client") === undefined ? () => true : clientFilter(args);
}

/** The word that asks for the calls of every client. */
const ALL_CLIENTS = "all";

function patternFlag(args: Arguments, flag: string): Glob | undefined {
  const glob = args.text(flag);
  return glob === undefined ? undefined : new Glob(glob);
}

/** The names that a tool answers to: its own, and its MCP server's as it stands in the report. */
function namesOfTool({ toolName }: Names): (string | undefined)[] {
  return [toolName, serverOf(toolName)];
}

type NamesOf = (named: Names) => readonly (string | undefined)[];

function globFlag(
  args: Arguments,
  flag: string,
  calls: readonly Named[],
  namesOf: NamesOf,
): ((named: Names) => boolean) | undefined {
  const glob = args.text(flag);
  if (glob === undefined) return undefined;
  const names = namesIn(calls, namesOf);
  const pattern = new Glob(glob);
  const matching = new Set([...names].filter((name) => pattern.fits(name)));
  if (matching.size === 0 && calls.length > 0) throw unknownName(flag, glob, [...names]);
  return (named) => namesOf(named).some((name) => name !== undefined && matching.has(name));
}

function namesIn(calls: readonly Named[], namesOf: NamesOf): Set<string> {
  const names = new Set<string | undefined>();
  for (const call of calls) for (const name of namesOf(call)) names.add(name);
  names.delete(undefined);
  return names as Set<string>;
}

/** The error (1) for a name that is none of the log's, with the one that is near, or some that are. */
export function unknownName(flag: string, given: string, names: readonly string[]): CommandError {
  const hint = names.length === 0
    ? `the log names no ${flag}s`
    : names.some((name) => name.startsWith(`${given} `))
    ? `did you mean "${given} *"?`
    : hintOf(given, names);
  return new CommandError(`Cannot find the ${flag} "${given}" in the log: ${hint}`, EXIT.no);
}

function sessionFlag(args: Arguments, calls: readonly Named[]): string | undefined {
  const given = args.text("session");
  if (given === undefined || calls.length === 0) return undefined;
  const sessions = [...namesIn(calls, ({ sessionId }) => [sessionId])];
  if (given === "last") return lastSession(calls);
  const matching = sessions.filter((id) => id.startsWith(given));
  const [only] = matching;
  if (sessions.includes(given)) return given;
  if (only === undefined) {
    const instead = flagMeant(given, calls);
    if (instead !== undefined) {
      const what = `Cannot find the session "${given}" in the log`;
      throw new CommandError(`${what}: did you mean ${instead} ${given}?`, EXIT.no);
    }
    const short = shortener(sessions);
    throw unknownName("session", given, sessions.map(short).reverse());
  }
  if (matching.length > 1) {
    throw new CommandError(
      `Cannot tell which session "${given}" is: ${plural(matching.length, "session")} begin so, ` +
        `e.g. "${matching.slice(0, 2).join('" and "')}"`,
      EXIT.no,
    );
  }
  return only;
}

/** The flag that a session's name is rather for: that of a time or a project. */
function flagMeant(given: string, calls: readonly Named[]): string | undefined {
  if (parseTime(given, 0) !== undefined) return "--since";
  return calls.some(({ project }) => project === given) ? "--project" : undefined;
}

function lastSession(calls: readonly Named[]): string {
  let last: Named | undefined;
  const time = (call: Named): number => call.endTime ?? call.startTime ?? 0;
  for (const call of calls) {
    if (call.sessionId === undefined) continue;
    if (last === undefined || time(call) >= time(last)) last = call;
  }
  if (last?.sessionId === undefined) throw unknownName("session", "last", []);
  return last.sessionId;
}
