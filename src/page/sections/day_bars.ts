/// <reference lib="dom" />
import { formatCount, formatDuration, formatPercent, plural } from "../../text/units.ts";
import { type Day, Days } from "../days.ts";
import { element } from "../dom.ts";
import { formatDay } from "../formats.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";

/** Pixels of the highest bar. */
const HEIGHT = 64;

/** A bar for each day: how long tools ran, and what part of its calls failed; a click leaves that day. */
export class DayBars {
  readonly element = element("div", { class: "days" });
  private readonly days: Days;

  constructor(model: Model, private readonly change: (state: State) => void) {
    this.days = new Days(model.page);
  }

  update(view: View): void {
    const days = this.days.of(view);
    const most = Math.max(...days.map(({ seconds }) => seconds));
    this.element.replaceChildren(
      ...days.map((day, place) => this.bar(day, days[place - 1], most)),
    );
  }

  private bar(day: Day, before: Day | undefined, most: number): HTMLElement {
    const { from, to, calls, failed, seconds } = day;
    const name = formatDay(from);
    const share = calls === 0 ? 0 : failed / calls;
    const text = `${name} ${formatDuration(seconds)} in tools, ${plural(calls, "call")}` +
      (failed > 0 ? `, ${formatCount(failed)} failed (${formatPercent(share)})` : "");
    const column = element("span", { class: "column" });
    column.style.height = `${Math.max(1, HEIGHT * seconds / (most || 1))}px`;
    const fails = element("span", { class: "fails" });
    fails.style.height = `${100 * share}%`;
    column.append(fails);
    const hasGap = before !== undefined && from > before.to;
    return element("button", {
      class: hasGap ? "day after-gap" : "day",
      title: text,
      attributes: { type: "button", "aria-label": text },
      click: () => this.change({ from, to }),
    }, [
      column,
      element("span", { class: "name", text: name }),
      " ",
      element("span", { class: "name", text: formatDuration(seconds) }),
    ]);
  }
}
