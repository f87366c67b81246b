/// <reference lib="dom" />
import type { Call } from "../../calls/call.ts";
import { formatBytes, formatDuration, formatPercent, plural, UNKNOWN } from "../../text/units.ts";
import { titleOf } from "../../summary/call_names.ts";
import { signed, statusCell } from "../../summary/calls_text.ts";
import { element } from "../dom.ts";
import { formatMoment } from "../formats.ts";

/** All that is known of a call, as a list of terms, with the buttons that are given. */
export function callDetails(call: Call, buttons: readonly HTMLElement[]): HTMLElement {
  const entries = entriesOf(call).filter(([, value]) => value !== undefined && value !== UNKNOWN);
  const { start, end } = call;
  const params = start?.params ?? end?.params;
  return element("div", { class: "details" }, [
    element("div", { class: "details-head" }, [
      element("h2", { text: titleOf(call) }),
      element("span", { class: `status ${call.status}`, text: statusOf(call) }),
      element("span", { class: "actions" }, buttons),
    ]),
    params === undefined ? undefined : element("pre", { text: params }),
    element(
      "dl",
      {},
      entries.map(([term, value]) =>
        element("div", {}, [element("dt", { text: term }), element("dd", { text: value ?? "" })])
      ),
    ),
  ]);
}

/** How a call ended; what has no end is explained. */
export function statusOf(call: Call): string {
  return call.status === "abandoned" ? `abandoned: ${ABANDONED}` : statusCell(call);
}

/** What it is for a call to be abandoned. */
export const ABANDONED = "begun, without an end: denied, cancelled or killed";

function entriesOf(call: Call): (readonly [term: string, value: string | undefined])[] {
  const { start, end } = call;
  const approximate = call.approximate ? "about " : "";
  const shared = call.shared ? ", shared with calls beside it" : "";
  return [
    ["Took", approximate + formatDuration(call.durationSeconds)],
    ["Gate", formatDuration(call.gateSeconds)],
    ["Prompt", formatDuration(call.promptSeconds)],
    ["Started", formatMoment(call.startTime)],
    ["Ended", formatMoment(call.endTime)],
    [
      "CPU",
      call.cpuSeconds === undefined
        ? undefined
        : `${formatDuration(call.cpuSeconds)}${
          call.durationSeconds !== undefined && call.durationSeconds > 0.1
            ? `, ${formatPercent(call.cpuSeconds / call.durationSeconds)} of a core`
            : ""
        }${shared}`,
    ],
    ["Client's CPU", formatDuration(call.clientCpuSeconds)],
    ["Peak", peak(call)],
    ["Read from disk", formatBytes(call.readBytes)],
    ["Written to disk", formatBytes(call.writeBytes)],
    ["Memory", memory(start?.memoryRss, end?.memoryRss, call.memoryGrowth)],
    ["Output", formatBytes(call.outputBytes)],
    [
      "Left running",
      call.survivors === undefined || call.survivors === 0
        ? undefined
        : `${plural(call.survivors, "more process")} than before`,
    ],
    ["Session", call.sessionId],
    ["Project", call.project],
    ["Subagent", [start?.agentType ?? end?.agentType, call.agentId].filter(Boolean).join(" ")],
    ["Process", start?.pid?.toString() ?? end?.pid?.toString()],
    ["Claude Code", start?.clientVersion ?? end?.clientVersion],
    ["Source", call.imported ? "a transcript: wall time, the gate included" : undefined],
  ].map(([term, value]) => [term ?? "", value === "" ? undefined : value]);
}

function peak(call: Call): string | undefined {
  const { peakMemory, peakProcesses, peakProcess, isPeakProportional, isPeakShared } = call;
  if (peakMemory === undefined) return undefined;
  const parts = [
    `${formatBytes(1024 * peakMemory)} in ${peakProcesses ?? UNKNOWN} of its processes`,
    ...(peakProcess === undefined ? [] : [`most of it ${peakProcess}`]),
    ...(isPeakProportional ? [] : ["shared pages in each"]),
    ...(isPeakShared ? ["or a call's beside it that did the same"] : []),
  ];
  return parts.join(", ");
}

function memory(
  before: number | undefined,
  after: number | undefined,
  growth: number | undefined,
): string | undefined {
  if (before === undefined && after === undefined) return undefined;
  const sizes = [before, after].filter((kib) => kib !== undefined)
    .map((kib) => formatBytes(kib * 1024));
  return sizes.join(" → ") + (growth === undefined ? "" : ` (${signed(growth)})`);
}
