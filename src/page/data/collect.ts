import { type Call, timeOf } from "../../calls/call.ts";
import type { Sample } from "../../row/sample.ts";
import { type CallColumns, makeColumns, SAME_AS_WALL } from "./columns.ts";
import { FLAG, type PageHead, type ProcessId, STATUSES } from "./head.ts";

/** The names that columns number, and the numbers. */
export interface Collected extends
  Pick<
    PageHead,
    "tools" | "sessions" | "projects" | "agents" | "agentTypes" | "versions" | "processes"
  > {
  readonly columns: CallColumns;
}

/** Puts calls, which come in order of time, into columns. */
export function collect(calls: readonly Call[]): Collected {
  const columns = makeColumns(calls.length);
  const tools = new Names();
  const sessions = new Names();
  const projects = new Names();
  const agents = new Names();
  const agentTypes = new Names();
  const versions = new Names();
  const processes = new Processes();
  calls.forEach((call, index) => {
    const { start, end } = call;
    columns.tool[index] = tools.place(call.toolName);
    columns.session[index] = sessions.place(call.sessionId);
    columns.project[index] = projects.place(call.project);
    columns.agent[index] = agents.place(call.agentId);
    columns.agentType[index] = agentTypes.place(start?.agentType ?? end?.agentType);
    columns.version[index] = versions.place(start?.clientVersion ?? end?.clientVersion);
    columns.process[index] = processes.place(start ?? end);
    setFigures(columns, index, call);
  });
  return {
    columns,
    tools: tools.list,
    sessions: sessions.list,
    projects: projects.list,
    agents: agents.list,
    agentTypes: agentTypes.list,
    versions: versions.list,
    processes: processes.list,
  };
}

function setFigures(columns: CallColumns, index: number, call: Call): void {
  const { start, end, durationSeconds, waitSeconds } = call;
  const time = timeOf(call);
  const wall = start === undefined || end === undefined
    ? undefined
    : microseconds(end.timestamp) - microseconds(start.timestamp);
  const isWall = wall !== undefined && durationSeconds !== undefined &&
    Math.abs(durationSeconds - wall) < 2e-6;
  columns.time[index] = time;
  columns.wall[index] = wall ?? NaN;
  columns.duration[index] = isWall ? SAME_AS_WALL : durationSeconds ?? NaN;
  if (!isDerived(wall, call)) columns.wait[index] = waitSeconds ?? NaN;
  columns.status[index] = STATUSES.indexOf(call.status);
  columns.exitCode[index] = end?.exitCode ?? NaN;
  columns.flags[index] = flagsOf(call) | (isDerived(wall, call) ? FLAG.derivesWait : 0);
  columns.survivors[index] = call.survivors ?? NaN;
  columns.rssStart[index] = start?.memoryRss ?? NaN;
  columns.rssEnd[index] = end?.memoryRss ?? NaN;
  columns.cpuStart[index] = start?.cpuSeconds ?? NaN;
  columns.cpuEnd[index] = end?.cpuSeconds ?? NaN;
  columns.childCpuStart[index] = start?.childCpuSeconds ?? NaN;
  columns.childCpuEnd[index] = end?.childCpuSeconds ?? NaN;
  columns.percentStart[index] = start?.cpuPercent ?? NaN;
  columns.percentEnd[index] = end?.cpuPercent ?? NaN;
}

function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Whether the wait is the rest of `wall`, as it is of all calls but subagents' runs. */
function isDerived(wall: number | undefined, { waitSeconds, durationSeconds }: Call): boolean {
  return waitSeconds !== undefined && wall !== undefined && durationSeconds !== undefined &&
    Math.abs(Math.max(0, wall - durationSeconds) - waitSeconds) < 2e-6;
}

function flagsOf(call: Call): number {
  const { start, end } = call;
  const bit = (flag: number, isSet: boolean): number => isSet ? flag : 0;
  return bit(FLAG.shared, call.shared) | bit(FLAG.approximate, call.approximate) |
    bit(FLAG.isRun, call.isRun) | bit(FLAG.imported, call.imported === true) |
    bit(FLAG.hasStart, start !== undefined) | bit(FLAG.hasEnd, end !== undefined) |
    bit(FLAG.knowsCpu, call.cpuSeconds !== undefined) |
    bit(FLAG.knowsClientCpu, call.clientCpuSeconds !== undefined) |
    bit(FLAG.knowsGrowth, call.memoryGrowth !== undefined) | bit(FLAG.reversed, call.reversed);
}

/** Names in the order in which they first came. */
class Names {
  readonly list: string[] = [];
  private readonly places = new Map<string, number>();

  /** The name's place; -1 without one. */
  place(name: string | undefined): number {
    if (name === undefined) return -1;
    const known = this.places.get(name);
    if (known !== undefined) return known;
    this.places.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}

/** Processes by pid and start. */
class Processes {
  readonly list: ProcessId[] = [];
  private readonly places = new Map<string, number>();

  place(sample: Sample | undefined): number {
    const pid = sample?.pid;
    if (pid === undefined) return -1;
    const processStart = sample?.processStart;
    const key = `${pid} ${processStart}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.list.length);
    return this.list.push({ pid, processStart }) - 1;
  }
}
