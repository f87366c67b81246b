/// <reference lib="dom" />
import type { CallColumns } from "../../calls/call_columns.ts";
import { rankFigures } from "../../summary/ranks.ts";
import { formatBytes } from "../../text/units.ts";
import { color } from "../dom.ts";
import { FONT } from "./timeline_axis.ts";

/** The height of the strip and of its name above it, CSS pixels. */
export const MEMORY_HEIGHT = 52;
const NAME_HEIGHT = 18;

/** What is known of calls' memory: by call, KiB, NaN where it is not, and what that is of. */
export interface Memory {
  readonly kibibytes: Float64Array;
  readonly name: string;
}

/** What the calls' own processes held at most, or else the client, where no log knows that. */
export function memoryOf(page: CallColumns): Memory {
  return page.knowsPeaks
    ? { kibibytes: page.peakMemory, name: "Memory of calls at its peak" }
    : { kibibytes: rankFigures(page, "rss"), name: "Memory of Claude Code" };
}

/** What calls held at most, by column of pixels. */
export class MemoryStrip {
  /** KiB; 0 where nothing is known. */
  private readonly most: Float64Array;

  constructor(width: number) {
    this.most = new Float64Array(width);
  }

  /** Adds a call from one place to another; one that is not known, NaN, adds nothing. */
  add(left: number, right: number, kib: number): void {
    const { most } = this;
    if (!(kib > 0)) return;
    const last = Math.min(most.length - 1, right | 0);
    for (let pixel = Math.max(0, left | 0); pixel <= last; pixel++) {
      if (kib > most[pixel]!) most[pixel] = kib;
    }
  }

  /** Draws it, where anything is known. */
  draw(context: CanvasRenderingContext2D, name: string, top: number): void {
    const { most } = this;
    const peak = most.reduce((greatest, each) => Math.max(greatest, each), 0);
    if (peak === 0) return;
    context.font = FONT;
    context.fillStyle = color("faint");
    context.fillText(`${name}, up to ${formatBytes(1024 * peak)}`, 0, top + 9);
    context.fillStyle = color("tool-7");
    const height = MEMORY_HEIGHT - NAME_HEIGHT;
    for (let pixel = 0; pixel < most.length; pixel++) {
      const part = height * most[pixel]! / peak;
      context.fillRect(pixel, top + MEMORY_HEIGHT - part, 1, part);
    }
  }
}
