/// <reference lib="dom" />
import { formatDuration } from "../core/units.ts";
import { type Rank, rankOf, signed, statusCell } from "../report/calls_text.ts";
import { STATUSES } from "../dashboard/head.ts";
import { durationOf, PageCall, type PageCalls, waitOf } from "../dashboard/page_call.ts";
import { element, table } from "./dom.ts";
import { formatMinute } from "./formats.ts";
import type { Model, View } from "./model.ts";

const RANKS: readonly (readonly [rank: Rank, label: string])[] = [
  ["duration", "Longest"],
  ["wait", "Longest waiting"],
  ["cpu", "Most CPU"],
  ["memory", "Most memory"],
];
const COUNT = 12;
const RUNNING = STATUSES.indexOf("running");

/** Single calls, the longest or hungriest first, as `top` has them; each opens its details. */
export class Longest {
  readonly element = element("div");
  private readonly list = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Table of single calls" },
  });
  private readonly rank: HTMLSelectElement;
  private view: View;

  constructor(private readonly model: Model, private readonly open: (call: PageCall) => void) {
    this.view = model.whole;
    this.rank = element(
      "select",
      {},
      RANKS.map(([rank, label]) => element("option", { text: label, attributes: { value: rank } })),
    );
    this.rank.addEventListener("change", () => this.show());
    this.element.append(
      element("label", { class: "inline" }, [element("span", { text: "Show" }), this.rank]),
      this.list,
    );
  }

  update(view: View): void {
    this.view = view;
    this.show();
  }

  /** As `topCalls`, out of up to 500,000. */
  private first(rank: Rank): PageCall[] {
    const { page } = this.model;
    const figure = figureOf(page, rank);
    const best: { call: number; value: number }[] = [];
    for (const call of this.view.chosen) {
      const value = figure(call);
      const least = best.length < COUNT ? -Infinity : best.at(-1)!.value;
      if (!(value > least) || page.columns.status[call]! >= RUNNING) continue;
      const at = best.findIndex((each) => value > each.value);
      best.splice(at < 0 ? best.length : at, 0, { call, value });
      if (best.length > COUNT) best.pop();
    }
    return best.map(({ call }) => new PageCall(page, call));
  }

  private show(): void {
    const rank = RANKS.find(([name]) => name === this.rank.value)?.[0] ?? "duration";
    const calls = this.first(rank);
    const rows = calls.map((call) => [
      element("button", {
        class: "link",
        text: call.toolName,
        attributes: { type: "button" },
        click: () => this.open(call),
      }),
      statusCell(call),
      call.sessionId === undefined ? "–" : this.model.sessionLabel(call.sessionId),
      formatMinute(call.startTime ?? call.endTime ?? 0),
      formatDuration(call.durationSeconds),
      formatDuration(call.waitSeconds),
      formatDuration(call.cpuSeconds),
      signed(call.memoryGrowth),
    ]);
    this.list.replaceChildren(
      calls.length === 0
        ? element("p", { class: "empty", text: "No call has that figure." })
        : table(
          "Single calls",
          ["Tool", "Status", "Session", "Started", "Took", "Waited", "CPU", "Memory"],
          rows,
          (column) => column < 4,
        ),
    );
  }
}

/** The figure that calls are ranked by, from the columns; NaN where it is not known. */
function figureOf(page: PageCalls, rank: Rank): (call: number) => number {
  const { columns } = page;
  switch (rank) {
    case "wait":
      return (call) => waitOf(columns, call);
    case "duration":
      return (call) => durationOf(columns, call);
    default:
      return (call) => rankOf(new PageCall(page, call), rank) ?? NaN;
  }
}
