import type { Call } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";
import { isEnded, numberOf } from "../calls/call_state.ts";
import type { CallList } from "../calls/call_list.ts";
import { COMMAND, TOOL_NAME } from "../row/row_view.ts";
import { summarize, tool, toolOrServer } from "./summarize.ts";
import type { Group, GroupKeys, GroupRule, Report, Summary } from "./summary.ts";

/** The tool whose calls are told apart by their commands. */
export const SHELL_TOOL = "Bash";
const ERROR = numberOf("error");

/** How many commands have a line of their own where the others share one. */
const SHOWN = 6;

/** By the number of the command, behind those of the tools, of calls of Bash that say theirs; else by the tool's. */
function shellKeys(columns: CallColumns): GroupKeys {
  const { numbers: tools, names } = columns.texts(TOOL_NAME);
  const { numbers: commands, names: texts } = columns.texts(COMMAND);
  const isShell: (boolean | undefined)[] = []; // by tool
  const numbers = tools.map((tool, call) =>
    commands[call] !== 0 && (isShell[tool] ??= names.text(tool) === SHELL_TOOL)
      ? names.size + commands[call]!
      : tool
  );
  return { numbers, count: names.size + texts.size + 1 };
}

/** By tool and command: a host and a program may be one text. */
function pairKeys(columns: CallColumns): GroupKeys {
  const { numbers: tools } = columns.texts(TOOL_NAME);
  const { numbers: commands, names } = columns.texts(COMMAND);
  const known = new Map<number, number>();
  const numbers = tools.map((tool, call) => {
    const pair = tool * (names.size + 1) + commands[call]!;
    let number = known.get(pair);
    if (number === undefined) known.set(pair, number = known.size);
    return number;
  });
  return { numbers, count: known.size };
}

/** The name that a call's command has in a table of commands: that of Bash alone, of others behind the tool. */
function nameOf({ toolName, command }: Call): string {
  return toolName === SHELL_TOOL ? command ?? toolName : `${toolName} ${command}`;
}

/**
 * A line for each command: `npm test`, `WebFetch docs.example.com`, `Agent Explore`; calls that don't say by their
 * tools.
 */
export const byCommand: GroupRule = {
  keysOf: pairKeys,
  groupOf: (call) => {
    if (call.command === undefined) return toolOrServer.groupOf(call);
    const { kind } = tool.groupOf(call);
    return { name: nameOf(call), kind: kind === "agent" ? kind : "command" };
  },
};

/** The calls that say which command they were. */
export function withCommand(list: CallList): CallList {
  const { numbers } = list.columns.texts(COMMAND);
  return list.filter((call) => numbers[call] !== 0);
}

/**
 * A line for each tool, but of Bash one for each of the commands in which most time was spent, `most` of
 * them, and one for all others: `other Bash (61)`, so many commands. `undefined` where no call of Bash says
 * its command.
 */
export function toolsAndCommands(
  list: CallList,
  splitServers: boolean,
  most = SHOWN,
): GroupRule | undefined {
  const keys = shellKeys(list.columns);
  const commands = commandsByTime(list, keys);
  if (commands.length === 0) return undefined;
  // A line for one other is as good as "other Bash (1)".
  const shown = new Set(commands.slice(0, commands.length === most + 1 ? most + 1 : most));
  const others = commands.length - shown.size;
  const rest: Group = {
    name: others > 0 ? `other ${SHELL_TOOL} (${others})` : `other ${SHELL_TOOL}`,
    kind: "tool",
  };
  const { groupOf } = splitServers ? tool : toolOrServer;
  return {
    keysOf: () => keys,
    groupOf: (call) => {
      const { toolName, command = "" } = call;
      if (toolName !== SHELL_TOOL) return groupOf(call);
      return shown.has(command) ? { name: command, kind: "command" } : rest;
    },
  };
}

/** Of those that share a line in `toolsAndCommands` so many that failed most often are looked at. */
const FAILING = 2;

/**
 * The commands that failed most often of those without a line of their own in a report, with all of their
 * calls. Only the calls that failed are looked at to find them: a large log has many others.
 */
function failingCommands(list: CallList, { groups }: Report): readonly Summary[] {
  const { status } = list.columns;
  const errors = list.filter((call) => status[call] === ERROR);
  if (errors.size === 0) return [];
  const rule = toolsAndCommands(errors, false, Infinity);
  if (rule === undefined) return [];
  const known = new Set(groups.map(({ name }) => name));
  const names = summarize(errors, rule).groups
    .filter(({ kind, name, calls }) => kind === "command" && !known.has(name) && calls > 1)
    .sort((a, b) => b.calls - a.calls).slice(0, FAILING).map(({ name }) => name);
  if (names.length === 0) return [];
  const { numbers, names: texts } = list.columns.texts(COMMAND);
  const isWanted = Array.from(
    { length: texts.size + 1 },
    (_, number) => names.includes(texts.text(number) ?? ""),
  );
  const theirs = list.filter((call) => isWanted[numbers[call]!]!);
  const own = toolsAndCommands(theirs, false, Infinity);
  return own === undefined
    ? []
    : summarize(theirs, own).groups.filter(({ kind }) => kind === "command");
}

/** What findings are about: a report's lines, and the commands that fail often without a line of their own. */
export function withFailing<Given extends Report>(report: Given, list: CallList): Given {
  return { ...report, groups: [...report.groups, ...failingCommands(list, report)] };
}

/** Whether a line of `toolsAndCommands` is that of the commands that have none of their own. */
export function isRestOfShell({ name, kind }: Group): boolean {
  return kind === "tool" && name.startsWith(`other ${SHELL_TOOL}`);
}

/** The commands of Bash that ended, those in which most time was spent first. */
function commandsByTime(
  { columns, indices }: CallList,
  { numbers, count }: GroupKeys,
): string[] {
  const first = columns.texts(TOOL_NAME).names.size + 1;
  const seconds = new Float64Array(count).fill(NaN);
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const key = numbers[call]!;
    if (key < first || !isEnded(columns.status[call]!)) continue;
    seconds[key] = (seconds[key] || 0) + (columns.duration[call]! || 0);
  }
  const { names } = columns.texts(COMMAND);
  return Array.from(seconds.keys()).filter((key) => !Number.isNaN(seconds[key]))
    .sort((a, b) => seconds[b]! - seconds[a]!)
    .map((key) => names.text(key - first + 1) ?? "");
}
