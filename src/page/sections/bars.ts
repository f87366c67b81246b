/// <reference lib="dom" />
import { formatCount, formatDuration, formatPercent } from "../../text/units.ts";
import { element } from "../dom.ts";
import type { View } from "../model.ts";
import type { Summary } from "../../summary/summary.ts";

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Failed and interrupted calls by tool and command, most first. */
export function failureBars({ table: report }: View): HTMLElement {
  const bars = report.groups.filter(({ failed = 0 }) => failed > 0)
    .sort((a, b) => (b.failed ?? 0) - (a.failed ?? 0))
    .map(({ name, failed = 0, calls }) => ({
      name,
      value: failed,
      text: `${formatCount(failed)} of ${formatCount(calls)}, ${formatPercent(failed / calls)}`,
    }));
  const none = report.all.failed === undefined
    ? "The log does not say how calls ended."
    : "No call failed.";
  return barList(bars, "fail", none);
}

/** Time at the gate by tool and command, most first. */
export function waitBars({ table: report }: View): HTMLElement {
  const waits = (group: Summary): number => group.gateSeconds ?? 0;
  const bars = report.groups.filter((group) => waits(group) >= 0.0005)
    .sort((a, b) => waits(b) - waits(a))
    .map((group) => ({
      name: group.name,
      value: waits(group),
      text: `${formatDuration(waits(group))}, ${
        formatPercent(waits(group) / (report.all.gateSeconds || 1))
      }`,
    }));
  return barList(bars, "wait", "No time at the gate is known.");
}

/** A table with a bar in each row: people see the bars, screen readers read the table. */
function barList(bars: readonly Bar[], kind: string, none: string): HTMLElement {
  if (bars.length === 0) return element("p", { class: "empty", text: none });
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ name, value, text }) => {
    const bar = element("span", { class: `bar ${kind}` });
    bar.style.width = `${100 * value / most}%`;
    return element("tr", {}, [
      element("th", { class: "text", text: name, attributes: { scope: "row" } }),
      element("td", { class: "bar-cell", attributes: { "aria-hidden": "true" } }, [bar]),
      element("td", { class: "number", text }),
    ]);
  });
  return element("table", { class: "bars" }, [element("tbody", {}, rows)]);
}
