import type { Call } from "../../calls/call.ts";
import { callId, titleOf } from "../../summary/call_names.ts";
import { cpuCell, lastedCell, signed, statusCell } from "../../summary/calls_text.ts";
import { printable } from "../../text/printable.ts";
import { labelled, wrap } from "../../text/table.ts";
import { formatBytes, formatClock, formatDuration, UNKNOWN } from "../../text/units.ts";

const LABEL = 10;

/** One call on a screen of its own, as far as its rows tell; `perfmon show` knows its whole command, too. */
export function liveCallText(
  call: Call,
  { width, utc }: { width: number; utc: boolean },
): string[] {
  const { cpuSeconds, gateSeconds, peakMemory, outputBytes, memoryGrowth } = call;
  const memory = [
    ...(memoryGrowth === undefined ? [] : [`the client ${signed(memoryGrowth)}`]),
    ...(peakMemory === undefined ? [] : [`${formatBytes(1024 * peakMemory)} at the call's peak`]),
  ];
  const facts: readonly (readonly [label: string, text: string])[] = [
    ["Status", statusCell(call)],
    timeFact(call, utc),
    // Rows of permission are not joined while a log is followed.
    ...(gateSeconds === undefined
      ? []
      : [["Waited", `${formatDuration(gateSeconds)} at the gate, prompts included`] as const]),
    ...(cpuSeconds === undefined ? [] : [["CPU", cpuCell(call)] as const]),
    ...(memory.length === 0 ? [] : [["Memory", memory.join("; ")] as const]),
    ...(outputBytes === undefined ? [] : [["Output", formatBytes(outputBytes)] as const]),
    ["Session", `${call.sessionId ?? UNKNOWN}, ${call.project ?? UNKNOWN}`],
    ["More", `perfmon show ${callId(call)}`],
  ];
  return [
    ...wrap(printable(titleOf(call)), width, "  "),
    "",
    ...facts.flatMap(([label, text]) =>
      labelled(label, wrap(printable(text), width - LABEL, ""), LABEL)
    ),
  ];
}

function timeFact(call: Call, utc: boolean): readonly [label: string, text: string] {
  const { startTime, endTime, background } = call;
  const clock = (time: number | undefined): string =>
    time === undefined ? UNKNOWN : formatClock(time, utc);
  if (endTime === undefined) return ["Began", clock(startTime)];
  // What goes on in the background lasts longer than its call.
  const until = background === undefined ? ` to ${clock(endTime)}` : ", in the background";
  return ["Ran", `${clock(startTime)}${until}: ${lastedCell(call)}`];
}
