import { type Call, serverOf } from "../calls/call.ts";
import { ABANDONED, APPROXIMATE, REVERSED, RUNNING } from "../calls/call_flags.ts";
import { CallList } from "../calls/call_list.ts";
import type { CallTable } from "../calls/call_table.ts";
import { isAgentTool } from "../row/tool_name.ts";
import { PROJECT, SESSION_ID } from "../row/row_view.ts";
import { Tally } from "./tally.ts";
import type { Group, Report, Summary } from "./summary.ts";

/** One line a tool; the tools of an MCP server in one line under the server's name. */
export function toolOrServer(call: Call): Group {
  const server = serverOf(call.toolName);
  return server === undefined ? tool(call) : { name: server, kind: "mcp" };
}

/** One line a tool, MCP tools too. */
export function tool({ toolName }: Call): Group {
  if (isAgentTool(toolName)) return { name: toolName, kind: "agent" };
  return { name: toolName, kind: serverOf(toolName) === undefined ? "tool" : "mcp" };
}

/** A number for a call: calls of the same number are of the same group. */
export type KeyOf = (index: number) => number;

/** Sums up calls, which come in order of time. */
export function summarize(
  calls: CallList | readonly Call[],
  groupOf: (call: Call) => Group = toolOrServer,
  keyOf: ((table: CallTable) => KeyOf) | undefined = undefined,
): Report {
  const list = toCallList(calls);
  const { table, indices } = list;
  const { status, flags, starts } = table;
  const ended = indices.filter((call) => status[call] !== RUNNING && status[call] !== ABANDONED);
  const running = indices.filter((call) => status[call] === RUNNING);
  const all = new Tally("All", "all", table, ended);
  const ofTool = groupOf === toolOrServer || groupOf === tool;
  const key = keyOf?.(table) ?? (ofTool ? (call: number): number => table.tool[call]! : undefined);
  const groups = groupsOf(table, ended, groupOf, key).map(({ group, members }) =>
    new Tally(group.name, group.kind, table, members, all)
  );
  const count = (isCounted: (call: number) => boolean): number => ended.filter(isCounted).length;
  return {
    groups: groups.sort(byTotal),
    all,
    sessions: list.texts(SESSION_ID).length,
    projects: list.texts(PROJECT).length,
    mcpTools: mcpTools(table, ended),
    running: Array.from(running, (call) => table.call(call)),
    abandoned: indices.length - ended.length - running.length,
    approximate: count((call) => (flags[call]! & APPROXIMATE) !== 0),
    reversed: count((call) => (flags[call]! & REVERSED) !== 0),
    withoutStart: count((call) => starts[call]! < 0),
    ...spanOf(list),
  };
}

/** Calls as a list, whichever they are. */
export function toCallList(calls: CallList | readonly Call[]): CallList {
  return "table" in calls ? calls : CallList.of(calls);
}

interface Members {
  readonly group: Group;
  /** In order of time. */
  readonly members: Int32Array;
}

/** The calls of each group; groups of one name and different kinds are different groups. */
function groupsOf(
  table: CallTable,
  indices: Int32Array,
  groupOf: (call: Call) => Group,
  keyOf: KeyOf | undefined,
): Members[] {
  const groups: { group: Group; size: number }[] = [];
  const byName = new Map<string, number>();
  const byKey = new Map<number, number>();
  const numbers = new Int32Array(indices.length);
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const key = keyOf?.(call);
    let number = key === undefined ? undefined : byKey.get(key);
    if (number === undefined) {
      const group = groupOf(table.call(call));
      const name = `${group.kind} ${group.name}`;
      number = byName.get(name);
      if (number === undefined) {
        number = groups.push({ group, size: 0 }) - 1;
        byName.set(name, number);
      }
      if (key !== undefined) byKey.set(key, number);
    }
    numbers[place] = number;
    groups[number]!.size++;
  }
  const found = groups.map(({ group, size }) => ({ group, members: new Int32Array(size) }));
  const filled = new Int32Array(groups.length);
  for (let place = 0; place < indices.length; place++) {
    const number = numbers[place]!;
    found[number]!.members[filled[number]!++] = indices[place]!;
  }
  return found;
}

function mcpTools(table: CallTable, indices: Int32Array): number {
  const tools = new Set<number>();
  for (let place = 0; place < indices.length; place++) tools.add(table.tool[indices[place]!]!);
  return [...tools].filter((name) => serverOf(table.rows.names.text(name) ?? "") !== undefined)
    .length;
}

function spanOf(
  { table, indices }: CallList,
): Pick<Report, "firstTime" | "lastTime" | "spanSeconds"> {
  const first = indices[0];
  const last = indices.at(-1);
  if (first === undefined || last === undefined) {
    return { firstTime: undefined, lastTime: undefined, spanSeconds: undefined };
  }
  const { time, endTime } = table;
  let end = -Infinity;
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const known = endTime[call]!;
    end = Math.max(end, known === known ? known : time[call]!);
  }
  return { firstTime: time[first]!, lastTime: time[last]!, spanSeconds: end - time[first]! };
}

function byTotal(a: Summary, b: Summary): number {
  return (b.totalSeconds ?? -1) - (a.totalSeconds ?? -1) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
