import { type Call, hasEnded } from "../../calls/call.ts";
import { leastValues, quantile } from "../../stats/quantiles.ts";
import { plural } from "../../text/units.ts";
import { startsShell } from "../../record/shell_tool.ts";
import { holdsOrAsks } from "../../row/tool_name.ts";
import type { Limit, LimitFinder } from "./rules.ts";
import { toolOrServer } from "../../summary/summarize.ts";
import type { ThresholdName } from "./thresholds.ts";
import type { CheckInput, Gauge } from "./gauge.ts";

/** The duration of each call that came to its end. */
export function durations(
  { calls, isOfTools }: CheckInput,
  limits: LimitFinder,
  gauge: Gauge,
): void {
  gauge.few = "no call has ended";
  for (const call of calls) {
    const limit = limits.limitOf("max-duration", call.toolName);
    if (limit === undefined || !isTimed(call) || isSetApart(call, limit, isOfTools)) continue;
    const value = call.durationSeconds;
    if (value === undefined) gauge.unknown = "no end has a duration, or a start that belongs to it";
    else gauge.add({ ...whereOf(call), value, limit: limit.value });
  }
}

/** The memory of each call's processes at its peak. */
export function peaks({ calls }: CheckInput, limits: LimitFinder, gauge: Gauge): void {
  gauge.few = "no call of Bash: only its processes are watched";
  for (const call of calls) {
    const limit = limits.limitOf("max-peak", call.toolName);
    if (limit === undefined) continue;
    const { peakMemory, peakProcess } = call;
    if (peakMemory === undefined) {
      if (!startsShell(call.toolName)) continue;
      gauge.unknown = "no call was watched while it ran (rec start --watch)";
      continue;
    }
    const detail = peakProcess === undefined ? undefined : `most of it ${peakProcess}`;
    gauge.add({ ...whereOf(call), value: 1024 * peakMemory, limit: limit.value, detail });
  }
}

/** The time that each call that has not ended takes so far. */
export function openCalls(
  { open, now, isOfTools }: CheckInput,
  limits: LimitFinder,
  gauge: Gauge,
): void {
  gauge.fine = "no call runs now";
  for (const call of open) {
    const limit = limits.limitOf("max-open", call.toolName);
    if (limit === undefined || call.startTime === undefined) continue;
    if (isSetApart(call, limit, isOfTools)) continue;
    gauge.add({ ...whereOf(call), value: Math.max(0, now - call.startTime), limit: limit.value });
  }
}

/** The 95th percentile of each tool's durations. */
export function percentiles(
  { calls, rules, isOfTools }: CheckInput,
  limits: LimitFinder,
  gauge: Gauge,
): void {
  const isMeant = (call: Call): boolean =>
    !isSetApart(call, limits.limitOf("max-p95", call.toolName), isOfTools);
  const least = Math.max(leastValues(0.95), rules.minCalls);
  gauge.few = "no call has ended";
  const small: string[] = [];
  for (const { name, limit, calls: members } of byTool(calls.filter(isMeant), "max-p95", limits)) {
    const known = members.filter(isTimed).flatMap(({ durationSeconds }) => durationSeconds ?? []);
    if (known.length < least) {
      small.push(`${name} ${known.length}`);
      continue;
    }
    const value = quantile(Float64Array.from(known).sort(), 0.95) ?? 0;
    gauge.add({ value, limit, tool: name, detail: `of ${plural(known.length, "call")}` });
  }
  noteSmall(gauge, small, least);
}

/** The share of each tool's calls that failed. */
export function failures({ calls, rules }: CheckInput, limits: LimitFinder, gauge: Gauge): void {
  const small: string[] = [];
  gauge.few = "no call has ended";
  for (const { name, limit, calls: members } of byTool(calls, "max-failures", limits)) {
    const ended = members.filter(hasEnded);
    const known = ended.filter(({ status }) => status !== "unknown");
    if (known.length === 0 && ended.length > 0) {
      gauge.unknown = "no row says how a call ended (basic layout)";
    } else if (known.length < Math.max(1, rules.minCalls)) small.push(`${name} ${known.length}`);
    else {
      const failed = known.filter(({ status }) => status === "error").length;
      const detail = `${failed} of ${plural(known.length, "call")}`;
      gauge.add({ value: failed / known.length, limit, tool: name, detail });
    }
  }
  noteSmall(gauge, small, Math.max(1, rules.minCalls));
}

/** Agents and questions take their time: only a limit of their own, or who asks for them, means them. */
function isSetApart({ toolName }: Call, limit: Limit | undefined, isOfTools: boolean): boolean {
  return holdsOrAsks(toolName) && limit?.isOwn !== true && !isOfTools;
}

/** Where a value of a single call is from. */
function whereOf(
  call: Call,
): { tool: string; sessionId?: string | undefined; time?: number } {
  const time = call.endTime ?? call.startTime;
  return {
    tool: call.toolName,
    sessionId: call.sessionId,
    ...(time === undefined ? {} : { time }),
  };
}

/** A tool, or an MCP server, with the calls that one limit holds for. */
export interface ToolCalls {
  readonly name: string;
  readonly limit: number;
  readonly calls: Call[];
}

/** The calls by tool or MCP server; `isOwnOnly`: those of tools that have a limit of their own. */
export function byTool(
  calls: readonly Call[],
  threshold: ThresholdName,
  limits: LimitFinder,
  isOwnOnly = false,
): ToolCalls[] {
  const groups = new Map<string, ToolCalls>();
  for (const call of calls) {
    const limit = limits.limitOf(threshold, call.toolName);
    if (limit === undefined || isOwnOnly && !limit.isOwn) continue;
    const { name } = toolOrServer.groupOf(call);
    // Tools of one server can have limits of their own.
    const key = `${name}\n${limit.value}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = { name, limit: limit.value, calls: [] });
    group.calls.push(call);
  }
  return [...groups.values()];
}

/** Ended, and not merely returned while its work goes on. */
function isTimed(call: Call): boolean {
  return hasEnded(call) && call.status !== "background";
}

function noteSmall(gauge: Gauge, small: readonly string[], least: number): void {
  if (small.length === 0) return;
  const rest = small.length > 3 ? ` and ${small.length - 3} more` : "";
  gauge.besides = `fewer than ${plural(least, "call")}: ${small.slice(0, 3).join(", ")}${rest}`;
}
