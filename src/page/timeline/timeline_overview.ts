/// <reference lib="dom" />
import { color, element, setCanvasSize } from "../dom.ts";
import { toolPalette } from "../colors.ts";
import type { Extent } from "./timeline_axis.ts";
import type { TimelineLayout } from "./timeline_layout.ts";

const HEIGHT = 34;
/** A call without a duration shows, too. */
const LEAST_SECONDS = 1e-6;

/** All of the time in a strip, with what the timeline shows of it marked; a drag moves that. */
export class Overview {
  readonly element: HTMLElement;
  private readonly canvas = element("canvas");
  private readonly frame = element("div", { class: "frame" });
  /** By pixel and colour, seconds in calls. */
  private bins: Float64Array[] = [];
  private mask: Uint8Array = new Uint8Array();
  private colors: Uint8Array = new Uint8Array();
  private extent: Extent = { from: 0, to: 1 };

  constructor(private readonly layout: TimelineLayout, show: (extent: Extent) => void) {
    this.element = element("div", { class: "overview", attributes: { "aria-hidden": "true" } }, [
      this.canvas,
      this.frame,
    ]);
    const move = (event: PointerEvent): void => {
      if (event.buttons !== 1) return;
      const box = this.element.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width * layout.scale.length;
      const half = (this.extent.to - this.extent.from) / 2;
      const center = Math.min(layout.scale.length - half, Math.max(half, at));
      show({ from: center - half, to: center + half });
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      move(event);
    });
    this.element.addEventListener("pointermove", move);
  }

  update(mask: Uint8Array, colors: Uint8Array): void {
    if (mask !== this.mask) this.forget();
    this.mask = mask;
    this.colors = colors;
  }

  /** What was drawn is out of date. */
  forget(): void {
    this.bins = [];
  }

  /** Takes the width in CSS pixels. */
  paint(extent: Extent, width: number, ink: string): void {
    this.extent = extent;
    const { length } = this.layout.scale;
    this.frame.style.left = `${100 * extent.from / length}%`;
    this.frame.style.width = `${100 * (extent.to - extent.from) / length}%`;
    if (this.bins[0]?.length === width) return;
    this.bins = this.count(width);
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const ratio = globalThis.devicePixelRatio;
    setCanvasSize(this.canvas, width, HEIGHT, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, HEIGHT);
    const palette = toolPalette();
    this.shapes(width).forEach((shape, place) => {
      context.fillStyle = palette[place] ?? ink;
      context.fill(shape);
    });
    context.fillStyle = color("line");
    context.fillRect(0, HEIGHT - 1, width, 1);
  }

  /** By colour, its part of all columns: these are as high as the root of their seconds. */
  private shapes(width: number): Path2D[] {
    const totals = new Float64Array(width);
    for (const bin of this.bins) bin.forEach((seconds, pixel) => totals[pixel]! += seconds);
    const unit = (HEIGHT - 4) /
      Math.sqrt(totals.reduce((most, each) => Math.max(most, each), 1e-9));
    const tops = new Float64Array(width).fill(HEIGHT);
    return this.bins.map((bin) => {
      const shape = new Path2D();
      bin.forEach((seconds, pixel) => {
        if (seconds === 0) return;
        const height = unit * seconds / Math.sqrt(totals[pixel]!);
        tops[pixel]! -= height;
        shape.rect(pixel, tops[pixel]!, 1, height);
      });
      return shape;
    });
  }

  private count(width: number): Float64Array[] {
    const { begins, ends, scale } = this.layout;
    const { mask, colors } = this;
    const colorCount = toolPalette().length;
    const seconds = new Float64Array(colorCount * width);
    const pixels = width / scale.length;
    for (let call = 0; call < begins.length; call++) {
      if (mask[call] === 0) continue;
      const begin = begins[call]!;
      const end = ends[call]!;
      const row = colors[call]! * width;
      const first = Math.min(width - 1, (begin * pixels) | 0);
      const last = Math.min(width - 1, (end * pixels) | 0);
      if (first === last) {
        seconds[row + first]! += Math.max(LEAST_SECONDS, end - begin);
        continue;
      }
      for (let pixel = first; pixel <= last; pixel++) {
        const from = Math.max(begin, pixel / pixels);
        const to = Math.min(end, (pixel + 1) / pixels);
        seconds[row + pixel]! += Math.max(LEAST_SECONDS, to - from);
      }
    }
    return Array.from(
      { length: colorCount },
      (_, color) => seconds.subarray(color * width, (color + 1) * width),
    );
  }
}
