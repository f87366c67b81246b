/// <reference lib="dom" />
import { STATUSES } from "../dashboard/head.ts";
import { color } from "./dom.ts";
import { toolPalette } from "./colors.ts";
import { formatDay, formatTick } from "./formats.ts";
import { formatAge } from "../core/units.ts";
import type { Row, TimelineLayout } from "./timeline_layout.ts";

/** The part of the scale that is shown. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** What the timeline shows. */
export interface Scene {
  readonly layout: TimelineLayout;
  readonly rows: readonly Row[];
  /** For each call whether it is shown. */
  readonly mask: Uint8Array;
  /** For each call the number of its colour. */
  readonly colors: Uint8Array;
  /** For each call its status. */
  readonly statuses: Int32Array;
  /** What stands in a bar that is wide enough, and above a session's calls. */
  readonly name: (call: number) => string;
  readonly session: (session: number) => string;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
}

export const AXIS_HEIGHT = 34;
const LABEL_HEIGHT = 18;
const LANE_GAP = 2;
const ROW_GAP = 10;
/** How high lanes are: the more there are, the lower. */
const LANE_HEIGHTS = [{ lanes: 4, height: 30 }, { lanes: 12, height: 20 }] as const;
const LEAST_LANE_HEIGHT = 14;
/** Calls that are less wide are drawn together, one column of pixels at a time. */
const LEAST_WIDTH = 1.5;

const ERROR = STATUSES.indexOf("error");
const RUNNING = STATUSES.indexOf("running");
const ABANDONED = STATUSES.indexOf("abandoned");

function laneHeightOf(rows: readonly Row[]): number {
  const lanes = rows.reduce((sum, row) => sum + row.lanes.length, 0);
  return LANE_HEIGHTS.find((each) => lanes <= each.lanes)?.height ?? LEAST_LANE_HEIGHT;
}

/** The height of a row in pixels. */
function heightOf({ lanes }: Row, laneHeight: number): number {
  return LABEL_HEIGHT + lanes.length * (laneHeight + LANE_GAP) + ROW_GAP;
}

/** The height of all rows and the axis. */
export function sceneHeight(rows: readonly Row[]): number {
  const laneHeight = laneHeightOf(rows);
  return AXIS_HEIGHT + rows.reduce((sum, row) => sum + heightOf(row, laneHeight), 0);
}

/** The lane at a height, if there is one. */
export function laneAt(rows: readonly Row[], y: number): Uint32Array | undefined {
  const laneHeight = laneHeightOf(rows);
  let top = AXIS_HEIGHT;
  for (const row of rows) {
    const lane = Math.floor((y - top - LABEL_HEIGHT) / (laneHeight + LANE_GAP));
    if (lane >= 0 && lane < row.lanes.length) return row.lanes[lane];
    top += heightOf(row, laneHeight);
  }
  return undefined;
}

/** Draws one frame. `width` in CSS pixels; the context is scaled already. */
export class TimelinePainter {
  private readonly palette = toolPalette();
  private readonly ink = color("ink");
  private readonly faint = color("faint");
  private readonly line = color("line");
  private readonly band = color("band");
  private readonly fail = color("fail");
  private readonly paper = color("paper");
  private readonly scaleX: number;
  private readonly laneHeight: number;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly scene: Scene,
    private readonly extent: Extent,
    private readonly width: number,
  ) {
    this.scaleX = width / (extent.to - extent.from);
    this.laneHeight = laneHeightOf(scene.rows);
  }

  paint(height: number): void {
    const { context } = this;
    context.clearRect(0, 0, this.width, height);
    context.textBaseline = "middle";
    this.paintAxis(height);
    let top = AXIS_HEIGHT;
    for (const row of this.scene.rows) {
      this.paintRow(row, top);
      top += heightOf(row, this.laneHeight);
    }
  }

  private x(offset: number): number {
    return (offset - this.extent.from) * this.scaleX;
  }

  private paintAxis(height: number): void {
    const { context } = this;
    const { scale } = this.scene.layout;
    context.font = FONT;
    for (const cut of scale.cuts(this.extent.from, this.extent.to)) this.paintCut(cut, height);
    const step = stepFor(90 / this.scaleX);
    const days = new Labels(context, this.width, 9, this.ink);
    const times = new Labels(context, this.width, 24, this.faint);
    for (const stretch of scale.shown(this.extent.from, this.extent.to)) {
      days.put(this.x(scale.toOffset(stretch.from)), formatDay(stretch.from));
      for (const time of ticks(stretch.from, stretch.to, step)) {
        const x = this.x(scale.toOffset(time));
        context.fillStyle = this.line;
        context.fillRect(Math.round(x), AXIS_HEIGHT - 6, 1, height);
        days.put(x, formatDay(time));
        if (step < 86_400) times.put(x, formatTick(time, step));
      }
    }
  }

  /** A gap that was cut out: a hatched strip with its length where there is room. */
  private paintCut(cut: { from: number; to: number; seconds: number }, height: number): void {
    const { context } = this;
    const left = this.x(cut.from);
    const width = Math.max(1, this.x(cut.to) - left);
    context.fillStyle = this.band;
    context.fillRect(left, AXIS_HEIGHT - 6, width, height);
    const text = formatAge(cut.seconds);
    if (width < 24 || context.measureText(text).width > height - AXIS_HEIGHT - 16) return;
    context.save();
    context.translate(left + width / 2, height - 8);
    context.rotate(-Math.PI / 2);
    context.fillStyle = this.faint;
    context.fillText(text, 0, 0);
    context.restore();
  }

  private paintRow(row: Row, top: number): void {
    const { context } = this;
    for (const block of row.blocks) {
      const left = Math.max(0, this.x(block.from));
      const right = Math.min(this.width, this.x(block.to));
      if (right < 0 || left > this.width) continue;
      const text = this.scene.session(block.session);
      context.font = FONT;
      context.fillStyle = this.line;
      context.fillRect(left, top + LABEL_HEIGHT - 2, Math.max(1, right - left), 1);
      if (context.measureText(text).width <= right - left + 2) {
        context.fillStyle = this.faint;
        context.fillText(text, left, top + 9);
      }
    }
    row.lanes.forEach((lane, index) =>
      this.paintLane(lane, top + LABEL_HEIGHT + index * (this.laneHeight + LANE_GAP))
    );
  }

  private paintLane(lane: Uint32Array, top: number): void {
    const { begins, ends } = this.scene.layout;
    const { mask, statuses } = this.scene;
    const column = new PixelColumn();
    const first = firstIn(lane, ends, this.extent.from);
    for (let place = first; place < lane.length; place++) {
      const call = lane[place]!;
      const begin = begins[call]!;
      if (begin > this.extent.to) break;
      if (mask[call] === 0) continue;
      const left = this.x(begin);
      const width = (ends[call]! - begin) * this.scaleX;
      if (width >= LEAST_WIDTH || statuses[call]! >= RUNNING) {
        this.paintBar(call, left, width, top);
        continue;
      }
      const pixel = Math.floor(left);
      if (pixel !== column.pixel) {
        this.paintColumn(column, top);
        column.begin(pixel);
      }
      column.add(width, this.scene.colors[call]!, statuses[call] === ERROR);
    }
    this.paintColumn(column, top);
  }

  private paintBar(call: number, left: number, width: number, top: number): void {
    const { context, scene } = this;
    const status = scene.statuses[call];
    const from = Math.max(-2, left);
    const to = Math.min(this.width + 2, left + Math.max(width, 2));
    const fill = this.palette[scene.colors[call]!]!;
    const run = Math.min(to, Math.max(from, this.x(scene.layout.runs[call]!)));
    context.fillStyle = fill;
    if (status === ABANDONED) {
      context.strokeStyle = this.faint;
      context.strokeRect(from + 0.5, top + 3.5, 3, this.laneHeight - 7);
      return;
    }
    context.globalAlpha = 0.28;
    context.fillRect(from, top + 4, run - from, this.laneHeight - 8);
    context.globalAlpha = status === RUNNING ? 0.55 : 1;
    context.fillRect(run, top, to - run, this.laneHeight);
    context.globalAlpha = 1;
    if (status === RUNNING) this.paintOpenEnd(fill, to, top);
    if (status === ERROR) this.paintFailure(run, to, top);
    this.paintName(call, run, to, top);
    if (call === scene.selected || call === scene.hovered) {
      context.strokeStyle = this.ink;
      context.lineWidth = call === scene.selected ? 2 : 1;
      context.strokeRect(from - 1, top - 1, to - from + 2, this.laneHeight + 2);
      context.lineWidth = 1;
    }
  }

  /** Teeth at the end of a call that still runs. */
  private paintOpenEnd(fill: string, to: number, top: number): void {
    const { context } = this;
    context.fillStyle = fill;
    for (let y = 0; y < this.laneHeight; y += 5) context.fillRect(to - 3, top + y, 3, 2.5);
  }

  /** A failed call has a red edge on top and, where there is room, a cross. */
  private paintFailure(left: number, right: number, top: number): void {
    const { context } = this;
    context.fillStyle = this.fail;
    context.fillRect(left, top, Math.max(2, right - left), 4);
    if (right - left < 12) return;
    context.strokeStyle = this.paper;
    context.lineWidth = 1.5;
    context.beginPath();
    const x = right - 8;
    const y = top + 9;
    context.moveTo(x - 2.5, y - 2.5);
    context.lineTo(x + 2.5, y + 2.5);
    context.moveTo(x + 2.5, y - 2.5);
    context.lineTo(x - 2.5, y + 2.5);
    context.stroke();
    context.lineWidth = 1;
  }

  private paintName(call: number, left: number, right: number, top: number): void {
    const { context } = this;
    const from = Math.max(0, left);
    if (right - from < 34) return;
    context.font = SMALL_FONT;
    const text = this.scene.name(call);
    if (context.measureText(text).width > right - from - 18) return;
    context.fillStyle = this.paper;
    context.fillText(text, from + 4, top + this.laneHeight / 2 + 0.5);
  }

  private paintColumn(column: PixelColumn, top: number): void {
    if (column.pixel < -1) return;
    const { context } = this;
    context.fillStyle = this.palette[column.color]!;
    context.globalAlpha = 0.4 + 0.6 * Math.min(1, column.covered);
    context.fillRect(column.pixel, top, 1, this.laneHeight);
    if (column.failed > 0) {
      context.fillStyle = this.fail;
      context.globalAlpha = Math.max(0.35, column.failed / column.calls);
      context.fillRect(column.pixel, top, 1, 4);
    }
    context.globalAlpha = 1;
  }
}

const FONT = "12px system-ui, sans-serif";
const SMALL_FONT = "10.5px system-ui, sans-serif";

/** Labels in one line of the axis: none over another, none twice in a row. */
class Labels {
  private free = 0;
  private last = "";

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly width: number,
    private readonly y: number,
    private readonly ink: string,
  ) {}

  put(x: number, text: string): void {
    const width = this.context.measureText(text).width;
    if (text === this.last || x < this.free || x + width > this.width) return;
    this.context.fillStyle = this.ink;
    this.context.fillText(text, x + 4, this.y);
    this.free = x + width + 16;
    this.last = text;
  }
}

/** The calls that share one column of pixels: the colour is that of most of their time. */
class PixelColumn {
  pixel = -Infinity;
  covered = 0;
  calls = 0;
  failed = 0;
  color = 0;
  private readonly byColor = new Float64Array(16);

  begin(pixel: number): void {
    this.pixel = pixel;
    this.covered =
      this.calls =
      this.failed =
      this.color =
        0;
    this.byColor.fill(0);
  }
  add(width: number, color: number, failed: boolean): void {
    this.covered += width;
    this.calls++;
    if (failed) this.failed++;
    this.byColor[color]! += width;
    if (this.byColor[color]! > this.byColor[this.color]!) this.color = color;
  }
}

/** The first call of a lane that ends at a place or after it. */
export function firstIn(lane: Uint32Array, ends: Float64Array, from: number): number {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[lane[middle]!]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

const STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[86_400, 172_800, 604_800, 1_209_600, 2_592_000],
];

function stepFor(seconds: number): number {
  return STEPS.find((step) => step >= seconds) ?? STEPS.at(-1)!;
}

/** Times between two, at whole steps of the local time. */
function* ticks(from: number, to: number, step: number): Generator<number> {
  const zone = -60 * new Date(from * 1000).getTimezoneOffset();
  for (let local = Math.ceil((from + zone) / step) * step; local - zone <= to; local += step) {
    yield local - zone;
  }
}
