import { sparkline } from "../../text/sparkline.ts";
import { formatCount, formatDuration } from "../../text/units.ts";
import type { Summary } from "../summary.ts";

const DAY_MILLISECONDS = 86_400_000;
/** Of more days than that, or than there is room for, those are drawn that came last. */
const MOST_DAYS = 60;
/** Columns of a line's label and of its range: `1h23m to 12h30m a day`. */
const [LABEL, RANGE] = [9, 24];

/** How days went on, a bar a day, those without calls among them; nothing of a single day. */
export function dayTrend(days: readonly Summary[], width: number): string[] {
  const known = new Map(days.map((day) => [Date.parse(day.name), day]));
  const times = [...known.keys()].filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const last = times.at(-1);
  if (times.length < 2 || last === undefined) return [];
  const all = 1 + Math.round((last - times[0]!) / DAY_MILLISECONDS);
  const count = Math.min(MOST_DAYS, all, width - LABEL - RANGE);
  const line = (
    label: string,
    figure: (day: Summary) => number | undefined,
    format: (value: number) => string,
  ): string => {
    const values = Array.from({ length: count }, (_, place) => {
      const day = known.get(last - (count - 1 - place) * DAY_MILLISECONDS);
      return day === undefined ? 0 : figure(day) ?? 0;
    });
    const range = `${format(Math.min(...values))} to ${format(Math.max(...values))} a day`;
    return `${label.padEnd(LABEL)}${sparkline(values, 0)}   ${range}`;
  };
  return [
    line("Calls", ({ calls }) => calls, formatCount),
    line("Failed", ({ failed }) => failed, formatCount),
    line("Time", ({ totalSeconds }) => totalSeconds, formatDuration),
  ];
}
