/// <reference lib="dom" />
import { hasEnded } from "../core/call.ts";
import { formatDuration } from "../core/units.ts";
import { type Rank, signed, statusCell, topCalls } from "../report/calls_text.ts";
import type { PageCall } from "../dashboard/page_call.ts";
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

/** Single calls, the longest or hungriest first, as `top` has them; each opens its details. */
export class Longest {
  readonly element = element("div");
  private readonly list = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Single calls" },
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

  private show(): void {
    const rank = RANKS.find(([name]) => name === this.rank.value)?.[0] ?? "duration";
    const calls = topCalls(this.view.calls.filter(hasEnded), rank, COUNT) as PageCall[];
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
