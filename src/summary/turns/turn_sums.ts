import { quantile } from "../../stats/quantiles.ts";
import type { Permission } from "../../calls/prompts/permissions.ts";
import { AWAY_SECONDS, type Turn, type TurnParts, type Turns } from "./turn.ts";

/** What turns came to. */
export interface TurnSums {
  readonly turns: number;
  /** The sum of `parts` without `away`. */
  readonly seconds: number;
  readonly parts: TurnParts;
  /** The person's own time between turns. */
  readonly between: Times;
  /** Times of absence between turns, those within one are in `parts`. */
  readonly away: Times;
  /** Times between turns that the end of background work ended. */
  readonly background: Times;
}

/** Some times, seconds. */
export interface Times {
  readonly count: number;
  readonly seconds: number;
  readonly median: number | undefined;
  readonly longest: number | undefined;
}

/** Sums up turns. */
export function sumTurns({ turns, between, away, background }: Turns): TurnSums {
  const sum = (part: keyof TurnParts): number =>
    turns.reduce((total, { parts }) => total + parts[part], 0);
  const parts: TurnParts = {
    model: sum("model"),
    tools: sum("tools"),
    prompts: sum("prompts"),
    gates: sum("gates"),
    away: sum("away"),
    together: sum("together"),
  };
  return {
    turns: turns.length,
    seconds: secondsOf(parts),
    parts,
    between: timesOf(between),
    away: timesOf(away),
    background: timesOf(background),
  };
}

/** How long a turn took, without the person's absence. */
export function secondsOf({ model, tools, prompts, gates, together }: TurnParts): number {
  return model + tools + prompts + gates + together;
}

/** Sums up times. */
export function timesOf(seconds: readonly number[]): Times {
  const sorted = Float64Array.from(seconds).sort();
  return {
    count: sorted.length,
    seconds: sorted.reduce((sum, each) => sum + each, 0),
    median: quantile(sorted, 0.5),
    longest: sorted.at(-1),
  };
}

/** The requests for one tool and command. */
export interface PermissionGroup {
  /** The tool, and the command where it is known: `Bash git push`. */
  readonly name: string;
  readonly asked: number;
  /** How long they waited, without those that waited for an absence. */
  readonly waits: Times;
  /** How long those waited that did for an absence, seconds. */
  readonly away: number;
  /** How many ran. */
  readonly allowed: number;
}

/** Requests by what they were for, those that waited longest first. */
export function groupPermissions(permissions: readonly Permission[]): PermissionGroup[] {
  const groups = Map.groupBy(permissions, requestName);
  return Array.from(groups, ([name, own]) => permissionGroup(name, own)).sort((a, b) =>
    b.waits.seconds - a.waits.seconds || b.away - a.away || (a.name < b.name ? -1 : 1)
  );
}

/** What a request was for: the tool, and the command where it is known. */
export function requestName({ toolName, command }: Permission): string {
  return `${toolName} ${command ?? ""}`.trimEnd();
}

/** What requests came to, under a name. */
export function permissionGroup(name: string, own: readonly Permission[]): PermissionGroup {
  const waits = own.map(({ seconds }) => seconds).filter((seconds) => seconds !== undefined);
  return {
    name,
    asked: own.length,
    waits: timesOf(waits.filter((seconds) => seconds <= AWAY_SECONDS)),
    away: timesOf(waits.filter((seconds) => seconds > AWAY_SECONDS)).seconds,
    allowed: own.filter(({ isAllowed }) => isAllowed).length,
  };
}

/** The bytes that the model was given in turns; unknown where that is so of each. */
export function outputOf(turns: readonly Turn[]): number | undefined {
  return known(turns.map(({ outputBytes }) => outputBytes));
}

/** The CPU of turns, seconds; unknown where that is so of each. */
export function cpuOfTurns(turns: readonly Turn[]): number | undefined {
  return known(turns.map(({ cpuSeconds }) => cpuSeconds));
}

function known(figures: readonly (number | undefined)[]): number | undefined {
  const there = figures.filter((each) => each !== undefined);
  return there.length === 0 ? undefined : there.reduce((sum, each) => sum + each, 0);
}
