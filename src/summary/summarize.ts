import { serverOf } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";
import { APPROXIMATE, isEnded, numberOf, REVERSED, WITHOUT_START } from "../calls/call_state.ts";
import type { CallList } from "../calls/call_list.ts";
import { isAgentTool } from "../row/tool_name.ts";
import { PROJECT, SESSION_ID, TOOL_NAME } from "../row/row_view.ts";
import { Groups } from "./groups.ts";
import { sumsOf } from "./sums.ts";
import { Tally } from "./tally.ts";
import type { GroupKeys, GroupRule, Report, Summary } from "./summary.ts";

/** The number of the tool. */
export function toolKeys(columns: CallColumns): GroupKeys {
  const { numbers, names } = columns.texts(TOOL_NAME);
  return { numbers, count: names.size + 1 };
}

/** One line a tool, MCP tools too. */
export const tool: GroupRule = {
  keysOf: toolKeys,
  groupOf: ({ toolName: name }) => {
    if (isAgentTool(name)) return { name, kind: "agent" };
    return { name, kind: serverOf(name) === undefined ? "tool" : "mcp" };
  },
};

/** One line a tool; the tools of an MCP server in one line under the server's name. */
export const toolOrServer: GroupRule = {
  keysOf: toolKeys,
  groupOf: (call) => {
    const server = serverOf(call.toolName);
    return server === undefined ? tool.groupOf(call) : { name: server, kind: "mcp" };
  },
};

/** Sums up calls. */
export function summarize(list: CallList, rule: GroupRule = toolOrServer): Report {
  const { columns, indices } = list;
  const { ended, ...counts } = count(list);
  const parts = new Groups(columns, ended, rule);
  const sums = sumsOf(columns, parts);
  const all = new Tally({ name: "All", kind: "all" }, columns, sums.all, {
    size: ended.length,
    members: () => ended,
  });
  const groups = parts.groups.map((group, number) => {
    const calls = { size: parts.sizes[number]!, members: () => parts.members(number) };
    return new Tally(group, columns, sums.groups[number]!, calls, all);
  });
  return {
    groups: groups.sort(byTotal),
    all,
    sessions: list.countTexts(SESSION_ID),
    projects: list.countTexts(PROJECT),
    mcpTools: countMcpTools(columns, ended),
    ...counts,
    firstTime: columns.time[indices[0] ?? -1],
    lastTime: columns.time[indices.at(-1) ?? -1],
  };
}

type Counts = Pick<
  Report,
  "running" | "abandoned" | "approximate" | "reversed" | "withoutStart" | "spanSeconds"
>;

const RUNNING = numberOf("running");

/** The calls that ended, and how many there are of some kinds. */
function count({ columns, indices }: CallList): Counts & { readonly ended: Int32Array } {
  const { status, flags, time, endTime } = columns;
  const ended = new Int32Array(indices.length);
  const running: number[] = [];
  let [size, abandoned, approximate, reversed, withoutStart] = [0, 0, 0, 0, 0];
  let lastEnd = -Infinity;
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const end = endTime[call]!;
    lastEnd = Math.max(lastEnd, end === end ? end : time[call]!); // NaN is not itself
    if (!isEnded(status[call]!)) {
      if (status[call] === RUNNING) running.push(call);
      else abandoned++;
      continue;
    }
    ended[size++] = call;
    const bits = flags[call]!;
    if ((bits & APPROXIMATE) !== 0) approximate++;
    if ((bits & REVERSED) !== 0) reversed++;
    if ((bits & WITHOUT_START) !== 0) withoutStart++;
  }
  return {
    ended: ended.subarray(0, size),
    running: running.map((call) => columns.call(call)),
    abandoned,
    approximate,
    reversed,
    withoutStart,
    spanSeconds: indices.length === 0 ? undefined : lastEnd - time[indices[0]!]!,
  };
}

function countMcpTools(columns: CallColumns, indices: Int32Array): number {
  const { numbers, names } = columns.texts(TOOL_NAME);
  const isThere = new Uint8Array(names.size + 1);
  for (let at = 0; at < indices.length; at++) isThere[numbers[indices[at]!]!] = 1;
  return isThere.reduce(
    (count, each, number) =>
      each === 1 && serverOf(names.text(number) ?? "") !== undefined ? count + 1 : count,
    0,
  );
}

function byTotal(a: Summary, b: Summary): number {
  return (b.totalSeconds ?? -1) - (a.totalSeconds ?? -1) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
