import { type Call, hasEnded, serverOf, timeOf } from "../core/call.ts";
import { isAgentTool } from "../core/pair.ts";
import { Figures, Tally } from "./tally.ts";

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

/** Sums up calls, which come in order of time. */
export function summarize(
  calls: readonly Call[],
  groupOf: (call: Call) => Group = toolOrServer,
): Report {
  const figures = new Figures();
  const groups = new Groups();
  const all = new Tally("All", "all");
  const sessions = new Set<string | undefined>();
  const projects = new Set<string | undefined>();
  const mcpTools = new Set<string>();
  const running: Call[] = [];
  const counts = { abandoned: 0, approximate: 0, reversed: 0, withoutStart: 0 };
  for (const call of calls) {
    sessions.add(call.sessionId);
    projects.add(call.project);
    if (!hasEnded(call)) {
      if (call.status === "running") running.push(call);
      else counts.abandoned++;
      continue;
    }
    figures.take(call);
    all.add(figures);
    const group = groupOf(call);
    groups.tallyOf(group).add(figures);
    if (serverOf(call.toolName) !== undefined) mcpTools.add(call.toolName);
    if (call.approximate) counts.approximate++;
    if (call.reversed) counts.reversed++;
    if (call.start === undefined) counts.withoutStart++;
  }
  sessions.delete(undefined);
  projects.delete(undefined);
  const [first] = calls;
  const last = calls.at(-1);
  const whole = all.summary();
  return {
    groups: groups.summaries().map((group) => withShare(group, whole)).sort(byTotal),
    all: withShare(whole, whole),
    sessions: sessions.size,
    projects: projects.size,
    mcpTools: mcpTools.size,
    running,
    ...counts,
    firstTime: first && timeOf(first),
    lastTime: last && timeOf(last),
    spanSeconds: first && lastEnd(calls) - timeOf(first),
  };
}

/** The tallies of groups; those of one name and different kinds are different groups. */
class Groups {
  private readonly byName = new Map<string, Map<GroupKind, Tally>>();

  tallyOf({ name, kind }: Group): Tally {
    let kinds = this.byName.get(name);
    if (kinds === undefined) this.byName.set(name, kinds = new Map());
    let tally = kinds.get(kind);
    if (tally === undefined) kinds.set(kind, tally = new Tally(name, kind));
    return tally;
  }

  summaries(): Omit<Summary, "shareOfTime">[] {
    return [...this.byName.values()].flatMap((kinds) => [...kinds.values()])
      .map((tally) => tally.summary());
  }
}

function byTotal(a: Summary, b: Summary): number {
  return (b.totalSeconds ?? -1) - (a.totalSeconds ?? -1) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function lastEnd(calls: readonly Call[]): number {
  let last = -Infinity;
  for (const call of calls) last = Math.max(last, call.endTime ?? timeOf(call));
  return last;
}

function withShare(summary: Omit<Summary, "shareOfTime">, all: typeof summary): Summary {
  const { totalSeconds } = summary;
  const whole = all.totalSeconds;
  const shareOfTime = totalSeconds === undefined || !whole ? undefined : totalSeconds / whole;
  return { ...summary, shareOfTime };
}
