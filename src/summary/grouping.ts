import { type Call, serverOf, timeOf } from "../calls/call.ts";
import { textOf } from "../calls/call_list.ts";
import type { CallTable } from "../calls/call_table.ts";
import { AGENT_ID, AGENT_TYPE, CLIENT_VERSION, PROJECT, SESSION_ID } from "../row/row_view.ts";
import { formatDate } from "../text/units.ts";
import { type KeyOf, tool, toolOrServer } from "./summarize.ts";
import type { Group } from "./summary.ts";

/** What calls can be grouped by. */
export const GROUPINGS = [
  "tool",
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

/** The group that a call belongs to. */
export function groupBy(grouping: Grouping, options: GroupingOptions): (call: Call) => Group {
  switch (grouping) {
    case "tool":
      return options.splitServers ? tool : toolOrServer;
    case "session":
      return named(({ sessionId }) => sessionId ?? NO_NAME);
    case "project":
      return named(({ project }) => project ?? NO_NAME);
    case "agent":
      return named(agentOf);
    case "server":
      return (call) =>
        serverOf(call.toolName) === undefined
          ? { name: "built-in", kind: "other" }
          : toolOrServer(call);
    case "day":
      return named((call) => formatDate(timeOf(call), options.utc));
    case "version":
      return named(({ start, end }) => start?.clientVersion ?? end?.clientVersion ?? NO_NAME);
  }
}

/** Days begin at a multiple of this in all time zones, seconds. */
const QUARTER_HOUR = 900;

/** Numbers calls so that those of one number are of one group: a group has to be looked up once only. */
export function keysBy(grouping: Grouping): (table: CallTable) => KeyOf {
  switch (grouping) {
    case "tool":
    case "server":
      return ({ tool }) => (call) => tool[call]!;
    case "session":
      return (table) => textOf(table, SESSION_ID);
    case "project":
      return (table) => textOf(table, PROJECT);
    case "agent":
      return (table) => {
        const [type, id] = [textOf(table, AGENT_TYPE), textOf(table, AGENT_ID)];
        return (call) => type(call) || (id(call) === 0 ? 0 : -1);
      };
    case "day":
      return ({ time }) => (call) => Math.floor(time[call]! / QUARTER_HOUR);
    case "version":
      return (table) => textOf(table, CLIENT_VERSION);
  }
}

function named(name: (call: Call) => string): (call: Call) => Group {
  return (call) => ({ name: name(call), kind: "other" });
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
