/// <reference lib="dom" />
import { isEnded, numberOf } from "../../calls/call_state.ts";
import { color } from "../dom.ts";
import { toolPalette } from "../colors.ts";
import { firstPlace } from "../../stats/first_place.ts";
import { AXIS_HEIGHT, type Extent, FONT, paintAxis } from "./timeline_axis.ts";
import { type Memory, MEMORY_HEIGHT, MemoryStrip } from "./memory_strip.ts";
import { BAND_HEIGHT, type TurnBands } from "./turn_band.ts";
import { LaneStrips } from "./lane_strips.ts";
import { NO_LANE, type Row, type TimelineLayout } from "./timeline_layout.ts";

/** What the timeline shows. */
export interface Scene {
  readonly layout: TimelineLayout;
  readonly rows: readonly Row[];
  /** For each call whether it is shown. */
  readonly mask: Uint8Array;
  /** For each call the number of its lane, all rows' lanes counted on; `NO_LANE` where it is in none. */
  readonly laneOf: Uint16Array;
  /** For each call the number of its colour. */
  readonly colors: Uint8Array;
  /** For each call its status. */
  readonly statuses: Uint8Array;
  /** What stands in a bar that is wide enough, and above a session's calls. */
  readonly name: (call: number) => string;
  readonly session: (session: number) => string;
  readonly memory: Memory;
  readonly turns: TurnBands;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
}

const NAME_HEIGHT = 18;
const LABEL_HEIGHT = NAME_HEIGHT + BAND_HEIGHT;
const LANE_GAP = 2;
const ROW_GAP = 10;
/** How high lanes are: the more there are, the lower. */
const LANE_HEIGHTS = [
  { lanes: 4, height: 30 },
  { lanes: 12, height: 20 },
  { lanes: 20, height: 14 },
] as const;
const LEAST_LANE_HEIGHT = 8;
/** Calls that are less wide are drawn together, one column of pixels at a time. */
const LEAST_WIDTH = 1.5;
/** A session's name may be wider than its calls by so much, where no other is in its way. */
const LEAST_LABEL = 30;
const NAME_GAP = 8;
const NAME_FONT = `600 ${FONT}`;
/** The edge on top of what failed. */
const FAIL_HEIGHT = 4;

const ERROR = numberOf("error");
const RUNNING = numberOf("running");
const ABANDONED = numberOf("abandoned");

function laneCount(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.lanes.length, 0);
}

function laneHeightOf(rows: readonly Row[]): number {
  const lanes = laneCount(rows);
  return LANE_HEIGHTS.find((each) => lanes <= each.lanes)?.height ?? LEAST_LANE_HEIGHT;
}

/** The height of a row in pixels. */
function heightOf({ lanes }: Row, laneHeight: number): number {
  return LABEL_HEIGHT + lanes.length * (laneHeight + LANE_GAP) + ROW_GAP;
}

/** The height of the axis, all rows and the strip of memory. */
export function sceneHeight(rows: readonly Row[]): number {
  return rowsHeight(rows) + MEMORY_HEIGHT;
}

function rowsHeight(rows: readonly Row[]): number {
  const laneHeight = laneHeightOf(rows);
  return AXIS_HEIGHT + rows.reduce((sum, row) => sum + heightOf(row, laneHeight), 0);
}

/** What is at a height: a row, and one of its lanes, or its band of turns. */
export function partAt(
  rows: readonly Row[],
  y: number,
):
  | { readonly row: Row; readonly lane: Int32Array | undefined; readonly isBand: boolean }
  | undefined {
  const laneHeight = laneHeightOf(rows);
  let top = AXIS_HEIGHT;
  for (const row of rows) {
    const height = heightOf(row, laneHeight);
    if (y >= top && y < top + height) {
      const lane = row.lanes[Math.floor((y - top - LABEL_HEIGHT) / (laneHeight + LANE_GAP))];
      return { row, lane, isBand: y >= top + NAME_HEIGHT - 2 && y < top + LABEL_HEIGHT };
    }
    top += height;
  }
  return undefined;
}

/** Draws one frame. `width` in CSS pixels; the context is scaled already. */
export class TimelinePainter {
  private readonly palette = toolPalette();
  private readonly ink = color("ink");
  private readonly faint = color("faint");
  private readonly line = color("line");
  private readonly fail = color("fail");
  private readonly paper = color("paper");
  private readonly scaleX: number;
  private readonly laneHeight: number;
  private readonly strips: LaneStrips;
  private readonly memory: MemoryStrip;
  /** Where lanes are, from the top. */
  private readonly tops: number[] = [];
  private readonly bars: Bar[] = [];

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly scene: Scene,
    private readonly extent: Extent,
    private readonly width: number,
  ) {
    this.scaleX = width / (extent.to - extent.from);
    this.laneHeight = laneHeightOf(scene.rows);
    this.memory = new MemoryStrip(Math.ceil(width));
    this.strips = new LaneStrips(Math.ceil(width), laneCount(scene.rows), this.palette, this.fail);
  }

  /** Draws all; returns whether calls are drawn together that are narrower than a pixel. */
  paint(height: number): boolean {
    const { context } = this;
    context.clearRect(0, 0, this.width, height);
    context.textBaseline = "middle";
    paintAxis(context, this.scene.layout.scale, { extent: this.extent, width: this.width, height });
    let top = AXIS_HEIGHT;
    for (const row of this.scene.rows) {
      this.paintRow(row, top);
      top += heightOf(row, this.laneHeight);
    }
    this.gather();
    this.strips.draw(context, this.tops, this.laneHeight, FAIL_HEIGHT);
    for (const { call, left, width, top } of this.bars) this.paintBar(call, left, width, top);
    this.memory.draw(context, this.scene.memory.name, rowsHeight(this.scene.rows));
    return this.strips.isUsed;
  }

  private x(offset: number): number {
    return (offset - this.extent.from) * this.scaleX;
  }

  private paintRow(row: Row, top: number): void {
    const { context } = this;
    context.font = NAME_FONT;
    context.fillStyle = this.ink;
    context.fillText(row.name, 0, top + 9);
    /** Where the next name has room. */
    let free = row.name === "" ? 0 : context.measureText(row.name).width + NAME_GAP;
    for (const block of row.blocks) {
      const left = Math.max(0, this.x(block.from));
      const right = Math.min(this.width, this.x(block.to));
      if (right < 0 || left > this.width) continue;
      context.fillStyle = this.line;
      context.fillRect(left, top + LABEL_HEIGHT - 2, Math.max(1, right - left), 1);
      this.scene.turns.draw(context, block.session, {
        ...{ x: (offset) => this.x(offset), top: top + NAME_HEIGHT - 1, width: this.width },
      });
      const from = Math.max(left, free);
      const room = Math.min(Math.max(right, left + LEAST_LABEL) + 2, this.width) - from;
      if (room <= 0) continue;
      const text = this.scene.session(block.session);
      context.font = FONT;
      const width = context.measureText(text).width;
      if (width > room) continue;
      context.fillStyle = this.faint;
      context.fillText(text, from, top + 9);
      free = from + width + NAME_GAP;
    }
    row.lanes.forEach((_, index) => {
      this.tops.push(top + LABEL_HEIGHT + index * (this.laneHeight + LANE_GAP));
    });
  }

  /** Puts the calls into the strips of their lanes, or with the bars where they are wide enough. */
  private gather(): void {
    const { begins, ends } = this.scene.layout;
    const { mask, statuses, colors, laneOf } = this.scene;
    const { scaleX, extent, strips, memory, tops } = this;
    const { kibibytes } = this.scene.memory;
    const abandoned = new Int32Array(tops.length).fill(-1);
    // In order of time, not lane by lane: that is the order in memory.
    for (let call = 0; call < mask.length; call++) {
      const lane = laneOf[call]!;
      if (mask[call] === 0 || lane === NO_LANE) continue;
      const begin = begins[call]!;
      const end = ends[call]!;
      if (end < extent.from || begin > extent.to) continue;
      const left = (begin - extent.from) * scaleX;
      const width = (end - begin) * scaleX;
      const status = statuses[call]!;
      const kib = kibibytes[call]!;
      if (kib > 0) memory.add(left, left + width, kib); // not NaN
      if (width < LEAST_WIDTH && isEnded(status)) {
        if (left >= 0) strips.add(lane, left | 0, colors[call]!, width, status === ERROR);
        continue;
      }
      if (status === ABANDONED) { // one for a pixel
        if (abandoned[lane] === (left | 0)) continue;
        abandoned[lane] = left | 0;
      }
      this.bars.push({ call, left, width, top: tops[lane]! });
    }
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
      context.globalAlpha = 0.4;
      context.strokeStyle = this.faint;
      context.strokeRect(from + 0.5, top + 2.5, 3, this.laneHeight - 5);
      context.globalAlpha = 1;
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
    context.fillRect(left, top, Math.max(2, right - left), FAIL_HEIGHT);
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
}

/** A call that is drawn for itself. */
interface Bar {
  readonly call: number;
  readonly left: number;
  readonly width: number;
  readonly top: number;
}

const SMALL_FONT = "10.5px system-ui, sans-serif";

/** The first call of a lane that ends at a place or after it. */
export function firstIn(lane: Int32Array, ends: Float64Array, from: number): number {
  return firstPlace(lane.length, (place) => ends[lane[place]!]! >= from);
}
