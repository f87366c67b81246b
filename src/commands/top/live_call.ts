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
  const { startTime, endTime, peakMemory, outputBytes, memoryGrowth } = call;
  const clock = (time: number | undefined): string =>
    time === undefined ? UNKNOWN : formatClock(time, utc);
  // What goes on in the background lasts longer than its call.
  const until = call.background === undefined ? ` to ${clock(endTime)}` : ", in the background";
  const facts: readonly (readonly [label: string, text: string])[] = [
    ["Status", statusCell(call)],
    ["Ran", `${clock(startTime)}${until}: ${lastedCell(call)}`],
    // Rows of permission are not joined while a log is followed.
    ["Waited", `${formatDuration(call.gateSeconds)} at the gate, prompts included`],
    ["CPU", cpuCell(call)],
    [
      "Memory",
      `the client ${signed(memoryGrowth)}${
        peakMemory === undefined ? "" : `; ${formatBytes(1024 * peakMemory)} at the call's peak`
      }`,
    ],
    ["Output", formatBytes(outputBytes)],
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
