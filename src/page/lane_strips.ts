/// <reference lib="dom" />

/**
 * Calls that are narrower than a pixel, a column of pixels at a time: images of one pixel's height, one for
 * each lane and one for its failures, drawn as high as they are to be. A rectangle for each of thousands of
 * columns takes ten times as long.
 */
export class LaneStrips {
  private readonly image: ImageData;
  private readonly scratch = document.createElement("canvas");

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly width: number,
    lanes: number,
  ) {
    this.image = new ImageData(Math.max(1, width), Math.max(1, 2 * lanes));
  }

  /** Colours a column of a lane's calls (`part` 0) or failures (1); opacity from 0 to 1. */
  put(lane: number, part: 0 | 1, pixel: number, color: Rgb, opacity: number): void {
    if (pixel < 0 || pixel >= this.width) return;
    const at = 4 * ((2 * lane + part) * this.width + pixel);
    const { data } = this.image;
    data[at] = color.red;
    data[at + 1] = color.green;
    data[at + 2] = color.blue;
    data[at + 3] = 255 * opacity;
  }

  /** Draws lanes at their heights: the calls `height` high, the failures `failHeight`. */
  draw(tops: readonly number[], height: number, failHeight: number): void {
    const { context, scratch, image, width } = this;
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
export interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** The parts of a colour that a style sheet has as `#rrggbb`. */
export function rgbOf(color: string): Rgb {
  const part = (at: number): number => parseInt(color.slice(at, at + 2), 16) || 0;
  return { red: part(1), green: part(3), blue: part(5) };
}
