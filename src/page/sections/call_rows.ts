/// <reference lib="dom" />
import { formatDuration, UNKNOWN } from "../../text/units.ts";
import type { CallView } from "../../calls/call_columns.ts";
import { titleOf } from "../../summary/call_names.ts";
import { signed, statusCell } from "../../summary/calls_text.ts";
import { element, table } from "../dom.ts";
import { formatMoment } from "../formats.ts";
import type { Model } from "../model.ts";

const HEADINGS = ["Tool", "Status", "Session", "Started", "Took", "Gate", "CPU", "Memory"];

/** Calls as a table; what a call was opens it. */
export function callRows(
  model: Model,
  caption: string,
  calls: readonly CallView[],
  open: (call: CallView) => void,
): HTMLTableElement {
  const rows = calls.map((call) => [
    element("button", {
      class: "link",
      text: titleOf(call),
      attributes: { type: "button" },
      click: () => open(call),
    }),
    statusCell(call),
    call.sessionId === undefined ? UNKNOWN : model.sessionLabel(call.sessionId),
    formatMoment(call.startTime ?? call.endTime),
    formatDuration(call.durationSeconds),
    formatDuration(call.gateSeconds),
    formatDuration(call.cpuSeconds),
    signed(call.memoryGrowth),
  ]);
  return table(caption, HEADINGS, rows, (column) => column < 4);
}
