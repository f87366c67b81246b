/// <reference lib="dom" />
import { formatCount, formatDuration, UNKNOWN } from "../../text/units.ts";
import type { CallColumns } from "../../calls/call_columns.ts";
import { numberOf } from "../../calls/call_state.ts";
import type { ToolColors } from "../colors.ts";
import { binOf, BINS_PER_DECADE, Distribution, MAX_BINS, startOfBin } from "./distribution.ts";
import { element, Fold, svg, table } from "../dom.ts";
import { formatMark } from "../formats.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";
import type { Summary } from "../../summary/summary.ts";

const BACKGROUND = numberOf("background");
const WIDTH = 600;
const HEIGHT = 30;

/** For each tool how its durations are distributed on a logarithmic axis, with p50, p95 and the longest. */
export class Durations {
  readonly element = element("div");
  private readonly chart = element("div", { class: "strips" });
  private readonly fold: Fold;
  private groups: readonly Summary[] = [];
  private distribution = new Distribution();
  /** By call; `MAX_BINS` where its duration does not count. */
  private bins: Uint8Array | undefined;

  constructor(private readonly model: Model, private readonly colors: ToolColors) {
    this.fold = new Fold("Distribution as a table", () => [this.table()]);
    const legend =
      "How many calls took how long, on a logarithmic axis; the higher, the more (by " +
      "square root). The line is p50, the dashed one p95.";
    this.element.append(
      element("p", { class: "hint", text: legend }),
      this.chart,
      this.fold.element,
    );
  }

  update({ report, chosen, state }: View): void {
    this.groups = report.groups.filter(({ timed }) => timed > 0);
    this.distribution = this.count(chosen, state);
    this.chart.replaceChildren(...this.groups.map((group) => this.strip(group)), this.axis());
    this.fold.refresh();
  }

  private count(chosen: Int32Array, state: State): Distribution {
    const bins = this.bins ??= binsOf(this.model.page);
    const { toolName: tools } = this.model.page.head.texts;
    const { tool } = this.model.page;
    const counts = new Uint32Array((tools.length + 1) * MAX_BINS);
    for (let at = 0; at < chosen.length; at++) {
      const call = chosen[at]!;
      if (bins[call]! < MAX_BINS) counts[tool[call]! * MAX_BINS + bins[call]!]!++;
    }
    const names = state.tool === undefined ? this.model.groupOfTool : tools;
    const distribution = new Distribution();
    counts.forEach((count, at) =>
      distribution.add(names[Math.floor(at / MAX_BINS) - 1] ?? "", at % MAX_BINS, count)
    );
    return distribution;
  }

  private strip(group: Summary): HTMLElement {
    const counts = this.distribution.counts(group.name);
    const most = Math.max(...counts);
    const width = WIDTH / counts.length;
    const bars = counts.flatMap((count, bin) => {
      if (count === 0) return [];
      const height = Math.max(1.5, (HEIGHT - 4) * Math.sqrt(count / most));
      return [`M${bin * width + 0.5} ${HEIGHT}v${-height}h${width - 1}v${height}z`];
    });
    const figures = [
      `p50 ${formatDuration(group.p50Seconds)}`,
      `p95 ${formatDuration(group.p95Seconds)}`,
      `longest ${formatDuration(group.maxSeconds)}`,
    ].join(", ");
    const drawing = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      class: `strip fill-${this.colors.place(this.model.groupOf(group.name))}`,
      role: "img",
      "aria-label": `${group.name}: ${figures}`,
    }, [
      ...this.grid(),
      svg("path", { d: bars.join("") }),
      ...this.mark(group.p50Seconds, "p50"),
      ...this.mark(group.p95Seconds, "p95"),
    ]);
    return element("div", { class: "strip-row", title: `${group.name}: ${figures}` }, [
      element("span", { class: "name", text: group.name }),
      drawing,
      element("span", { class: "number", text: formatDuration(group.p50Seconds) }),
      element("span", { class: "number", text: formatDuration(group.p95Seconds) }),
    ]);
  }

  private grid(): SVGElement[] {
    return Array.from({ length: this.distribution.bins / BINS_PER_DECADE }, (_, decade) => {
      const x = WIDTH * decade * BINS_PER_DECADE / this.distribution.bins;
      return svg("line", { class: "grid", x1: x, x2: x, y1: 0, y2: HEIGHT });
    });
  }

  private mark(seconds: number | undefined, name: string): SVGElement[] {
    if (seconds === undefined) return [];
    const x = WIDTH * this.distribution.position(seconds);
    return [svg("line", { class: name, x1: x, x2: x, y1: 0, y2: HEIGHT })];
  }

  private axis(): HTMLElement {
    const decades = this.distribution.bins / BINS_PER_DECADE;
    const marks = Array.from({ length: decades }, (_, decade) => {
      const mark = element("span", { text: formatMark(startOfBin(decade * BINS_PER_DECADE)) });
      mark.style.left = `${100 * decade / decades}%`;
      return mark;
    });
    return element("div", { class: "strip-row axis", attributes: { "aria-hidden": "true" } }, [
      element("span"),
      element("div", { class: "marks" }, marks),
      element("span", { class: "number", text: "p50" }),
      element("span", { class: "number", text: "p95" }),
    ]);
  }

  private table(): HTMLElement {
    const counts = this.groups.map(({ name }) => this.distribution.counts(name));
    const rows = Array.from({ length: this.distribution.bins }, (_, bin) => bin)
      .filter((bin) => counts.some((each) => (each[bin] ?? 0) > 0))
      .map((bin) => [
        `${formatMark(startOfBin(bin))} – ${formatMark(startOfBin(bin + 1))}`,
        ...counts.map((each) => each[bin] === 0 ? UNKNOWN : formatCount(each[bin])),
      ]);
    return table(
      "Calls by duration and tool",
      ["Duration", ...this.groups.map(({ name }) => name)],
      rows,
    );
  }
}

function binsOf({ duration, status }: CallColumns): Uint8Array {
  const bins = new Uint8Array(duration.length).fill(MAX_BINS);
  for (let call = 0; call < bins.length; call++) {
    const seconds = duration[call]!;
    if (seconds !== seconds || status[call] === BACKGROUND) continue; // NaN: not known
    bins[call] = binOf(seconds);
  }
  return bins;
}
