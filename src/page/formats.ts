/// <reference lib="dom" />
import { formatDuration, UNKNOWN } from "../text/units.ts";

/** Times as the reader's language and zone have them. */
const LANGUAGES = navigator.languages;

const dateTime = new Intl.DateTimeFormat(LANGUAGES, { dateStyle: "medium", timeStyle: "medium" });
const shortTime = new Intl.DateTimeFormat(LANGUAGES, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(LANGUAGES, {
  weekday: "short",
  day: "numeric",
  month: "short",
});
const clock = new Intl.DateTimeFormat(LANGUAGES, { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(LANGUAGES, { timeStyle: "medium" });
const fraction = new Intl.DateTimeFormat(LANGUAGES, {
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** Date and time to the second. */
export function formatMoment(timestamp: number | undefined): string {
  return timestamp === undefined ? UNKNOWN : dateTime.format(timestamp * 1000);
}

/** Date and time to the minute. */
export function formatMinute(timestamp: number): string {
  return shortTime.format(timestamp * 1000);
}

/** `Mon 16 Nov`. */
export function formatDay(timestamp: number): string {
  return day.format(timestamp * 1000);
}

/** A time of the day, as exact as steps of so many seconds need. */
export function formatTick(timestamp: number, step: number): string {
  if (step >= 86_400) return formatDay(timestamp);
  return (step >= 60 ? clock : step >= 1 ? clockSeconds : fraction).format(timestamp * 1000);
}

/** The first and the last time, the date once where it is the same. */
export function formatRange(from: number, to: number): string {
  return shortTime.formatRange(from * 1000, to * 1000);
}

/** A mark of the logarithmic axis: `1ms`, `10s`, `1h`. */
export function formatMark(seconds: number): string {
  return formatDuration(seconds).replace(/m0s$/, "m").replace(/h0m$/, "h").replace(/[.,]0s$/, "s");
}
