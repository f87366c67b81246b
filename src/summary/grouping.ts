import { type Call, serverOf, timeOf } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";
import { AGENT_ID, AGENT_TYPE, CLIENT_VERSION, PROJECT, SESSION_ID } from "../row/row_view.ts";
import { formatDate } from "../text/units.ts";
import { byCommand } from "./command_groups.ts";
import { tool, toolKeys, toolOrServer } from "./summarize.ts";
import type { Group, GroupKeys, GroupRule } from "./summary.ts";

/** What calls can be grouped by. */
export const GROUPINGS = [
  "tool",
  "command",
  "session",
  "project",
  "agent",
  "server",
  "day",
  "version",
] as const;

export type Grouping = typeof GROUPINGS[number];

/** What a grouping depends on besides the call. */
export interface GroupingOptions {
  /** Days of UTC and not of the local zone. */
  readonly utc: boolean;
  /** Each tool of an MCP server in a line of its own. */
  readonly splitServers: boolean;
}

/** The name of a group whose calls don't say. */
export const NO_NAME = "unknown";

/** How calls are grouped by something. */
export function groupBy(grouping: Grouping, options: GroupingOptions): GroupRule {
  switch (grouping) {
    case "tool":
      return options.splitServers ? tool : toolOrServer;
    case "command":
      return byCommand;
    case "session":
      return byText(SESSION_ID, ({ sessionId }) => sessionId);
    case "project":
      return byText(PROJECT, ({ project }) => project);
    case "agent":
      return { keysOf: agentKeys, groupOf: named(agentOf) };
    case "server":
      return { keysOf: toolKeys, groupOf: serverOrNone };
    case "day":
      return { keysOf: dayKeys, groupOf: named((call) => formatDate(timeOf(call), options.utc)) };
    case "version":
      return byText(CLIENT_VERSION, ({ start, end }) => start?.clientVersion ?? end?.clientVersion);
  }
}

function named(name: (call: Call) => string): (call: Call) => Group {
  return (call) => ({ name: name(call), kind: "other" });
}

/** By a text of the rows, at this place in a row. */
function byText(place: number, name: (call: Call) => string | undefined): GroupRule {
  return {
    keysOf: (columns) => {
      const { numbers, names } = columns.texts(place);
      return { numbers, count: names.size + 1 };
    },
    groupOf: named((call) => name(call) ?? NO_NAME),
  };
}

function serverOrNone(call: Call): Group {
  const isServed = serverOf(call.toolName) !== undefined;
  return isServed ? toolOrServer.groupOf(call) : { name: "built-in", kind: "other" };
}

/** By the number of the type; 0 without an agent, and one more than there are where only its id is known. */
function agentKeys(columns: CallColumns): GroupKeys {
  const { numbers: types, names } = columns.texts(AGENT_TYPE);
  const ids = columns.texts(AGENT_ID).numbers;
  const unknown = names.size + 1;
  return {
    numbers: types.map((type, call) => type || (ids[call] === 0 ? 0 : unknown)),
    count: unknown + 1,
  };
}

/** Days begin at a multiple of this in all time zones, seconds. */
const QUARTER_HOUR = 900;

function dayKeys({ time }: CallColumns): GroupKeys {
  const known = new Map<number, number>();
  const numbers = new Int32Array(time.length);
  for (let call = 0; call < time.length; call++) {
    const quarter = Math.floor(time[call]! / QUARTER_HOUR);
    let number = known.get(quarter);
    if (number === undefined) known.set(quarter, number = known.size);
    numbers[call] = number;
  }
  return { numbers, count: known.size };
}

/** A subagent's type, for its run and for the calls it made; `main` for all other calls. */
function agentOf({ start, end, agentId }: Call): string {
  const type = start?.agentType ?? end?.agentType;
  return type ?? (agentId === undefined ? "main" : NO_NAME);
}

/** True where the groups follow one another by name, numbers in it by their value, and not by time spent. */
export function isInOrder(grouping: Grouping): boolean {
  return grouping === "day" || grouping === "version";
}

/** Compares names; runs of digits by their value, so that 2.1.99 comes before 2.1.330. */
export function byName(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const x = left[index] ?? "";
    const y = right[index] ?? "";
    // Odd parts are the digits.
    const order = index % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}
