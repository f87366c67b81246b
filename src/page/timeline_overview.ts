/// <reference lib="dom" />
import { color, element } from "./dom.ts";
import { toolPalette } from "./colors.ts";
import type { Extent } from "./timeline_draw.ts";
import type { TimelineLayout } from "./timeline_layout.ts";

const HEIGHT = 34;

/** All of the time in a strip, with what the timeline shows of it marked; a drag moves that. */
export class Overview {
  readonly element: HTMLElement;
  private readonly canvas = element("canvas");
  private readonly frame = element("div", { class: "frame" });
  /** By pixel and colour, seconds in calls. */
  private bins: Float64Array[] = [];
  private mask: Uint8Array | undefined;
  private colors: Uint8Array | undefined;
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
    if (mask !== this.mask) this.bins = [];
    this.mask = mask;
    this.colors = colors;
  }

  paint(extent: Extent, ink: string): void {
    this.extent = extent;
    const width = this.element.clientWidth;
    const { length } = this.layout.scale;
    this.frame.style.left = `${100 * extent.from / length}%`;
    this.frame.style.width = `${100 * (extent.to - extent.from) / length}%`;
    if (width === 0 || this.bins[0]?.length === width) return;
    this.bins = this.count(width);
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const ratio = globalThis.devicePixelRatio;
    this.canvas.width = width * ratio;
    this.canvas.height = HEIGHT * ratio;
    context.scale(ratio, ratio);
    const totals = Array.from(
      { length: width },
      (_, pixel) => this.bins.reduce((sum, bin) => sum + bin[pixel]!, 0),
    );
    const unit = (HEIGHT - 4) / Math.sqrt(Math.max(1e-9, ...totals));
    const palette = toolPalette();
    for (let pixel = 0; pixel < width; pixel++) {
      let top = HEIGHT;
      const total = totals[pixel]!;
      for (const [place, bin] of this.bins.entries()) {
        if (bin[pixel] === 0) continue;
        const height = Math.sqrt(total) * unit * bin[pixel]! / total;
        context.fillStyle = palette[place] ?? ink;
        context.fillRect(pixel, top - height, 1, height);
        top -= height;
      }
    }
    context.fillStyle = color("line");
    context.fillRect(0, HEIGHT - 1, width, 1);
  }

  private count(width: number): Float64Array[] {
    const { begins, ends, scale } = this.layout;
    const bins = toolPalette().map(() => new Float64Array(width));
    const perPixel = scale.length / width;
    for (let call = 0; call < begins.length; call++) {
      if (this.mask?.[call] !== 1) continue;
      const bin = bins[this.colors?.[call] ?? 0]!;
      const first = Math.min(width - 1, Math.floor(begins[call]! / perPixel));
      const last = Math.min(width - 1, Math.floor(ends[call]! / perPixel));
      for (let pixel = first; pixel <= last; pixel++) {
        const from = Math.max(begins[call]!, pixel * perPixel);
        const to = Math.min(ends[call]!, (pixel + 1) * perPixel);
        bin[pixel]! += Math.max(1e-6, to - from);
      }
    }
    return bins;
  }
}
