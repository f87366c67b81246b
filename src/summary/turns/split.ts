import { unionLength } from "../../stats/quantiles.ts";
import type { AskedCall } from "../../calls/prompts/permissions.ts";
import type { TimedCall } from "../../calls/prompts/timed_call.ts";
import { AWAY_SECONDS, type TurnParts } from "./turn.ts";

/** Two moments, seconds since the epoch. */
export type Interval = readonly [from: number, to: number];

/**
 * Splits the time between two moments: what tools took comes first, then what the person was asked, then gates, each
 * as far as nothing before it went on; what is left is the model's.
 */
export function splitTime(
  [from, to]: Interval,
  calls: readonly TimedCall[],
  asked: readonly AskedCall[],
): TurnParts {
  const cover = coverOf(from, to);
  const askedFor = new Map(asked.flatMap((each) => each.call ? [[each.call, each] as const] : []));
  const isRun = ({ kind, end }: TimedCall): boolean => kind === "tool" && !Number.isNaN(end);
  const tools = cover(calls.filter(isRun).map(({ run, end }) => [run, end]));
  const questions = calls.filter(({ kind }) => kind === "asking")
    .map(({ run, end }): Interval => [run, Number.isNaN(end) ? to : end]);
  const requests = asked.map(({ time, seconds = 0 }): Interval => [time, time + seconds]);
  const prompts = [...questions, ...requests];
  const isLong = ([begin, end]: Interval): boolean => end - begin > AWAY_SECONDS;
  const prompted = cover(prompts.filter((each) => !isLong(each)));
  const away = cover(prompts.filter(isLong));
  const gates = cover(calls.map((call): Interval => [
    call.start,
    gateEnd(call, askedFor.get(call)),
  ]));
  const model = Math.max(0, to - from - tools - prompted - away - gates);
  return { model, tools, prompts: prompted, gates, away, together: 0 };
}

/** When the gate of a call ended: where the person was asked, or the tool began; one that was denied never did. */
function gateEnd({ run }: TimedCall, request: AskedCall | undefined): number {
  if (request === undefined) return run;
  return request.isAllowed ? Math.min(run, request.time) : request.time;
}

/** Splits the time of an imported turn, as far as a transcript tells: what is no call's is the model's. */
export function splitImported([from, to]: Interval, calls: readonly TimedCall[]): TurnParts {
  const own = calls.filter(({ kind }) => kind !== "agent");
  const together = coverOf(from, to)(
    own.map(({ start, end }) => [start, end === end ? end : start]),
  );
  const model = Math.max(0, to - from - together);
  return { model, tools: 0, prompts: 0, gates: 0, away: 0, together };
}

/** Adds intervals, cut to the bounds; returns how much more time is covered then, seconds. */
function coverOf(from: number, to: number): (intervals: readonly Interval[]) => number {
  const starts: number[] = [];
  const ends: number[] = [];
  let covered = 0;
  return (intervals) => {
    const known = starts.length;
    for (const [begin, end] of intervals) {
      if (!(end > begin) || end <= from || begin >= to) continue;
      starts.push(Math.max(from, begin));
      ends.push(Math.min(end, to));
    }
    const before = covered;
    if (starts.length > known) covered = unionLength(starts, ends);
    return covered - before;
  };
}
