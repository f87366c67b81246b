/// <reference lib="dom" />
import uPlot from "uplot";
import type { CallView } from "../../calls/call_columns.ts";
import { SESSION_ID } from "../../row/row_view.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  plural,
} from "../../text/units.ts";
import { signed } from "../../summary/calls_text.ts";
import { type ToolColors, toolPalette } from "../colors.ts";
import { color, element, Fold, setValue, table } from "../dom.ts";
import { formatMoment, formatTick } from "../formats.ts";
import type { Model, View } from "../model.ts";
import { cpuSeries, memorySeries, type Series } from "./resource_series.ts";
import type { State } from "../state.ts";
import { thinCalls } from "../thin_calls.ts";

const HEIGHT = 190;
const CPU_PARTS = 240;
/** Names of days need as many pixels. */
const TICK_SPACE = 90;
/** The strip of calls below the line, CSS pixels. */
const STRIP = 10;
/** Rows of the table behind the charts. */
const TABLE_ROWS = 100;

/** Memory and CPU of one session over time, with its calls in a strip below. */
export class Resources {
  readonly element = element("div", { class: "resources" });
  private readonly session: HTMLSelectElement;
  private readonly memory = element("div", { class: "chart" });
  private readonly cpu = element("div", { class: "chart" });
  private readonly memoryPart = element("div", {}, [
    element("h3", { text: "Memory of Claude Code, MiB" }),
    this.memory,
  ]);
  private readonly cpuPart = element("div", {}, [
    element("h3", { text: "CPU of Claude Code and its tools, % of one core" }),
    this.cpu,
  ]);
  private readonly caption = element("p", { class: "caption", attributes: { role: "status" } });
  private readonly note = element("p", { class: "hint" });
  private readonly fold: Fold;
  private plots: uPlot[] = [];
  /** The time that both charts show, seconds since the epoch. */
  private range: uPlot.Range.MinMax = [0, 1];
  private view: View;
  private calls: CallView[] = [];
  private hovered: CallView | undefined;

  constructor(
    private readonly model: Model,
    private readonly colors: ToolColors,
    private readonly change: (state: State) => void,
  ) {
    this.view = model.whole;
    const sessions = model.page.head.texts.sessionId.toReversed();
    this.session = element(
      "select",
      {},
      sessions.map((id) =>
        element("option", { text: model.sessionLabel(id), attributes: { value: id } })
      ),
    );
    this.session.addEventListener("change", () => change({ chart: this.session.value }));
    this.fold = new Fold("Memory and CPU as a table", () => [this.table()]);
    const label = [element("span", { text: "Session" }), this.session];
    this.element.append(
      ...sessions.length > 0 ? [element("label", { class: "inline" }, label)] : [],
      this.memoryPart,
      this.cpuPart,
      this.caption,
      this.note,
      this.fold.element,
    );
    new ResizeObserver(() => this.resize()).observe(this.memory);
  }

  update(view: View): void {
    this.view = view;
    const { sessionId: known } = this.model.page.head.texts;
    const id = [view.state.session, view.state.chart, view.findings.growth?.sessionId]
      .find((each) => each !== undefined && known.includes(each)) ?? this.busiest();
    setValue(this.session, id ?? "");
    this.session.disabled = view.state.session !== undefined;
    const { from = -Infinity, to = Infinity } = view.state;
    const { page, sessions } = this.model;
    const { time } = page;
    const calls = sessions.of(id === undefined ? 0 : this.model.sessionNumber(id)).filter((call) =>
      time[call]! >= from && time[call]! < to
    );
    const shown = thinCalls(page, calls);
    this.calls = Array.from(shown, (call) => page.call(call));
    this.note.textContent = shown.length < calls.length
      ? `Drawn from ${formatCount(shown.length)} of ${
        plural(calls.length, "call")
      }: the extremes of ` +
        "each moment. Zoom in, or filter, to see more."
      : "";
    this.draw();
    this.fold.refresh();
  }

  /** The session with the most calls of those that are shown. */
  private busiest(): string | undefined {
    const { numbers, names } = this.model.page.texts(SESSION_ID);
    const { chosen } = this.view;
    const counts = new Uint32Array(names.size + 1);
    for (let at = 0; at < chosen.length; at++) counts[numbers[chosen[at]!]!]!++;
    counts[0] = 0; // calls without a session
    return names.text(counts.reduce((best, count, each) => count > counts[best]! ? each : best, 0));
  }

  /** Draws both charts in the colours that there are now. */
  repaint(): void {
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
    this.draw();
  }

  private draw(): void {
    const memory = memorySeries(this.calls);
    const first = this.calls[0];
    const from = first?.startTime ?? first?.endTime ?? 0;
    const to = this.calls.reduce((last, { endTime = 0 }) => Math.max(last, endTime), from + 1);
    const isKnown = memory.times.length > 0;
    this.caption.textContent = isKnown ? "" : "The log knows no memory and CPU of these calls.";
    this.memoryPart.hidden = !isKnown;
    const cpu = cpuSeries(this.calls, from, to, CPU_PARTS);
    this.cpuPart.hidden = !isKnown || cpu.values.every((value) => value === null);
    if (!isKnown) return;
    this.range = [from, to];
    if (this.plots.length === 0) {
      this.plots = [
        this.plot(this.memory, memory, { stroke: color("ink"), withCalls: true }),
        this.plot(this.cpu, cpu, { stroke: color("faint"), withCalls: false }),
      ];
    } else {
      [memory, cpu].forEach(({ times, values }, place) =>
        this.plots[place]?.setData([times, values])
      );
    }
  }

  private plot(
    target: HTMLElement,
    series: Series,
    look: { stroke: string; withCalls: boolean },
  ): uPlot {
    const { stroke, withCalls } = look;
    const axis = {
      stroke: color("faint"),
      grid: { stroke: color("line"), width: 1 },
      ticks: { stroke: color("line"), width: 1 },
      font: "12px system-ui, sans-serif",
    };
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    const options: uPlot.Options = {
      width: target.clientWidth || 600,
      height: HEIGHT,
      legend: { show: false },
      cursor: {
        sync: { key: "resources" },
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
      },
      scales: {
        x: { time: true, range: () => this.range },
        y: {
          range: withCalls ? memoryRange : (_, __, most) => [0, Math.max(10, (most ?? 0) * 1.1)],
        },
      },
      axes: [
        {
          ...axis,
          space: TICK_SPACE,
          values: (_, times, __, ___, step) => times.map((each) => formatTick(each, step)),
        },
        { ...axis, size: 56 },
      ],
      series: [{}, {
        stroke,
        width: 1.5,
        fill: withCalls ? undefined! : `${stroke}33`,
        ...(stepped === undefined ? {} : { paths: stepped }),
        points: { show: false },
      }],
      hooks: {
        draw: withCalls ? [(plot) => this.drawCalls(plot)] : [],
        setCursor: [(plot) => this.follow(plot)],
        setSelect: [(plot) => this.zoom(plot)],
      },
    };
    const plot = new uPlot(options, [series.times, series.values], target);
    plot.over.addEventListener("click", () => {
      if (this.hovered !== undefined) this.change({ call: this.hovered.index });
    });
    return plot;
  }

  /** The calls that are not filtered out, in a strip at the bottom of the chart. */
  private drawCalls(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const palette = toolPalette();
    const top = bbox.top + bbox.height - STRIP * ratio;
    for (const call of this.calls) {
      if (this.view.mask[call.index] === 0) continue;
      const begin = call.startTime ?? call.endTime ?? 0;
      const left = plot.valToPos(begin, "x", true);
      const right = plot.valToPos(call.endTime ?? begin, "x", true);
      ctx.fillStyle = palette[this.colors.place(this.groupOf(call))] ?? "";
      ctx.fillRect(left, top, Math.max(ratio, right - left), STRIP * ratio);
      if (call.status !== "error") continue;
      ctx.fillStyle = color("fail");
      ctx.fillRect(left, top, Math.max(2 * ratio, right - left), 3 * ratio);
    }
  }

  private groupOf(call: CallView): string {
    return this.model.groupOf(call.toolName);
  }

  /** Says what is under the cursor. */
  private follow(plot: uPlot): void {
    const { left, idx } = plot.cursor;
    if (left === undefined || left < 0 || idx === undefined || idx === null) return;
    const time = plot.posToVal(left, "x");
    const slack = 3 * (plot.posToVal(1, "x") - plot.posToVal(0, "x"));
    this.hovered = this.calls.findLast((call) =>
      (call.startTime ?? Infinity) <= time + slack && (call.endTime ?? 0) >= time - slack
    );
    const [memory, cpu] = this.plots.map((each) => each.data[1]?.[each.cursor.idx ?? 0]);
    const parts = [
      formatMoment(time),
      typeof memory === "number" ? formatBytes(memory * 1024 * 1024) : undefined,
      typeof cpu === "number" ? `${formatPercent(cpu / 100)} CPU` : undefined,
      this.hovered &&
      `${this.hovered.toolName} ${formatDuration(this.hovered.durationSeconds)}, memory ${
        signed(this.hovered.memoryGrowth)
      }`,
    ];
    this.caption.textContent = parts.filter((part) => part !== undefined).join(" · ");
  }

  private zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 3) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.change({ from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") });
  }

  private resize(): void {
    const width = this.memory.clientWidth;
    if (width > 0) { for (const plot of this.plots) plot.setSize({ width, height: HEIGHT }); }
  }

  private table(): HTMLElement {
    const rows = this.calls.slice(0, TABLE_ROWS).map((call) => [
      formatMoment(call.startTime ?? call.endTime),
      call.toolName,
      formatBytes(mebibytes(call.start?.memoryRss)),
      formatBytes(mebibytes(call.end?.memoryRss)),
      signed(call.memoryGrowth),
      formatDuration(call.clientCpuSeconds),
      formatDuration(call.cpuSeconds),
    ]);
    const shown = this.calls.length > TABLE_ROWS ? `, the first ${TABLE_ROWS} calls` : "";
    return table(
      `Memory and CPU of the session${shown}`,
      ["Started", "Tool", "Memory before", "After", "Change", "Client's CPU", "Tool's CPU"],
      rows,
      (column) => column < 2,
    );
  }
}

/** Room for the strip of calls below the line. */
function memoryRange(_: uPlot, least: number, most: number): uPlot.Range.MinMax {
  const span = Math.max(8, (most ?? 0) - (least ?? 0));
  return [Math.max(0, (least ?? 0) - 0.2 * span), (most ?? 0) + 0.08 * span];
}

function mebibytes(kib: number | undefined): number | undefined {
  return kib === undefined ? undefined : kib * 1024;
}
