/// <reference lib="dom" />
import "uplot/style.css";
import "./page.css";
import { formatCount, plural } from "../text/units.ts";
import { showAnswers } from "./sections/answers_list.ts";
import { failureBars, waitBars } from "./sections/bars.ts";
import { ABANDONED } from "./sections/call_details.ts";
import { CallPanel } from "./sections/call_panel.ts";
import { CallsTable } from "./sections/calls_table.ts";
import { DayBars } from "./sections/day_bars.ts";
import { ToolColors } from "./colors.ts";
import { byId, element, forgetColors } from "./dom.ts";
import { Filters } from "./sections/filters.ts";
import { formatMoment } from "./formats.ts";
import { Landing } from "./landing.ts";
import { Model, type View } from "./model.ts";
import type { PageHead } from "./data/head.ts";
import { readCalls, readHead } from "./read_data.ts";
import { ReportTable } from "./sections/report_table.ts";
import { Resources } from "./sections/resources.ts";
import { SeenFirst } from "./seen_first.ts";
import { formatState, isFiltered, parseState, type State, targetOf } from "./state.ts";
import { BAND_PARTS } from "./timeline/turn_band.ts";
import { Timeline } from "./timeline/timeline.ts";
import { Durations } from "./sections/tools_section.ts";
import { shortener } from "../text/shortener.ts";

const KEYS =
  "Mouse: drag to zoom in, Shift and drag or scroll sideways to move, Ctrl and scroll to zoom, double " +
  "click for the whole; a click shows a call. Fingers: one moves, two zoom. Keys: left and right move, " +
  "+ and − zoom, 0 shows the whole, up and down go from call to call.";

/** The whole page: what it shows follows its state, and the state stands in the fragment. */
class Page {
  private state: State = parseState(location.hash);
  private readonly colors: ToolColors;
  private readonly filters: Filters;
  private readonly timeline: Timeline;
  private readonly durations: Durations;
  private readonly table: ReportTable;
  private readonly resources: Resources;
  private readonly days: DayBars;
  private readonly calls: CallsTable;
  private readonly panel: CallPanel;
  private readonly landing = new Landing();
  private readonly later = new SeenFirst(["days", "calls"], ["days"]);
  private view: View;
  /** The state that `view` shows, but for the call. */
  private asked: string | undefined;

  constructor(private readonly model: Model) {
    const change = (state: State): void => this.change(state);
    this.view = model.whole;
    this.colors = new ToolColors(model.whole.report.groups.map(({ name }) => name));
    this.filters = new Filters(model, change);
    this.timeline = new Timeline(model, this.colors, change);
    this.durations = new Durations(model, this.colors);
    this.table = new ReportTable(model, this.colors, change);
    this.resources = new Resources(model, this.colors, change);
    this.panel = new CallPanel({
      reveal: ({ index }) => {
        this.timeline.reveal(index);
        this.landing.goTo(byId("timeline"));
      },
      close: () => this.change({ call: undefined }),
    });
    this.days = new DayBars(model, change);
    this.calls = new CallsTable(model, change);
    this.build();
    this.listen();
    this.follow();
    this.goTo(location.hash);
  }

  private build(): void {
    const zoom = (text: string, label: string, act: () => void): HTMLElement =>
      element("button", { text, attributes: { type: "button", "aria-label": label }, click: act });
    const { timeline } = this;
    section("timeline", "Timeline", [
      ...this.omission(),
      element("div", { class: "toolbar" }, [
        this.legend(),
        element("div", { class: "zoom" }, [
          zoom("−", "Zoom out", () => timeline.zoom(2, timeline.width / 2)),
          zoom("+", "Zoom in", () => timeline.zoom(0.5, timeline.width / 2)),
          zoom("Whole", "Show the whole time", () => timeline.whole()),
        ]),
      ]),
      ...this.bandLegend(),
      timeline.element,
      element("details", { class: "fold" }, [
        element("summary", { text: "How to move around" }),
        element("p", { id: "timeline-keys", text: KEYS }),
      ]),
    ]);
    section("days", "Day by day", [
      element("p", {
        class: "hint",
        text:
          "How long tools ran; red is the part of the calls that failed. A click leaves that day.",
      }),
      this.days.element,
    ]);
    section("calls", "Calls", [this.calls.element]);
    section("tools", "Durations by tool", [this.durations.element, this.table.element]);
    section("resources", "Memory and CPU over time", [this.resources.element]);
  }

  /** Says that not all calls are in the page, where it is so. */
  private omission(): HTMLElement[] {
    const { calls, omitted } = this.model.page.head;
    if (omitted === 0) return [];
    const text =
      `This page holds the newest ${formatCount(calls)} of ${
        plural(calls + omitted, "call")
      }, those without an end among them: the charts and all that is filtered are of these. Findings and the table of tools are of all ` +
      "calls as long as nothing is filtered. For the older ones give perfmon dashboard --until.";
    return [element("p", { class: "hint", text })];
  }

  private legend(): HTMLElement {
    const names = this.model.whole.report.groups.map(({ name }) => name).slice(0, 7);
    const others = this.model.whole.report.groups.length - names.length;
    return element(
      "ul",
      { class: "legend" },
      [
        ...names.map((name) => [`fill-${this.colors.place(name)}`, name] as const),
        ...others > 0 ? [["fill-7", plural(others, "other tool")] as const] : [],
        ["fill-fail", "failed"] as const,
        ["fill-wait", "pale: at the gate"] as const,
        ...this.model.whole.report.abandoned > 0
          ? [["outline", `abandoned: ${ABANDONED}`] as const]
          : [],
      ].map(([kind, text]) => element("li", {}, [element("i", { class: `dot ${kind}` }), text])),
    );
  }

  /** What the band above a session's calls says, where its turns are known. */
  private bandLegend(): HTMLElement[] {
    if (this.model.page.head.turns.length === 0) return [];
    const parts = BAND_PARTS.map(([name, color]) => {
      const dot = element("i", { class: "dot" });
      dot.style.setProperty("--fill", `var(--${color})`);
      return element("li", {}, [dot, name]);
    });
    const title = element("li", { text: "Band above the calls, how each turn's time went:" });
    return [element("ul", { class: "legend turns" }, [title, ...parts])];
  }

  private listen(): void {
    globalThis.addEventListener("hashchange", () => {
      const target = targetOf(location.hash);
      this.state = parseState(location.hash);
      this.follow();
      if (target !== undefined) this.goTo(location.hash);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    // Paper is light, whatever the screen is.
    matchMedia("print").addEventListener("change", () => this.repaint());
    globalThis.addEventListener("beforeprint", () => this.later.finish());
  }

  /** Draws now in the colours, and as wide, as it is by now. */
  private repaint(): void {
    forgetColors();
    this.timeline.repaint();
    this.resources.repaint();
  }

  /** Changes the members of the state that are given; the page follows. */
  private change(changed: State): void {
    this.state = Object.fromEntries(
      Object.entries({ ...this.state, ...changed }).filter(([, value]) => value !== undefined),
    );
    history.replaceState(null, "", formatState(this.state));
    this.follow();
  }

  private follow(): void {
    const { model } = this;
    const { call, ...rest } = this.state;
    const asked = formatState(rest);
    // Another call is another frame and other details: all else stays as it is.
    if (asked !== this.asked) this.choose(asked);
    this.timeline.update(this.view, call);
    this.calls.select(call);
    this.panel.show(model.call(call));
  }

  private choose(asked: string): void {
    const { model } = this;
    this.asked = asked;
    const view = this.view = model.select(this.state);
    showAnswers(model.page.head, model.short, view);
    this.filters.update(view);
    this.later.update({
      days: () => this.days.update(view),
      calls: () => this.calls.update(view),
      tools: () => {
        this.durations.update(view);
        this.table.update(view);
      },
      failures: () => section("failures", "Failures", [failureBars(view)]),
      waits: () => section("waits", "At the gate: between request and run", [waitBars(view)]),
      resources: () => this.resources.update(view),
    });
  }

  private goTo(fragment: string): void {
    const target = document.getElementById(targetOf(fragment) ?? "");
    if (target === null) return;
    this.later.finish();
    this.landing.goTo(target);
  }
}

/** Fills a section: its heading, then what it shows. */
function section(id: string, title: string, children: readonly Node[]): void {
  byId(id).replaceChildren(element("h2", { id: `${id}-title`, text: title }), ...children);
}

function showNotes(head: PageHead): void {
  const notes = [
    ...head.notes,
    ...head.omittedParams > 0
      ? [`The parameters of ${plural(head.omittedParams, "short call")} are left out`]
      : [],
    `Made by perfmon ${head.perfmon}, ${formatMoment(head.made)}; nothing is loaded or sent`,
  ];
  byId("notes").replaceChildren(...notes.map((text) => element("p", { text })));
}

/** Waits until what was changed is painted. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

const head = await readHead();
const short = shortener(head.texts.sessionId);
const state = parseState(location.hash);
// What was found comes first; a page of 500,000 calls takes a while to read and to draw.
if (!isFiltered(state)) {
  const answered = head.answered ?? head.table ?? head.report;
  showAnswers(head, short, { state, answered, findings: head });
}
await painted();
performance.mark("answered");
try {
  const model = new Model(await readCalls(head), short);
  new Page(model);
  showNotes(head);
  await painted(); // what is on the screen
  await painted(); // all else
  performance.mark("drawn");
  model.prepare();
  await painted();
  performance.mark("prepared");
} catch (error) {
  byId("notes").textContent =
    "The calls can't be shown: the file is damaged or was cut off, or this " +
    "browser is too old. Make it again with perfmon dashboard.";
  throw error;
}
