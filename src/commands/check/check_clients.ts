import type { Call } from "../../calls/call.ts";
import { memoryTrend } from "../../stats/memory_trend.ts";
import type { Sample } from "../../row/sample.ts";
import { formatBytes, formatDuration } from "../../text/units.ts";
import { byTool } from "./check_tools.ts";
import { rssPoints, seriesKey } from "../../summary/growth.ts";
import type { LimitFinder } from "./rules.ts";
import { growthText } from "../../summary/answers.ts";
import type { CheckInput, Gauge } from "./gauge.ts";

/** Below that the ticks in which the kernel counts CPU (10 ms) tell too little, seconds. */
const LEAST_SECONDS = 1;
const NO_CPU =
  "no two rows of a process have cpu_seconds and child_cpu_seconds (basic layout, or ps)";
const TOO_SHORT = "no process has rows a second or more apart";

/** CPU of each client and its finished children from its first to its last row: between calls, too. */
export function clientCpu(
  { calls, rules, isOfTools }: CheckInput,
  _limits: LimitFinder,
  gauge: Gauge,
): void {
  const limit = rules.limits["max-cpu"];
  if (limit === undefined || limit === null || isOfTools) return;
  for (const rows of rowsByClient(calls)) {
    const known = rows.filter(knowsCpu);
    const [first, last] = [known[0], known.at(-1)];
    addCpu(gauge, limit, [[first, last]], { sessionId: last?.sessionId, time: last?.timestamp });
  }
  if (calls.length === 0) gauge.few = "no rows";
}

/** CPU of the clients and their finished children while calls of a tool went on. */
export function toolCpu(
  { calls, isOfTools }: CheckInput,
  limits: LimitFinder,
  gauge: Gauge,
): void {
  for (const group of byTool(calls, "max-cpu", limits, !isOfTools)) {
    addCpu(gauge, group.limit, spans(group.calls), { tool: group.name });
  }
}

type Span = readonly [first: Sample | undefined, last: Sample | undefined];

/** The times in which calls of one client went on; those that overlap are taken as one. */
function spans(calls: readonly Call[]): Span[] {
  const found = new Map<string, { first: Sample; last: Sample }[]>();
  for (const call of calls) {
    const { start, end } = call;
    if (start === undefined || end === undefined || !knowsCpu(start) || !knowsCpu(end)) continue;
    if (call.isRun || call.reversed || call.clientCpuSeconds === undefined) continue;
    const key = seriesKey(call);
    let list = found.get(key);
    if (list === undefined) found.set(key, list = []);
    const previous = list.at(-1);
    if (previous === undefined || start.timestamp >= previous.last.timestamp) {
      list.push({ first: start, last: end });
    } else if (end.timestamp > previous.last.timestamp) previous.last = end;
  }
  return [...found.values()].flat().map(({ first, last }) => [first, last]);
}

function addCpu(
  gauge: Gauge,
  limit: number,
  times: readonly Span[],
  where: { tool?: string; sessionId?: string | undefined; time?: number | undefined },
): void {
  let seconds = 0;
  let cpu = 0;
  for (const [first, last] of times) {
    if (first === undefined || last === undefined) continue;
    seconds += last.timestamp - first.timestamp;
    cpu += Math.max(0, cpuOf(last) - cpuOf(first));
  }
  if (times.every(([first]) => first === undefined)) gauge.unknown ??= NO_CPU;
  else if (seconds < LEAST_SECONDS) gauge.few ??= TOO_SHORT;
  else {
    const detail = `${formatDuration(cpu)} of CPU in ${formatDuration(seconds)}`;
    gauge.add({ value: 100 * cpu / seconds, limit, ...where, detail });
  }
}

/** The most memory that each client has had, with all processes below it. */
export function residentMemory(
  { calls, rules }: CheckInput,
  _limits: LimitFinder,
  gauge: Gauge,
): void {
  const limit = rules.limits["max-rss"];
  if (limit === undefined || limit === null) return;
  if (calls.length === 0) gauge.few = "no rows";
  else gauge.unknown = "no row has memory_rss";
  for (const rows of rowsByClient(calls)) {
    let most: Sample | undefined;
    for (const row of rows) {
      if (memoryOf(row) > (most === undefined ? 0 : memoryOf(most))) most = row;
    }
    if (most === undefined) continue;
    const { memoryRss, treeRss, sessionId, timestamp: time } = most;
    const isOfTree = treeRss !== undefined && treeRss > (memoryRss ?? 0);
    const alone = isOfTree ? `the client alone ${formatBytes(kibibytes(memoryRss))}` : undefined;
    gauge.add({ value: 1024 * memoryOf(most), limit, sessionId, time, detail: alone });
  }
}

/** So many points make a session's slope at most: the time it takes goes by their square. */
const POINTS = 200;

/** The slope of each client's resident set. */
export function growth({ calls, rules }: CheckInput, _limits: LimitFinder, gauge: Gauge): void {
  const limit = rules.limits["max-growth"];
  if (limit === undefined || limit === null) return;
  if (calls.length === 0) gauge.few = "no rows";
  for (const series of groupBy(calls, seriesKey)) {
    const points = rssPoints(series);
    const trend = memoryTrend(points, POINTS);
    if (trend === undefined) gauge.unknown ??= "no row has memory_rss";
    else if (trend.slope === undefined || trend.verdict === "too few") {
      gauge.few ??= "no session has 20 rows over 10 minutes";
    } else {
      gauge.add({
        value: 1024 * trend.slope.slope,
        limit,
        sessionId: series[0]?.sessionId,
        time: points.at(-1)?.x,
        detail: growthText(trend.slope, trend.last - trend.first, trend.seconds),
      });
    }
  }
}

/** The rows of each client, in order of time. */
function rowsByClient(calls: readonly Call[]): Sample[][] {
  return groupBy(calls, seriesKey).map((series) =>
    series.flatMap(({ start, end }) => [start, end].filter((row) => row !== undefined))
      .sort((a, b) => a.timestamp - b.timestamp)
  );
}

function groupBy(calls: readonly Call[], keyOf: (call: Call) => string): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = keyOf(call);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

function knowsCpu({ pid, cpuSeconds, childCpuSeconds }: Sample): boolean {
  return pid !== undefined && cpuSeconds !== undefined && childCpuSeconds !== undefined;
}

function cpuOf({ cpuSeconds = 0, childCpuSeconds = 0 }: Sample): number {
  return cpuSeconds + childCpuSeconds;
}

function memoryOf({ memoryRss = 0, treeRss = 0 }: Sample): number {
  return Math.max(memoryRss, treeRss);
}

function kibibytes(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 1024 * value;
}
