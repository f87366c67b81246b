/** The sign that stands for a value that is not known. */
export const UNKNOWN = "–";

/** The decimal sign, and the sign at thousands: on a page those of its reader's languages. */
const SIGNS: { readonly decimal: string; readonly group: string } = "document" in globalThis
  ? signsOf(navigator.languages)
  : { decimal: ".", group: "," };

function signsOf(languages: readonly string[]): typeof SIGNS {
  const parts = new Intl.NumberFormat([...languages]).formatToParts(1_234_567.8);
  const sign = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return { decimal: sign("decimal"), group: sign("group") };
}

/** A number with `digits` decimals, without a sign at thousands: `28.1`. */
export function formatDecimal(value: number, digits: number): string {
  return value.toFixed(digits).replace(".", SIGNS.decimal);
}

/**
 * A duration in seconds for people, rounded half up: below 1 s whole milliseconds (`640ms`), below a
 * minute one decimal (`28.1s`), below an hour `4m6s`, below a day `2h41m`, else `3d4h`. What rounds to
 * the next unit is shown in it (59.96 s is `1m0s`); a part of a millisecond is `<1ms`.
 */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined) return UNKNOWN;
  if (seconds < 0) return "-" + formatDuration(-seconds);
  if (seconds > 0 && seconds < 0.0005) return "<1ms";
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const tenths = Math.round(seconds * 10);
  return tenths < 600 ? formatDecimal(tenths / 10, 1) + "s" : formatAge(seconds);
}

/** An age, given in seconds, in whole units, rounded half up: `41s`, `23m14s`, `2h5m`, `3d4h`. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60}s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h${minutes % 60}m`;
  const hours = Math.round(whole / 3600);
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

/**
 * The time since something happened, given in seconds, in its largest unit, rounded down: `12s
 * ago`, `3h ago`; `now` below a second.
 */
export function formatAgo(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 1) return "now";
  if (whole < 60) return `${whole}s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ago`;
  if (whole < 2 * 86_400) return `${Math.floor(whole / 3600)}h ago`;
  return `${Math.floor(whole / 86_400)}d ago`;
}

/**
 * Bytes for people, in the largest binary unit that gives at least 1, rounded half up: one decimal
 * below 10 of it (`1.9 GiB`), else none (`310 MiB`). `short` leaves out `iB` (`310 M`).
 */
export function formatBytes(bytes: number | undefined, form: "long" | "short" = "long"): string {
  if (bytes === undefined) return UNKNOWN;
  if (bytes < 0) return "-" + formatBytes(-bytes, form);
  if (Math.round(bytes) < 1024) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = -1;
  while (Math.round(value) >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  const tenths = Math.round(value * 10);
  const text = tenths < 100 ? formatDecimal(tenths / 10, 1) : formatCount(Math.round(value));
  return `${text} ${"KMGT"[unit]}${form === "short" ? "" : "iB"}`;
}

/** A ratio as per cent, rounded half up: one decimal below 10 % (`8.9%`), else none (`71%`). */
export function formatPercent(ratio: number | undefined): string {
  if (ratio === undefined) return UNKNOWN;
  const tenths = Math.round(ratio * 1000);
  return tenths > 0 && tenths < 100
    ? formatDecimal(tenths / 10, 1) + "%"
    : `${Math.round(ratio * 100)}%`;
}

/** A whole number with a comma at each thousand: `4,812`. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? UNKNOWN : String(count).replace(/\B(?=(\d{3})+$)/g, SIGNS.group);
}

/** A count with its noun: `1 row`, `4,812 rows`, `2 processes`. */
export function plural(count: number, noun: string): string {
  const ending = noun.endsWith("s") ? "es" : "s";
  return `${formatCount(count)} ${noun}${count === 1 ? "" : ending}`;
}

interface Moment {
  readonly date: string;
  readonly time: string;
  readonly weekday: string;
}

function moment(timestamp: number, utc: boolean): Moment {
  const local = new Date(timestamp * 1000);
  // Shifted by the zone, so that the UTC form of the date reads as local time.
  const shift = utc ? 0 : local.getTimezoneOffset() * 60_000;
  const shifted = new Date(local.getTime() - shift);
  if (Number.isNaN(shifted.getTime())) return { date: UNKNOWN, time: UNKNOWN, weekday: UNKNOWN };
  const text = shifted.toISOString();
  return {
    date: text.slice(0, text.indexOf("T")),
    time: text.slice(text.indexOf("T") + 1, -5),
    weekday: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][shifted.getUTCDay()] ?? "",
  };
}

/** A time (seconds since the epoch) as its date, `2026-01-31`, in the local zone or UTC. */
export function formatDate(timestamp: number, utc: boolean): string {
  return moment(timestamp, utc).date;
}

/** A time (seconds since the epoch) as that of the day, `11:02:45`. */
export function formatClock(timestamp: number, utc: boolean): string {
  return moment(timestamp, utc).time.slice(0, 8);
}

/**
 * A time (seconds since the epoch) as `Sat 11:02` within the six days before `now`, else as
 * `2026-01-31 11:02`.
 */
export function formatTime(timestamp: number, now: number, utc: boolean): string {
  const { date, time, weekday } = moment(timestamp, utc);
  const isNear = timestamp <= now && now - timestamp < 6 * 86_400;
  return `${isNear ? weekday : date} ${time.slice(0, 5)}`;
}

const DURATION_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** The seconds of `640ms`, `60s`, `2h41m`, `90d`, `1w`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const part = /(\d+(?:\.\d+)?)\s*(ms|[smhdw])\s*/gy;
  let seconds = 0;
  let end = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    seconds += Number(match[1]) * (DURATION_SECONDS[match[2] ?? ""] ?? 0);
    end = part.lastIndex;
  }
  return end > 0 && end === text.length ? seconds : undefined;
}

/**
 * The bytes of `4GiB`, `512 M`, `1024`: `K`, `M`, `G`, `T` alone or with `iB` are powers of 1024, with
 * `B` powers of 1000. `undefined` for anything else.
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(iB|B)?|B)?$/i.exec(text);
  if (match === null) return undefined;
  const exponent = match[2] === undefined ? 0 : "KMGT".indexOf(match[2].toUpperCase()) + 1;
  const base = match[3]?.toUpperCase() === "B" ? 1000 : 1024;
  return Number(match[1]) * base ** exponent;
}

/** How `parseTime` reads. */
export interface TimeOptions {
  /** Read times without a zone as UTC and not as local time. */
  readonly utc?: boolean;
  /** Read a day as the end of it (exclusive) and not as its beginning. */
  readonly endOfDay?: boolean;
}

/**
 * The time (seconds since the epoch) that a person means: `2026-01-31`, `2026-01-31T10:20:30` (with
 * `Z` or `+01:00` if told, `T` or a blank between), `today`, `yesterday`, or a duration before `now`
 * (`2h`, `7d`). `undefined` for anything else, also for days that the calendar does not have.
 */
export function parseTime(
  text: string,
  now: number,
  options: TimeOptions = {},
): number | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const utc = options.utc === true;
  const end = options.endOfDay === true ? 1 : 0;
  if (text === "today" || text === "yesterday") {
    const [year = 0, month = 0, day = 0] = formatDate(now, utc).split("-").map(Number);
    return epoch([year, month, day + end - (text === "today" ? 0 : 1)], utc);
  }
  const match = ISO_TIME.exec(text);
  if (match === null || !isDay(match[1] ?? "")) return undefined;
  const [, date = "", time, zone] = match;
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  if (time === undefined) return epoch([year, month, day + end], utc);
  const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
  if (hour > 24 || minute > 59 || second >= 61) return undefined;
  const isUtc = utc || zone !== undefined;
  return epoch([year, month, day, hour, minute, second], isUtc) - zoneSeconds(zone);
}

const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

function isDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date);
}

function epoch(parts: readonly number[], utc: boolean): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const milliseconds = Math.round(second * 1000);
  return (utc
    ? Date.UTC(year, month - 1, day, hour, minute, 0, milliseconds)
    : new Date(year, month - 1, day, hour, minute, 0, milliseconds).getTime()) / 1000;
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60);
}

/** KiB as whole mebibytes, without their unit: `1,902`. */
export function formatMebibytes(kib: number): string {
  return formatCount(Math.round(kib / 1024));
}
