/// <reference lib="dom" />
import { formatDuration } from "../../text/units.ts";
import { type PageTurn, TURN_PARTS } from "../data/head.ts";
import { color } from "../dom.ts";
import type { TimeScale } from "./time_scale.ts";

/** CSS pixels. */
export const BAND_HEIGHT = 5;

/** What the band says, each in its colour of the style sheet. */
export const BAND_PARTS: readonly (readonly [part: string, color: string])[] = [
  ["model", "tool-7"],
  ["tools", "tool-0"],
  ["prompts", "wait"],
  ["gates", "tool-2"],
  ["you", "line"],
];

/** The colours of `TURN_PARTS`: tools, prompts and gates that are not told apart are taken for tools. */
const COLORS = ["tool-7", "tool-0", "tool-0", "wait", "tool-2", "line"] as const;

/** A stretch of a band in one colour, places on the scale. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

/** Where the time of sessions' turns went: each turn divided as its parts are, whatever their order was. */
export class TurnBands {
  private readonly bands = new Map<number, Stretch[]>();

  constructor(private readonly turns: readonly PageTurn[], private readonly scale: TimeScale) {
    for (const { session, from, to, parts, own } of turns) {
      let band = this.bands.get(session);
      if (band === undefined) this.bands.set(session, band = []);
      if (own > 0) {
        band.push({ from: scale.toOffset(from - own), to: scale.toOffset(from), color: "line" });
      }
      band.push(...divided(scale.toOffset(from), scale.toOffset(to), parts));
    }
  }

  /** The turn at a place on the scale, of one of these sessions. */
  at(sessions: readonly number[], offset: number): PageTurn | undefined {
    const time = this.scale.toTime(offset);
    return this.turns.find(({ session, from, to }) =>
      from <= time && time <= to && sessions.includes(session)
    );
  }

  /** The stretches of a session, in order of time. */
  of(session: number): readonly Stretch[] {
    return this.bands.get(session) ?? [];
  }

  /** Draws the band of a session; `x` is the pixel of a place on the scale. */
  draw(
    context: CanvasRenderingContext2D,
    session: number,
    { x, top, width }: { x: (offset: number) => number; top: number; width: number },
  ): void {
    for (const { from, to, color: name } of this.of(session)) {
      const left = Math.max(0, x(from));
      const right = Math.min(width, x(to));
      if (right < left) continue;
      context.fillStyle = color(name);
      context.fillRect(left, top, right - left, BAND_HEIGHT);
    }
  }
}

/** The names of `TURN_PARTS`. */
const NAMES = ["model", "tools", "tools and prompts", "prompts", "gates", "you"] as const;

/** How the time of a turn went, in words. */
export function turnText({ from, to, parts }: PageTurn): string {
  const said = parts.flatMap((seconds, place) =>
    seconds > 0 ? [`${NAMES[place]} ${formatDuration(seconds)}`] : []
  );
  return `Turn of ${formatDuration(to - from)}: ${said.join(", ")}`;
}

function divided(from: number, to: number, parts: readonly number[]): Stretch[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  let passed = 0;
  return TURN_PARTS.flatMap((_, place): Stretch[] => {
    const part = parts[place]!;
    if (part <= 0) return [];
    const begin = from + (to - from) * passed / whole;
    passed += part;
    return [{ from: begin, to: from + (to - from) * passed / whole, color: COLORS[place]! }];
  });
}
