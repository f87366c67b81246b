/// <reference lib="dom" />

/**
 * Calls that are narrower than a pixel, a column of pixels at a time: images of one pixel's height, one for
 * each lane and one for its failures, drawn as high as they are to be. A rectangle for each of thousands of
 * columns takes ten times as long.
 */
export class LaneStrips {
  private readonly image: ImageData;
  private readonly fills: readonly Rgb[];
  private readonly failFill: Rgb;
  /** By lane and column, how many calls there are, and how many failed. */
  private readonly calls: Uint32Array;
  private readonly failed: Uint32Array;
  /** Whether there are any calls. */
  isUsed = false;
  /** By lane, column and colour, how wide the calls are together, pixels. */
  private readonly widths: Float32Array;

  /** `fills` and `fail` are colours as `#rrggbb`, the first of the calls by number. */
  constructor(
    private readonly width: number,
    lanes: number,
    fills: readonly string[],
    fail: string,
  ) {
    this.image = new ImageData(Math.max(1, width), Math.max(1, 2 * lanes));
    this.fills = fills.map(rgbOf);
    this.failFill = rgbOf(fail);
    this.calls = new Uint32Array(lanes * width);
    this.failed = new Uint32Array(lanes * width);
    this.widths = new Float32Array(lanes * width * fills.length);
  }

  /** Adds a call; what is beyond the right edge is left out. */
  add(lane: number, pixel: number, color: number, width: number, hasFailed: boolean): void {
    if (pixel >= this.width) return;
    this.isUsed = true;
    const place = lane * this.width + pixel;
    this.calls[place]!++;
    if (hasFailed) this.failed[place]!++;
    this.widths[place * this.fills.length + color]! += width;
  }

  /** Colours the columns, each as most of its time. */
  private fill(): void {
    const { calls, failed, widths, fills } = this;
    for (let place = 0; place < calls.length; place++) {
      if (calls[place] === 0) continue;
      let most = 0;
      let covered = 0;
      const first = place * fills.length;
      for (let color = 0; color < fills.length; color++) {
        const width = widths[first + color]!;
        covered += width;
        if (width > widths[first + most]!) most = color;
      }
      const row = 2 * Math.floor(place / this.width);
      const pixel = place % this.width;
      this.put(row, pixel, fills[most]!, 0.4 + 0.6 * Math.min(1, covered));
      if (failed[place] === 0) continue;
      this.put(row + 1, pixel, this.failFill, Math.max(0.35, failed[place]! / calls[place]!));
    }
  }

  private put(row: number, pixel: number, color: Rgb, opacity: number): void {
    const { data } = this.image;
    const at = 4 * (row * this.width + pixel);
    data[at] = color.red;
    data[at + 1] = color.green;
    data[at + 2] = color.blue;
    data[at + 3] = 255 * opacity;
  }

  /** Draws lanes at their heights: the calls `height` high, the failures `failHeight`. */
  draw(
    context: CanvasRenderingContext2D,
    tops: readonly number[],
    height: number,
    failHeight: number,
  ): void {
    this.fill();
    const { image, width } = this;
    const scratch = document.createElement("canvas");
    scratch.width = image.width;
    scratch.height = image.height;
    scratch.getContext("2d")?.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    tops.forEach((top, lane) => {
      context.drawImage(scratch, 0, 2 * lane, width, 1, 0, top, width, height);
      context.drawImage(scratch, 0, 2 * lane + 1, width, 1, 0, top, width, failHeight);
    });
  }
}

/** Parts from 0 to 255. */
interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

function rgbOf(color: string): Rgb {
  const part = (at: number): number => parseInt(color.slice(at, at + 2), 16) || 0;
  return { red: part(1), green: part(3), blue: part(5) };
}
