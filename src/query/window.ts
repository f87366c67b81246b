import type { CallList } from "../calls/call_list.ts";
import { parseDuration, parseTime } from "../text/units.ts";
import { type Arguments, CommandError, EXIT } from "../cli/command.ts";

const DEFAULT_WINDOW_SECONDS = 7 * 86_400;

/** A time with what it is called, `Since the end of may`; seconds since the epoch. */
export interface Since {
  readonly time: number;
  readonly covers: string;
}

/** What is meant where no flag says which time is. */
export interface WindowOptions {
  /** Whether it is the whole log, and not the last 7 days. */
  readonly wholeLog?: boolean;
  /** Since when it is, instead of the last 7 days. */
  readonly since?: Since | undefined;
  /** Whether it is the whole log where the last 7 days hold nothing. */
  readonly orWhole?: boolean;
}

/** The whole log where the last 7 days, which nobody asked for, hold none of the calls. */
export function notEmpty(asked: Window, matching: CallList): Window {
  const isEmpty = asked.isDefault && matching.size > 0 &&
    matching.within(asked.since, asked.until).size === 0;
  return isEmpty ? INSTEAD : asked;
}

/** What is shown where the last 7 days hold nothing. */
export const INSTEAD: Window = {
  since: undefined,
  until: undefined,
  covers: "Whole log (nothing in the last 7 days)",
  isDefault: false,
};

/** From when, and until when exclusive, in seconds since the epoch; `undefined`: no bound. */
export type Bounds = Pick<Window, "since" | "until">;

/** As long a time before one; `undefined` where that has no beginning. */
export function windowBefore({ since, until }: Bounds, now: number): Bounds | undefined {
  if (since === undefined) return undefined;
  return { since: 2 * since - (until ?? now), until: since };
}

/** What of a log is enough: the time that is asked for, or also as long a one before it. */
export type Reach = "window" | "before";

/** So much longer back is read, seconds: rows of calls that began before a time and ended in it. */
const MARGIN_SECONDS = 86_400;

/** From when on rows are needed, seconds since the epoch; `undefined` where all are. */
export function sinceFor(
  reach: Reach | undefined,
  window: Bounds,
  now: number,
): number | undefined {
  if (reach === undefined || window.since === undefined) return undefined;
  const { since = window.since } = reach === "before" ? windowBefore(window, now) ?? {} : window;
  return since - MARGIN_SECONDS;
}

/** The same for who follows a log and shows a time: no less than what the last 7 days need, for calls and sessions that go on. */
export function followedSince({ since }: Bounds, now: number): number | undefined {
  return since && Math.min(since, now - DEFAULT_WINDOW_SECONDS) - MARGIN_SECONDS;
}

/**
 * Whether rows that reach back no further than needed tell which calls began in a time: not where there is none, or
 * one without a start, which may stand in what was not read.
 */
export function holdsWindow(list: CallList, { since, until }: Bounds): boolean {
  const { time, endTime } = list.columns;
  const within = list.within(since, until);
  return within.size > 0 && within.indices.every((call) => time[call] !== endTime[call]);
}

/** The time that is asked for. */
export interface Window {
  /** Seconds since the epoch. */
  readonly since: number | undefined;
  /** Seconds since the epoch, exclusive. */
  readonly until: number | undefined;
  readonly covers: string;
  readonly isDefault: boolean;
}

/** Whether a time (seconds since the epoch) lies in a window. */
export function isWithin(time: number, { since, until }: Bounds): boolean {
  return (since === undefined || time >= since) && (until === undefined || time < until);
}

/** Reads the time that the flags ask for; throws a `CommandError` (64) where it can't be read. */
export function windowOf(args: Arguments, now: number, options: WindowOptions = {}): Window {
  const since = timeFlag(args, "since", now);
  const until = timeFlag(args, "until", now);
  if (args.has("all") && (since !== undefined || until !== undefined)) {
    throw new CommandError("Cannot use --all with --since or --until: give one", EXIT.usage);
  }
  if (since !== undefined && until !== undefined && since >= until) {
    throw new CommandError("Cannot use --since: it is not before --until", EXIT.usage);
  }
  if (since !== undefined || until !== undefined) {
    return { since, until, covers: coversText(args), isDefault: false };
  }
  if (options.since !== undefined && !args.has("all")) {
    const { time, covers } = options.since;
    return { since: time, until, covers, isDefault: false };
  }
  if (args.has("all") || options.wholeLog || args.text("session") !== undefined) {
    return { since, until, covers: "Whole log", isDefault: false };
  }
  return {
    since: now - DEFAULT_WINDOW_SECONDS,
    until,
    covers: "Last 7 days",
    isDefault: true,
  };
}

function timeFlag(args: Arguments, name: "since" | "until", now: number): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const time = parseTime(text, now, { utc: args.has("utc"), endOfDay: name === "until" });
  if (time === undefined) {
    throw new CommandError(
      `Cannot read "${text}" as the time for --${name}: give 2h, 7d, today, yesterday, 2026-01-31 or 2026-01-31T10:20`,
      EXIT.usage,
    );
  }
  return time;
}

function coversText(args: Arguments): string {
  const since = args.text("since");
  const until = args.text("until");
  const isAgo = until !== undefined && parseDuration(until) !== undefined;
  const to = isAgo ? `${until} ago` : until;
  if (since === undefined) return `Until ${to}`;
  const from = parseDuration(since) === undefined ? `Since ${since}` : `Last ${since}`;
  return to === undefined ? from : `${from} until ${to}`;
}
