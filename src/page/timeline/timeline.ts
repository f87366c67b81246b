/// <reference lib="dom" />
import type { ToolColors } from "../colors.ts";
import { color, element, setCanvasSize } from "../dom.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";
import { AXIS_HEIGHT, type Extent } from "./timeline_axis.ts";
import { Overview } from "./timeline_overview.ts";
import { partAt, type Scene, sceneHeight, TimelinePainter } from "./timeline_draw.ts";
import { type Memory, memoryOf } from "./memory_strip.ts";
import type { PageTurn } from "../data/head.ts";
import { TurnBands } from "./turn_band.ts";
import { callAt, type Found } from "./call_at.ts";
import { Tip } from "./timeline_tip.ts";
import { listen, type TimelineGestures } from "./timeline_input.ts";
import { laneNumbers, type Row, TimelineLayout } from "./timeline_layout.ts";

/** Nothing narrower than so many seconds is shown. */
const LEAST_EXTENT_SECONDS = 0.05;
/** A zoom becomes the filter for everything else when it has rested for so long, milliseconds. */
const REST = 150;
/** Pixels beside a call that still hit it. */
const SLACK = 3;

const TOGETHER =
  "Calls that are too short to be seen are drawn together, a pixel in the colour of most of " +
  "their time: zoom in to see each.";

/** The calls as bars on an axis of time, by session; zooming filters the rest of the page by time. */
export class Timeline implements TimelineGestures {
  readonly element = element("div", { class: "timeline" });
  private readonly layout: TimelineLayout;
  private readonly colors: Uint8Array;
  private readonly memory: Memory;
  private readonly turns: TurnBands;
  private readonly canvas = element("canvas");
  private readonly tip = new Tip();
  private readonly together = element("p", { class: "together", text: TOGETHER });
  private readonly marked = element("div", { class: "marked" });
  private readonly stage: HTMLElement;
  private readonly overview: Overview;
  private rows: readonly Row[] = [];
  private laneOf: Uint16Array = new Uint16Array();
  private view: View;
  private extent: Extent;
  private hovered: number | undefined;
  private selected: number | undefined;
  private frame = 0;
  /** The stage's width as it is known: to ask for it lays the whole page out. */
  private measured = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: Model,
    toolColors: ToolColors,
    private readonly change: (state: State) => void,
  ) {
    const { page } = model;
    this.layout = new TimelineLayout(
      page,
      page.head.made,
      model.sessions,
      (session) => model.projectOfSession(session) ?? "",
    );
    this.memory = memoryOf(page);
    this.turns = new TurnBands(page.head.turns, this.layout.scale);
    this.view = model.whole;
    this.setRows();
    this.extent = this.home();
    const { tool } = page;
    const places = model.groupOfTool.map((group) => toolColors.place(group));
    this.colors = new Uint8Array(tool.length);
    for (let call = 0; call < tool.length; call++) this.colors[call] = places[tool[call]! - 1] ?? 0;
    this.stage = element("div", {
      class: "stage",
      attributes: {
        tabindex: "0",
        role: "application",
        "aria-roledescription": "timeline",
        "aria-label": "Timeline of calls",
        "aria-describedby": "timeline-keys",
      },
    }, [this.canvas, this.marked, this.tip.element]);
    this.overview = new Overview(this.layout, (extent) => this.show(extent));
    this.element.append(this.stage, this.overview.element, this.together);
    this.marked.hidden = true;
    listen(this.stage, this);
    new ResizeObserver(([entry]) => {
      this.measured = Math.round(entry?.contentRect.width ?? 0);
      this.draw();
    }).observe(this.stage);
  }

  /** Shows the calls of a view, one of them selected. */
  update(view: View, selected: number | undefined): void {
    this.selected = selected;
    if (view === this.view) return this.draw();
    const isSession = view.state.session !== this.view.state.session;
    this.view = view;
    if (isSession) this.setRows(this.sessionPlace());
    this.overview.update(view.mask, this.colors);
    if (this.resting === undefined) this.extent = this.extentOf(view.state);
    this.draw();
  }

  /** Draws now in the colours, and as wide, as it is by now. */
  repaint(): void {
    this.overview.forget();
    this.measured = 0;
    this.paint();
  }

  get width(): number {
    return this.measured ||= this.stage.clientWidth;
  }

  private setRows(session?: number): void {
    this.rows = this.layout.rows(session);
    this.laneOf = laneNumbers(this.rows, this.model.page.head.calls);
  }

  private sessionPlace(): number | undefined {
    const { session } = this.view.state;
    return session === undefined ? undefined : this.model.sessionNumber(session);
  }

  /** All that there is to show: of one session the time in which it ran. */
  private home(): Extent {
    const { scale } = this.layout;
    const blocks = this.rows.flatMap((row) => row.blocks);
    if (this.sessionPlace() === undefined || blocks.length === 0) {
      return { from: 0, to: scale.length };
    }
    const from = Math.min(...blocks.map((block) => block.from));
    const to = Math.max(...blocks.map((block) => block.to));
    const margin = 0.01 * (to - from);
    return { from: Math.max(0, from - margin), to: Math.min(scale.length, to + margin) };
  }

  private extentOf({ from, to }: State): Extent {
    const home = this.home();
    const { scale } = this.layout;
    return {
      from: from === undefined ? home.from : scale.toOffset(from),
      to: to === undefined ? home.to : scale.toOffset(to),
    };
  }

  zoom(factor: number, x: number): void {
    const at = this.offsetAt(x);
    const { from, to } = this.extent;
    this.show({ from: at - (at - from) * factor, to: at + (to - at) * factor });
  }
  pan(pixels: number): void {
    const { from, to } = this.extent;
    const home = this.home();
    const wanted = pixels * (to - from) / this.width;
    const by = Math.max(home.from - from, Math.min(home.to - to, wanted));
    if (by !== 0) this.show({ from: from + by, to: to + by });
  }
  zoomTo(from: number, to: number): void {
    this.show({ from: this.offsetAt(from), to: this.offsetAt(to) });
  }
  whole(): void {
    this.show(this.home());
  }
  mark(range: Extent | undefined): void {
    this.marked.hidden = range === undefined;
    if (range === undefined) return;
    this.marked.style.left = `${range.from}px`;
    this.marked.style.width = `${range.to - range.from}px`;
  }

  /** Shows a part of the scale, as far as it is there; after a rest the page follows. */
  private show(wanted: Extent): void {
    const home = this.home();
    const least = Math.min(LEAST_EXTENT_SECONDS, home.to - home.from);
    const from = Math.max(home.from, Math.min(wanted.from, home.to - least));
    const to = Math.min(home.to, Math.max(wanted.to, from + least));
    this.extent = { from, to };
    this.leave();
    this.draw();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      const { scale } = this.layout;
      const timeAt = (offset: number): number => Math.round(scale.toTime(offset) * 1000) / 1000;
      this.change({
        from: from <= home.from ? undefined : timeAt(from),
        to: to >= home.to ? undefined : timeAt(to),
      });
    }, REST);
  }

  hover(x: number, y: number): void {
    const found = this.find(x, y);
    if (found?.call !== this.hovered) {
      this.hovered = found?.call;
      this.draw();
    }
    const place = { x, y, width: this.width };
    if (found !== undefined) {
      return this.tip.showCall(this.model.call(found.call)!, found.more, place);
    }
    const turn = this.turnAt(x, y);
    if (turn === undefined) this.tip.hide();
    else this.tip.showTurn(turn, place);
  }
  leave(): void {
    this.tip.hide();
    if (this.hovered === undefined) return;
    this.hovered = undefined;
    this.draw();
  }
  click(x: number, y: number): void {
    this.change({ call: this.find(x, y)?.call });
  }
  unselect(): void {
    this.change({ call: undefined });
  }
  step(direction: number): void {
    const { chosen } = this.view;
    const at = this.selected === undefined ? -1 : chosen.indexOf(this.selected);
    const next = at < 0 ? chosen.at(direction > 0 ? 0 : -1) : chosen[at + direction];
    if (next === undefined) return;
    this.reveal(next);
    this.change({ call: next });
  }

  /** Moves what is shown so far that a call is in it. */
  reveal(call: number): void {
    const begin = this.layout.begins[call]!;
    const { from, to } = this.extent;
    if (begin >= from && begin <= to) return;
    const half = (to - from) / 2;
    this.show({ from: begin - half, to: begin + half });
  }

  private find(x: number, y: number): Found | undefined {
    const lane = partAt(this.rows, y)?.lane;
    if (lane === undefined) return undefined;
    const slack = SLACK * (this.extent.to - this.extent.from) / this.width;
    return callAt(lane, this.layout, this.view.mask, { at: this.offsetAt(x), slack });
  }

  private turnAt(x: number, y: number): PageTurn | undefined {
    const part = partAt(this.rows, y);
    if (part?.isBand !== true) return undefined;
    return this.turns.at(part.row.blocks.map(({ session }) => session), this.offsetAt(x));
  }

  private offsetAt(x: number): number {
    const { from, to } = this.extent;
    return from + (to - from) * x / this.width;
  }

  /** Draws with the next frame. */
  draw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    const context = this.canvas.getContext("2d");
    const { width } = this;
    if (context === null || width === 0) return;
    const height = Math.max(AXIS_HEIGHT + 60, sceneHeight(this.rows));
    const ratio = globalThis.devicePixelRatio;
    setCanvasSize(this.canvas, width, height, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const isDense = new TimelinePainter(context, this.scene(), this.extent, width).paint(height);
    this.together.style.visibility = isDense ? "" : "hidden";
    this.overview.paint(this.extent, width, color("ink"));
  }

  private scene(): Scene {
    const { model, layout, rows, laneOf, colors, hovered, memory, turns, selected } = this;
    const { page } = model;
    return {
      layout,
      rows,
      laneOf,
      colors,
      ...{ hovered, selected, memory, turns },
      mask: this.view.mask,
      statuses: page.status,
      name: (call) => page.toolName(call),
      session: (session) => {
        const id = page.head.texts.sessionId[session - 1];
        return id === undefined ? "no session" : model.short(id);
      },
    };
  }
}
