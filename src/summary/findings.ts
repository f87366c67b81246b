import { serverOf } from "../calls/call.ts";
import type { CallList } from "../calls/call_list.ts";
import { isEnded, numberOf } from "../calls/call_state.ts";
import { difference } from "../stats/difference.ts";
import { TOOL_NAME } from "../row/row_view.ts";
import { quantile } from "../stats/quantiles.ts";
import { type Growth, steepestGrowth } from "./growth.ts";

/** A tool that became slower or faster. */
export interface Change {
  readonly name: string;
  /** Median durations, seconds. */
  readonly before: number;
  readonly now: number;
  /** How likely it is by chance alone, 0 to 1. */
  readonly p: number;
}

/** What takes more than one call to see. */
export interface Findings {
  readonly growth?: Growth | undefined;
  /** The tools that became faster or slower, those first in which most time was spent. */
  readonly changes: readonly Change[];
}

/** What the calls show beside the calls of the window before. */
export function findings(calls: CallList, before: CallList): Findings {
  return { growth: steepestGrowth(calls), changes: changesSince(before, calls) };
}

/**
 * What a change must come to beside its verdict to be told of, as `--help` states it: calls in both
 * windows, the chance of error over all tools together (Bonferroni), the medians' ratio less 1.
 */
const CHANGE_RULE = { calls: 20, level: 0.01, ratio: 0.1 } as const;

/** The tools that became slower or faster by so much that a person is told without having asked. */
function changesSince(before: CallList, calls: CallList): Change[] {
  if (before.size === 0) return [];
  const earlier = durationsBy(before);
  const later = [...durationsBy(calls)].filter(([name, durations]) =>
    Math.min(durations.length, earlier.get(name)?.length ?? 0) >= CHANGE_RULE.calls
  );
  return later.flatMap(([name, durations]) => {
    const old = earlier.get(name) ?? new Float64Array();
    const change = changeOf(name, old, durations, CHANGE_RULE.level / later.length);
    return change === undefined ? [] : [{ change, weight: sum(durations) }];
  }).sort((a, b) => b.weight - a.weight).map(({ change }) => change);
}

function changeOf(
  name: string,
  old: Float64Array,
  recent: Float64Array,
  level: number,
): Change | undefined {
  const before = quantile(old, 0.5) ?? 0;
  const now = quantile(recent, 0.5) ?? 0;
  // Asked first: it costs less than the verdict, and few tools pass it.
  if (!(Math.abs(now / before - 1) >= CHANGE_RULE.ratio)) return undefined;
  const found = difference(old, recent);
  if (found === undefined || found.p >= level) return undefined;
  // The verdict and the medians can point in different directions; then there is nothing to tell.
  return found.verdict === (now > before ? "slower" : "faster")
    ? { name, before, now, p: found.p }
    : undefined;
}

function sum(values: Float64Array): number {
  return values.reduce((total, each) => total + each, 0);
}

const BACKGROUND = numberOf("background");

/** The known durations of each tool or MCP server, ascending; background calls left out. */
function durationsBy({ columns, indices }: CallList): Map<string, Float64Array> {
  const byTool = new Map<number, number[]>();
  const { duration, status } = columns;
  const { numbers: tool, names } = columns.texts(TOOL_NAME);
  for (let place = 0; place < indices.length; place++) {
    const call = indices[place]!;
    const isKnown = duration[call] === duration[call] && status[call] !== BACKGROUND;
    if (!isKnown || !isEnded(status[call]!)) continue;
    const durations = byTool.get(tool[call]!);
    if (durations === undefined) byTool.set(tool[call]!, [duration[call]!]);
    else durations.push(duration[call]!);
  }
  const groups = Map.groupBy(byTool, ([number]) => {
    const name = names.text(number) ?? "unknown";
    return serverOf(name) ?? name;
  });
  return new Map(
    Array.from(groups, ([name, tools]) => {
      const durations = tools.flatMap(([, each]) => each);
      return [name, Float64Array.from(durations).sort()];
    }),
  );
}
