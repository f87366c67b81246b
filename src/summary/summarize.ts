import { type Call, serverOf } from "../calls/call.ts";
import { ABANDONED, APPROXIMATE, REVERSED, RUNNING } from "../calls/call_flags.ts";
import { CallList } from "../calls/call_list.ts";
import type { CallTable } from "../calls/call_table.ts";
import { isAgentTool } from "../calls/pair.ts";
import { PROJECT, SESSION_ID } from "../row/row_view.ts";
import { Tally } from "./tally.ts";

/** What a line of the table stands for; `other`: a session, a project, a day. */
export type GroupKind = "tool" | "agent" | "mcp" | "other" | "all";

/** What a group of calls came to. Seconds, KiB, per cent of one core; `undefined` is "not known". */
export interface Summary {
  readonly name: string;
  readonly kind: GroupKind;
  /** Calls that ended. */
  readonly calls: number;
  /** Ended by an error; unknown where no row says how calls ended. */
  readonly failed: number | undefined;
  readonly interrupted: number;
  /** Returned while their work went on: not in the mean, the quantiles and the maximum. */
  readonly background: number;
  /** Read from transcripts and not recorded. */
  readonly imported: number;
  /** How many durations the mean, the quantiles and the maximum rest on. */
  readonly timed: number;
  readonly meanSeconds: number | undefined;
  readonly p50Seconds: number | undefined;
  readonly p95Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
  readonly maxSeconds: number | undefined;
  /** Sum of a tool's durations; of `all` and `other` the length of their union, so that overlaps count once. */
  readonly totalSeconds: number | undefined;
  /** `totalSeconds` over that of all calls, 0 … 1; the shares of calls side by side overlap. */
  readonly shareOfTime: number | undefined;
  readonly waitSeconds: number | undefined;
  /** CPU of the tools' processes; what overlapping calls share counts once. */
  readonly cpuSeconds: number | undefined;
  /** Some of the CPU may be that of other calls at the same time. */
  readonly isCpuShared: boolean;
  /** Over the rows at start and end: */
  readonly rssMean: number | undefined;
  readonly rssMax: number | undefined;
  readonly cpuPercentMean: number | undefined;
  readonly cpuPercentMax: number | undefined;
  /** CPU of the tools' processes over the time in those calls that know it, per cent of one core. */
  readonly cpuPercentDuring: number | undefined;
  /** The client's resident set at the end of a call, on average, KiB. */
  readonly rssEnd: number | undefined;
  /** What the client's resident set changed by during the calls, overlaps once, KiB. */
  readonly growth: number | undefined;
}

/** The calls of a log in figures. */
export interface Report {
  /** By total time, longest first, then by name. */
  readonly groups: readonly Summary[];
  readonly all: Summary;
  readonly sessions: number;
  readonly projects: number;
  /** Names of MCP tools among the calls. */
  readonly mcpTools: number;
  /** Calls without an end, oldest first. */
  readonly running: readonly Call[];
  readonly abandoned: number;
  readonly approximate: number;
  readonly reversed: number;
  readonly withoutStart: number;
  /** Time of the first and the last call, seconds since the epoch. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** From the first call's start to the last end. */
  readonly spanSeconds: number | undefined;
}

/** What line of the table a call belongs to. */
export interface Group {
  readonly name: string;
  readonly kind: GroupKind;
}

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
