import { formatDate, formatDuration } from "../text/units.ts";

/** What the hooks of a call cost, as `perfmon bench` measured it. */
export interface HookCost {
  /** When it was measured, seconds since the epoch. */
  readonly time: number;
  /** Medians, seconds. */
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The cost as the text of the file in which it is kept. */
export function hookCostJson({ time, startSeconds, endSeconds }: HookCost): string {
  return JSON.stringify({ time, start_seconds: startSeconds, end_seconds: endSeconds }) + "\n";
}

/** Reads what `hookCostJson` wrote; `undefined` where it is something else. */
export function parseHookCost(text: string): HookCost | undefined {
  try {
    const { time, start_seconds: startSeconds, end_seconds: endSeconds } = JSON.parse(text);
    const isCost = [time, startSeconds, endSeconds].every((each) => Number.isFinite(each));
    return isCost ? { time, startSeconds, endSeconds } : undefined;
  } catch {
    return undefined;
  }
}

/** What the hooks of so many calls cost, going by what was measured, as a sentence for people. */
export function hookCostText(
  { time, startSeconds, endSeconds }: HookCost,
  calls: number,
  utc: boolean,
): string {
  const seconds = startSeconds + endSeconds;
  return `perfmon itself cost ${formatDuration(seconds)} a call, as measured ${
    formatDate(time, utc)
  } (perfmon bench): ${formatDuration(seconds * calls)}`;
}
