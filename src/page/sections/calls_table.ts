/// <reference lib="dom" />
import { titleOf } from "../../summary/call_names.ts";
import { cpuCell, statusCell } from "../../summary/calls_text.ts";
import { rankOf } from "../../summary/ranks.ts";
import type { CallView } from "../../calls/call_columns.ts";
import { formatBytes, formatCount, formatDuration, plural, UNKNOWN } from "../../text/units.ts";
import { type CallRank, RANKS } from "../call_order.ts";
import { element } from "../dom.ts";
import { formatMoment } from "../formats.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";

/** A column: what it is called, what calls are sorted by there, what it says of a call. */
interface CallColumn {
  readonly header: string;
  readonly rank: CallRank;
  readonly isText?: boolean;
  readonly cell: (call: CallView, model: Model) => string;
}

/** What a call's processes held at most; a log may know it of none. */
const PEAK: CallColumn = {
  header: "Peak",
  rank: "memory",
  cell: ({ peakMemory }) => kibibytes(peakMemory),
};

const ALL_COLUMNS: readonly CallColumn[] = [
  { header: "What", rank: "name", isText: true, cell: (call) => titleOf(call, true) },
  { header: "Status", rank: "status", isText: true, cell: statusCell },
  {
    header: "Session",
    rank: "session",
    isText: true,
    cell: ({ sessionId }, model) =>
      sessionId === undefined ? UNKNOWN : model.sessionLabel(sessionId),
  },
  {
    header: "Started",
    rank: "time",
    isText: true,
    cell: ({ startTime, endTime }) => formatMoment(startTime ?? endTime),
  },
  { header: "Took", rank: "duration", cell: (call) => formatDuration(call.durationSeconds) },
  { header: "Gate", rank: "gate", cell: (call) => formatDuration(call.gateSeconds) },
  { header: "CPU", rank: "cpu", cell: cpuCell },
  PEAK,
  { header: "RSS", rank: "rss", cell: (call) => kibibytes(rankOf(call, "rss")) },
  { header: "Output", rank: "output", cell: (call) => formatBytes(call.outputBytes, "short") },
];

/** The height of a row in CSS pixels, as the style sheet has it. */
const ROW = 32;
/** Rows that are there above and below those that can be seen. */
const SPARE = 8;
/** Calls that are put in order at first: more only for who scrolls. */
const FIRST = 100;
/** Rows that paper has: some 60 pages. */
const PRINTED = 5000;

/** All calls of a view, of which only the rows that can be seen are made; a heading sorts, a name opens the call. */
export class CallsTable {
  readonly element = element("div", { class: "calls" });
  private readonly scroll = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Table of calls" },
  });
  private readonly head = element("thead");
  private readonly body = element("tbody");
  private readonly table = element("table", {}, [
    element("caption", { class: "sr-only", text: "Single calls" }),
    this.head,
    this.body,
  ]);
  private readonly columns: readonly CallColumn[];
  private readonly printed = element("p", { class: "printed" });
  private view: View;
  /** The calls in order, as far as they were asked for. */
  private order: Int32Array = new Int32Array();
  private first = -1;
  private selected: number | undefined;

  constructor(
    private readonly model: Model,
    private readonly change: (state: State) => void,
  ) {
    this.columns = ALL_COLUMNS.filter((column) => column !== PEAK || model.page.knowsPeaks);
    this.view = model.whole;
    this.scroll.append(this.table);
    this.element.append(this.scroll, this.printed);
    this.scroll.addEventListener("scroll", () => this.show(), { passive: true });
    new ResizeObserver(() => this.show()).observe(this.scroll);
    addEventListener("beforeprint", () => this.rows(0, PRINTED));
    addEventListener("afterprint", () => this.show(true));
  }

  update(view: View): void {
    this.view = view;
    const { length } = view.chosen;
    this.arrange(FIRST);
    const { rank, isReversed } = rankIn(view.state);
    this.headings(rank, isReversed);
    this.table.setAttribute("aria-rowcount", String(length + 1));
    this.printed.textContent = length > PRINTED
      ? `The first ${formatCount(PRINTED)} of ${
        plural(length, "call")
      }; perfmon export csv has all.`
      : "";
    this.scroll.scrollTop = 0;
    this.show(true);
  }

  private arrange(most?: number): void {
    const { rank, isReversed } = rankIn(this.view.state);
    this.order = this.model.ordered(this.view, rank, isReversed, most);
  }

  /** Marks the row of a call. */
  select(call: number | undefined): void {
    this.selected = call;
    for (const row of this.body.rows) mark(row, call);
  }

  private headings(rank: CallRank, isReversed: boolean): void {
    const focused = document.activeElement?.closest("th")?.dataset["rank"];
    const cells = this.columns.map((column) => {
      const isSorted = column.rank === rank;
      // Figures come greatest first, names from a to z.
      const isDescending = isTextRank(column.rank) === isReversed;
      const next = isSorted && !isReversed ? `-${column.rank}` : column.rank;
      return element("th", {
        class: classOf(column),
        attributes: {
          scope: "col",
          "data-rank": column.rank,
          "aria-sort": isSorted ? isDescending ? "descending" : "ascending" : undefined,
        },
      }, [
        element("button", {
          text: column.header,
          attributes: { type: "button" },
          click: () => this.change({ rank: next === DEFAULT_RANK ? undefined : next }),
        }),
      ]);
    });
    this.head.replaceChildren(element("tr", { attributes: { "aria-rowindex": "1" } }, cells));
    this.head.querySelector<HTMLElement>(`th[data-rank="${focused}"] button`)?.focus();
  }

  /** Makes the rows that can be seen, where they are others than before. */
  private show(isNew = false): void {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / ROW) - SPARE);
    if (!isNew && Math.abs(first - this.first) < SPARE / 2) return;
    this.first = first;
    this.rows(first, first + Math.ceil(this.scroll.clientHeight / ROW) + 2 * SPARE);
  }

  private rows(from: number, to: number): void {
    const { length } = this.view.chosen;
    if (to > this.order.length && this.order.length < length) this.arrange();
    const shown = this.order.subarray(from, to);
    const below = length - from - shown.length;
    this.body.replaceChildren(
      ...this.space(from),
      ...Array.from(shown, (place, at) => this.row(this.model.page.call(place), from + at)),
      ...this.space(below),
    );
    if (length > 0) return;
    const none = element("td", { class: "text", text: "No calls: clear a filter, or zoom out." });
    none.colSpan = this.columns.length;
    this.body.append(element("tr", {}, [none]));
  }

  /** Takes the room of so many rows that are not there. */
  private space(rows: number): HTMLElement[] {
    if (rows <= 0) return [];
    const cell = element("td", { attributes: { "aria-hidden": "true" } });
    cell.colSpan = this.columns.length;
    const made = element("tr", { class: "space" }, [cell]);
    made.style.height = `${rows * ROW}px`;
    return [made];
  }

  private row(call: CallView, at: number): HTMLElement {
    const [name, ...others] = this.columns;
    const open = element("button", {
      text: name!.cell(call, this.model),
      title: titleOf(call, true),
      attributes: { type: "button" },
      click: () => this.change({ call: call.index }),
    });
    const row = element("tr", {
      attributes: { "aria-rowindex": String(at + 2), "data-call": String(call.index) },
    }, [
      element("td", { class: "text name" }, [open]),
      ...others.map((column) =>
        element("td", {
          class: `${classOf(column)} ${column.rank === "status" ? `status ${call.status}` : ""}`,
          text: column.cell(call, this.model),
        })
      ),
    ]);
    mark(row, this.selected);
    return row;
  }
}

function mark(row: HTMLElement, call: number | undefined): void {
  if (row.dataset["call"] === undefined) return;
  row.classList.toggle("selected", row.dataset["call"] === String(call));
}

function classOf({ isText }: CallColumn): string {
  return isText === true ? "text" : "number";
}

const DEFAULT_RANK: CallRank = "duration";

function isTextRank(rank: CallRank): boolean {
  return rank === "name" || rank === "status" || rank === "session";
}

function rankIn({ rank = DEFAULT_RANK }: State): { rank: CallRank; isReversed: boolean } {
  const isReversed = rank.startsWith("-");
  const found = RANKS.find((each) => each === rank.slice(Number(isReversed)));
  return { rank: found ?? DEFAULT_RANK, isReversed: isReversed && found !== undefined };
}

function kibibytes(kib: number | undefined): string {
  return formatBytes(kib === undefined ? undefined : kib * 1024, "short");
}
