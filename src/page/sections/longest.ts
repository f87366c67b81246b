/// <reference lib="dom" />
import { isOfTime, type Rank } from "../../summary/ranks.ts";
import type { CallColumns, CallView } from "../../calls/call_columns.ts";
import { isEnded } from "../../calls/call_state.ts";
import { MEMORY_RSS, OUTPUT_BYTES, TOOL_NAME } from "../../row/row_view.ts";
import { holdsOrAsks } from "../../row/tool_name.ts";
import { callRows } from "./call_rows.ts";
import { element, setValue } from "../dom.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";

const RANKS: readonly (readonly [rank: Rank, label: string])[] = [
  ["duration", "Longest"],
  ["gate", "Longest at the gate"],
  ["cpu", "Most CPU"],
  ["memory", "Most memory"],
  ["output", "Largest output"],
];
const COUNT = 12;

/** Single calls, the longest or hungriest first, as `top` has them; each opens its details. */
export class Longest {
  readonly element = element("div");
  private readonly list = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Table of single calls" },
  });
  private readonly rank: HTMLSelectElement;
  private readonly figures = new Map<Rank, Float64Array>();
  private view: View;

  constructor(
    private readonly model: Model,
    change: (state: State) => void,
    private readonly open: (call: CallView) => void,
  ) {
    this.view = model.whole;
    this.rank = element(
      "select",
      {},
      RANKS.map(([rank, label]) => element("option", { text: label, attributes: { value: rank } })),
    );
    this.rank.addEventListener("change", () => {
      change({ rank: this.rank.value === RANKS[0]?.[0] ? undefined : this.rank.value });
    });
    this.element.append(
      element("label", { class: "inline" }, [element("span", { text: "Show" }), this.rank]),
      this.list,
    );
  }

  update(view: View): void {
    this.view = view;
    const rank = rankOf(view.state);
    setValue(this.rank, rank);
    this.show(rank);
  }

  /** As `topCalls`, out of up to 500,000. */
  private first(rank: Rank): CallView[] {
    const { page } = this.model;
    const { status } = page;
    const { chosen, state } = this.view;
    const { names, numbers: tools } = page.texts(TOOL_NAME);
    // As in `top`: what holds other calls or asks the person leads nothing, unless it is asked for.
    const isApart = !isOfTime(rank) || state.tool !== undefined
      ? () => false
      : (call: number) => holdsOrAsks(names.text(tools[call]!) ?? "");
    const figures = this.figures.get(rank) ?? figuresOf(page, rank);
    this.figures.set(rank, figures);
    const best: number[] = [];
    let least = -Infinity;
    for (let at = 0; at < chosen.length; at++) {
      const call = chosen[at]!;
      const figure = figures[call]!;
      if (!(figure > least) || !isEnded(status[call]!)) continue; // NaN is not greater
      if (isApart(call)) continue;
      const place = best.findIndex((each) => figure > figures[each]!);
      best.splice(place < 0 ? best.length : place, 0, call);
      if (best.length > COUNT) best.pop();
      if (best.length === COUNT) least = figures[best[COUNT - 1]!]!;
    }
    return best.map((call) => page.call(call));
  }

  private show(rank: Rank): void {
    const calls = this.first(rank);
    this.list.replaceChildren(
      calls.length === 0
        ? element("p", { class: "empty", text: "No call has that figure." })
        : callRows(this.model, "Single calls", calls, this.open),
    );
  }
}

function rankOf({ rank }: State): Rank {
  return RANKS.find(([name]) => name === rank)?.[0] ?? "duration";
}

/** The figures that calls are ranked by, by call; NaN where it is not known. */
function figuresOf(columns: CallColumns, rank: Rank): Float64Array {
  switch (rank) {
    case "gate":
      return gatesOf(columns);
    case "cpu":
      return columns.cpu;
    case "memory": {
      if (columns.peakMemory.some((kib) => kib >= 0)) return columns.peakMemory;
      const { start, end } = columns.figures(MEMORY_RSS);
      return end.map((rss, call) => greater(start[call]!, rss));
    }
    case "output":
      return columns.figures(OUTPUT_BYTES).end;
    default:
      return columns.duration;
  }
}

function gatesOf({ wait, prompts }: CallColumns): Float64Array {
  return prompts === undefined
    ? wait
    : wait.map((seconds, call) => seconds - prompts.seconds[call]!);
}

function greater(a: number, b: number): number {
  return a !== a || b > a ? b : a; // NaN: not known
}
