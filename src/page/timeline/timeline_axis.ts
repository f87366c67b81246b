/// <reference lib="dom" />
import { formatAge } from "../../text/units.ts";
import { color } from "../dom.ts";
import { formatDay, formatTick } from "../formats.ts";
import type { TimeScale } from "./time_scale.ts";

/** The part of the scale that is shown. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

export const AXIS_HEIGHT = 34;
export const FONT = "12px system-ui, sans-serif";
/** Ticks stand at least so many pixels apart. */
const TICK_WIDTH = 90;
/** Between a tick and its label. */
const LABEL_GAP = 4;

/** What an axis is drawn in: `width` and `height` in CSS pixels. */
export interface Frame {
  readonly extent: Extent;
  readonly width: number;
  readonly height: number;
}

/** Draws days, times and the gaps that are cut out of the scale. */
export function paintAxis(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  { extent, width, height }: Frame,
): void {
  const { from, to } = extent;
  const scaleX = width / (to - from);
  const x = (offset: number): number => (offset - from) * scaleX;
  context.font = FONT;
  for (const cut of scale.cuts(from, to)) {
    paintCut(context, { ...cut, from: x(cut.from), to: x(cut.to) }, height);
  }
  const step = stepFor(TICK_WIDTH / scaleX);
  const line = color("line");
  const days = new Labels(context, width, 9, color("ink"));
  const times = new Labels(context, width, 24, color("faint"));
  for (const stretch of scale.shown(from, to)) {
    days.put(x(scale.toOffset(stretch.from)), formatDay(stretch.from));
    for (const time of ticks(stretch.from, stretch.to, step)) {
      const place = x(scale.toOffset(time));
      context.fillStyle = line;
      context.fillRect(Math.round(place), AXIS_HEIGHT - 6, 1, height);
      days.put(place, formatDay(time));
      if (step < DAY) times.put(place, formatTick(time, step));
    }
  }
}

/** A gap that was cut out: a strip with its length where there is room. */
function paintCut(
  context: CanvasRenderingContext2D,
  { from, to, seconds }: { from: number; to: number; seconds: number },
  height: number,
): void {
  const width = Math.max(1, to - from);
  context.fillStyle = color("band");
  context.fillRect(from, AXIS_HEIGHT - 6, width, height);
  const text = formatAge(seconds);
  if (width < 24 || context.measureText(text).width > height - AXIS_HEIGHT - 16) return;
  context.save();
  context.translate(from + width / 2, height - 8);
  context.rotate(-Math.PI / 2);
  context.fillStyle = color("faint");
  context.fillText(text, 0, 0);
  context.restore();
}

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
    if (text === this.last || x < this.free || x + LABEL_GAP + width > this.width) return;
    this.context.fillStyle = this.ink;
    this.context.fillText(text, x + LABEL_GAP, this.y);
    this.free = x + width + 16;
    this.last = text;
  }
}

const DAY = 86_400;
const STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[DAY, 172_800, 604_800, 1_209_600, 2_592_000],
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
