import { firstIn } from "./timeline_draw.ts";
import type { TimelineLayout } from "./timeline_layout.ts";

/** A call, and how many others it hides. */
export interface Found {
  readonly call: number;
  readonly more: number;
}

/** The call of a lane at a place on the scale, or no further beside it than `slack`: the closest, then the longest. */
export function callAt(
  lane: Int32Array,
  { begins, ends }: TimelineLayout,
  mask: Uint8Array,
  { at, slack }: { readonly at: number; readonly slack: number },
): Found | undefined {
  let best: number | undefined;
  let closest = Infinity;
  let count = 0;
  for (let place = firstIn(lane, ends, at - slack); place < lane.length; place++) {
    const call = lane[place]!;
    if (begins[call]! > at + slack) break;
    if (mask[call] === 0) continue;
    count++;
    const distance = Math.max(0, begins[call]! - at, at - ends[call]!);
    const isCloser = distance < closest ||
      distance === closest && ends[call]! - begins[call]! > ends[best!]! - begins[best!]!;
    if (isCloser) [best, closest] = [call, distance];
  }
  return best === undefined ? undefined : { call: best, more: count - 1 };
}
