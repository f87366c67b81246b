/** Rows of turns for the tests of turns, and what these come to. */
import { toCallList } from "../../../src/calls/to_calls.ts";
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import type { TurnParts, Turns } from "../../../src/summary/turns/turn.ts";
import { turnsOf } from "../../../src/summary/turns/turns.ts";
import { end, start } from "../../kit/samples.ts";

/** A row of no call. */
export function event(kind: EventKind, time: number, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, rest), event: kind, toolName: rest.toolName ?? "unknown" };
}

export const prompt = (time: number, rest: Partial<Sample> = {}): Sample =>
  event("prompt", time, rest);
export const stop = (time: number, rest: Partial<Sample> = {}): Sample =>
  event("stop", time, { status: "ok", ...rest });
export const ended = (time: number): Sample => event("stop", time, { status: undefined });

/** A call that was requested at `from`, ran from `run` and ended at `to`. */
export function ran(
  id: string,
  from: number,
  run: number,
  to: number,
  rest: Partial<Sample> = {},
): Sample[] {
  const durationMs = Math.round(1000 * (to - run));
  return [start(from, { toolUseId: id, ...rest }), end(to, { toolUseId: id, durationMs, ...rest })];
}

export function turns(...rows: Sample[][]): Turns {
  return turnsOf(rows.flat(), toCallList(rows.flat()));
}

/** The parts of each turn, seconds. */
export function partsOf(found: Turns): TurnParts[] {
  return found.turns.map(({ parts }) => {
    const rounded = Object.entries(parts).map((
      [name, each],
    ) => [name, Math.round(1e3 * each) / 1e3]);
    return Object.fromEntries(rounded) as TurnParts;
  });
}

export const NOTHING = { model: 0, tools: 0, prompts: 0, gates: 0, away: 0, together: 0 };
