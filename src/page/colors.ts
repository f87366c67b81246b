import { color } from "./dom.ts";

/** So many tools have a colour of their own; the rest share one. */
export const TOOL_COLORS = 7;

/** The colours of tools, the same all over the page: by the time spent in them. */
export class ToolColors {
  private readonly places: Map<string, number>;

  constructor(names: readonly string[]) {
    this.places = new Map(names.map((name, place) => [name, Math.min(place, TOOL_COLORS)]));
  }

  /** The number of a tool's colour: the style sheet's `--tool-N`. */
  place(name: string): number {
    return this.places.get(name) ?? TOOL_COLORS;
  }
}

/** The colours as they are by now, in light or in dark. */
export function toolPalette(): string[] {
  return Array.from({ length: TOOL_COLORS + 1 }, (_, place) => color(`tool-${place}`));
}
