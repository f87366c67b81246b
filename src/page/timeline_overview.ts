/// <reference lib="dom" />
import { color, element } from "./dom.ts";
import { toolPalette } from "./colors.ts";
import type { Extent } from "./timeline_axis.ts";
import type { TimelineLayout } from "./timeline_layout.ts";

const HEIGHT = 34;

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
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
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
    const bins = toolPalette().map(() => new Float64Array(width));
    const perPixel = scale.length / width;
    for (let call = 0; call < begins.length; call++) {
      if (mask[call] === 0) continue;
      const bin = bins[colors[call]!]!;
      const begin = begins[call]!;
      const end = ends[call]!;
      const first = Math.min(width - 1, Math.floor(begin / perPixel));
      const last = Math.min(width - 1, Math.floor(end / perPixel));
      if (first === last) {
        bin[first]! += Math.max(1e-6, end - begin);
        continue;
      }
      for (let pixel = first; pixel <= last; pixel++) {
        const from = Math.max(begin, pixel * perPixel);
        const to = Math.min(end, (pixel + 1) * perPixel);
        bin[pixel]! += Math.max(1e-6, to - from);
      }
    }
    return bins;
  }
}
