import { formatDate, formatDuration } from "../text/units.ts";

/** What the hooks of a call cost, as `perfmon bench` measured it. */
export interface HookCost {
  /** When it was measured, seconds since the epoch. */
  readonly time: number;
  /** Medians, seconds: what a call waits for hooks that it waits for. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** CPU seconds of both hooks that nobody waits for; absent where they are waited for. */
  readonly cpuSeconds?: number;
}

/** The cost as the text of the file in which it is kept. */
export function hookCostJson({ time, startSeconds, endSeconds, cpuSeconds }: HookCost): string {
  const waits = { time, start_seconds: startSeconds, end_seconds: endSeconds };
  return JSON.stringify({ ...waits, cpu_seconds: cpuSeconds }) + "\n";
}

/** Reads what `hookCostJson` wrote; `undefined` where it is something else. */
export function parseHookCost(text: string): HookCost | undefined {
  try {
    const {
      time,
      start_seconds: startSeconds,
      end_seconds: endSeconds,
      cpu_seconds: cpuSeconds,
    } = JSON.parse(text);
    const isCost = [time, startSeconds, endSeconds].every((each) => Number.isFinite(each));
    if (!isCost) return undefined;
    const cost = { time, startSeconds, endSeconds };
    return Number.isFinite(cpuSeconds) ? { ...cost, cpuSeconds } : cost;
  } catch {
    return undefined;
  }
}

/** What the hooks of a call cost, in a few words. */
export function costWords({ startSeconds, endSeconds, cpuSeconds }: HookCost): string {
  return cpuSeconds === undefined
    ? `${formatDuration(startSeconds + endSeconds)} a call`
    : `${formatDuration(cpuSeconds)} of CPU a call, waited for by nobody`;
}

/** What the hooks of so many calls cost, going by what was measured, as a sentence for people. */
export function hookCostText(cost: HookCost, calls: number, utc: boolean): string {
  const seconds = cost.cpuSeconds ?? cost.startSeconds + cost.endSeconds;
  return `perfmon itself cost ${costWords(cost)}, as measured ${
    formatDate(cost.time, utc)
  } (perfmon bench): ${formatDuration(seconds * calls)}`;
}
