import { type Call, hasEnded, serverOf, timeOf } from "../core/call.ts";
import { isAgentTool } from "../core/pair.ts";
import { mean, quantileIfEnough } from "../core/stats.ts";
import { type Extras, extrasOf, unionSeconds } from "./extras.ts";

/** What a line of the table stands for; `other`: a session, a project, a day. */
export type GroupKind = "tool" | "agent" | "mcp" | "other" | "all";

/** What a group of calls came to. Seconds, KiB, per cent of one core; `undefined` is "not known". */
export interface Summary extends Extras {
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
  const ended = calls.filter(hasEnded);
  const groups = new Map<string, { kind: GroupKind; name: string; calls: Call[] }>();
  for (const call of ended) {
    const { name, kind } = groupOf(call);
    const key = `${kind} ${name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, name, calls: [call] });
    else group.calls.push(call);
  }
  const first = calls[0];
  const last = calls.at(-1);
  const all = toSummary("All", "all", ended);
  const summaries = [...groups.values()].map(({ name, kind, calls }) =>
    withShare(toSummary(name, kind, calls), all)
  );
  return {
    groups: summaries.sort(byTotal),
    all: withShare(all, all),
    sessions: countDistinct(calls, (call) => call.sessionId),
    projects: countDistinct(calls, (call) => call.project),
    mcpTools: countDistinct(ended, ({ toolName }) => serverOf(toolName) && toolName),
    running: calls.filter((call) => call.status === "running"),
    abandoned: count(calls, (call) => call.status === "abandoned"),
    approximate: count(ended, (call) => call.approximate),
    reversed: count(ended, (call) => call.reversed),
    withoutStart: count(ended, (call) => call.start === undefined),
    firstTime: first && timeOf(first),
    lastTime: last && timeOf(last),
    spanSeconds: first && lastEnd(calls) - timeOf(first),
  };
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

function count(calls: readonly Call[], matches: (call: Call) => boolean): number {
  let matching = 0;
  for (const call of calls) if (matches(call)) matching++;
  return matching;
}

function countDistinct(
  calls: readonly Call[],
  key: (call: Call) => string | undefined,
): number {
  const keys = new Set<string | undefined>();
  for (const call of calls) keys.add(key(call));
  keys.delete(undefined);
  return keys.size;
}

function toSummary(
  name: string,
  kind: GroupKind,
  calls: readonly Call[],
): Omit<Summary, "shareOfTime"> {
  const timed = calls.filter((call) => call.status !== "background");
  const durations = known(timed, (call) => call.durationSeconds).sort();
  const cpu = cpuSeconds(calls);
  const knowsStatus = calls.some((call) => call.status !== "unknown");
  return {
    name,
    kind,
    calls: calls.length,
    failed: knowsStatus ? count(calls, (call) => call.status === "error") : undefined,
    interrupted: count(calls, (call) => call.status === "interrupted"),
    background: calls.length - timed.length,
    imported: count(calls, (call) => call.imported === true),
    timed: durations.length,
    meanSeconds: mean(durations),
    p50Seconds: quantileIfEnough(durations, 0.5),
    p95Seconds: quantileIfEnough(durations, 0.95),
    p99Seconds: quantileIfEnough(durations, 0.99),
    maxSeconds: durations.at(-1),
    totalSeconds: kind === "all" || kind === "other"
      ? unionSeconds(calls)
      : sum(calls, (call) => call.durationSeconds),
    waitSeconds: sum(calls, (call) => call.waitSeconds),
    cpuSeconds: cpu,
    isCpuShared: calls.some((call) => call.shared && call.cpuSeconds !== undefined),
    ...samplesOf(calls),
    ...extrasOf(calls, cpu),
  };
}

function known(
  calls: readonly Call[],
  figure: (call: Call) => number | undefined,
): Float64Array {
  const values = new Float64Array(calls.length);
  let length = 0;
  for (const call of calls) {
    const value = figure(call);
    if (value !== undefined) values[length++] = value;
  }
  return values.subarray(0, length);
}

function sum(
  calls: readonly Call[],
  figure: (call: Call) => number | undefined,
): number | undefined {
  const values = known(calls, figure);
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

/**
 * The CPU of the tools' processes over calls in order of time. The column is cumulative, so
 * calls of one process that overlap are taken as one: from the first one's start to the last one's end.
 */
function cpuSeconds(calls: readonly Call[]): number | undefined {
  const spans = new Map<number, { until: number; from: number; to: number }>();
  let total: number | undefined;
  for (const { start, end, cpuSeconds } of calls) {
    const from = start?.childCpuSeconds;
    const to = end?.childCpuSeconds;
    if (cpuSeconds === undefined || from === undefined || to === undefined) continue;
    const pid = start?.pid ?? 0;
    const span = spans.get(pid);
    const timestamp = end?.timestamp ?? 0;
    if (span === undefined || (start?.timestamp ?? 0) >= span.until || from < span.from) {
      total = (total ?? 0) + to - from;
      spans.set(pid, { until: timestamp, from, to });
    } else {
      total = (total ?? 0) + Math.max(0, to - span.to);
      span.until = Math.max(span.until, timestamp);
      span.to = Math.max(span.to, to);
    }
  }
  return total;
}

function samplesOf(
  calls: readonly Call[],
): Pick<Summary, "rssMean" | "rssMax" | "cpuPercentMean" | "cpuPercentMax"> {
  const rss = running();
  const cpuPercent = running();
  for (const { start, end } of calls) {
    rss.add(start?.memoryRss);
    rss.add(end?.memoryRss);
    cpuPercent.add(start?.cpuPercent);
    cpuPercent.add(end?.cpuPercent);
  }
  return {
    rssMean: rss.mean(),
    rssMax: rss.max(),
    cpuPercentMean: cpuPercent.mean(),
    cpuPercentMax: cpuPercent.max(),
  };
}

interface Running {
  add(value: number | undefined): void;
  mean(): number | undefined;
  max(): number | undefined;
}

function running(): Running {
  let total = 0;
  let values = 0;
  let greatest = -Infinity;
  return {
    add(value): void {
      if (value === undefined) return;
      total += value;
      values++;
      greatest = Math.max(greatest, value);
    },
    mean: () => values === 0 ? undefined : total / values,
    max: () => values === 0 ? undefined : greatest,
  };
}
