/**
 * The seconds east of UTC that a time zone has at a time, in seconds since the epoch: 7200 for CEST.
 */
export type OffsetAt = (time: number) => number;

/** A day of the year on which clocks are changed, and the local time of it. */
interface Change {
  readonly day: (year: number) => number;
  /** Seconds behind midnight; may be of another day. */
  readonly time: number;
}

const NAME = /(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)/.source;
const TIME = /[+-]?\d{1,3}(?::\d{1,2}(?::\d{1,2})?)?/.source;
const RULE = new RegExp(
  `^:?${NAME}(${TIME})(?:${NAME}(${TIME})?(?:,([^,/]+)(?:/(${TIME}))?,([^,/]+)(?:/(${TIME}))?)?)?$`,
);
/** Whether there is a summer time: a second name. */
const SUMMER = new RegExp(`^:?${NAME}${TIME}${NAME}`);

/** What the C library takes where a rule names a summer time and no days: those of the United States. */
const DEFAULT_CHANGES = ["M3.2.0", "M11.1.0"] as const;
const DEFAULT_TIME = "2";
const DAY = 86_400;

/**
 * Reads a time zone as POSIX has it in `$TZ`, `CET-1CEST,M3.5.0,M10.5.0/3`; `undefined` where a text is no
 * such rule, as the name of a zone is none.
 */
export function parsePosixZone(text: string): OffsetAt | undefined {
  const match = RULE.exec(text);
  if (match === null) return undefined;
  const [, west = "0", westInSummer, from, fromTime, to, toTime] = match;
  const offset = -seconds(west);
  if (!SUMMER.test(text)) return () => offset;
  const summer = westInSummer === undefined ? offset + 3600 : -seconds(westInSummer);
  const begin = changeOf(from ?? DEFAULT_CHANGES[0], fromTime);
  const end = changeOf(to ?? DEFAULT_CHANGES[1], toTime);
  if (begin === undefined || end === undefined) return undefined;
  return (time) => {
    const year = new Date((time + offset) * 1000).getUTCFullYear();
    const begins = timeOf(begin, year) - offset;
    const ends = timeOf(end, year) - summer;
    const isSummer = begins < ends ? time >= begins && time < ends : time >= begins || time < ends;
    return isSummer ? summer : offset;
  };
}

function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  return (text.startsWith("-") ? -1 : 1) * (3600 * hours + 60 * minutes + rest);
}

/** The local time of a change, as if it were UTC, seconds since the epoch. */
function timeOf({ day, time }: Change, year: number): number {
  return day(year) * DAY + time;
}

function changeOf(text: string, time = DEFAULT_TIME): Change | undefined {
  const day = dayOf(text);
  return day && { day, time: seconds(time) };
}

/** `M10.5.0` (the last Sunday of October), `J300` (without the leap day), `299`: days since the epoch, by year. */
function dayOf(text: string): ((year: number) => number) | undefined {
  const [, month, week, weekday] = (/^M(\d{1,2})\.([1-5])\.([0-6])$/.exec(text) ?? []).map(Number);
  if (month !== undefined && week !== undefined && weekday !== undefined) {
    return month < 1 || month > 12 ? undefined : (year) => weekdayOf(year, month, week, weekday);
  }
  const [, julian, number] = /^(J?)(\d{1,3})$/.exec(text) ?? [];
  if (number === undefined || Number(number) > 365) return undefined;
  if (julian === "") return (year) => firstOf(year, 1) + Number(number);
  return (year) => {
    const day = Number(number);
    return firstOf(year, 1) + day - 1 + (day > 59 ? firstOf(year, 3) - firstOf(year, 1) - 59 : 0);
  };
}

function firstOf(year: number, month: number): number {
  return Date.UTC(year, month - 1, 1) / 1000 / DAY;
}

function weekdayOf(year: number, month: number, week: number, weekday: number): number {
  const first = firstOf(year, month);
  const firstWeekday = new Date(first * DAY * 1000).getUTCDay();
  const day = first + (weekday - firstWeekday + 7) % 7 + 7 * (week - 1);
  return day < firstOf(year, month + 1) ? day : day - 7;
}
