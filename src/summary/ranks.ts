import { type Call, lastedSeconds } from "../calls/call.ts";
import type { CallColumns } from "../calls/call_columns.ts";
import { CPU_PERCENT, MEMORY_RSS, OUTPUT_BYTES, TOOL_NAME } from "../row/row_view.ts";
import { holdsOrAsks } from "../row/tool_name.ts";

/** What single calls can be ranked by. */
export type Rank = "duration" | "gate" | "cpu" | "memory" | "output" | "cpu_percent" | "rss";

/** Whether a rank is by time, in which agents hold other calls and questions wait for the person. */
export function isOfTime(rank: Rank): boolean {
  return rank === "duration" || rank === "gate" || rank === "cpu";
}

/** Whether a call is set apart where slow ones are looked for: it takes as long as the calls that it holds, or the person. */
export function setApart(columns: CallColumns): (index: number) => boolean {
  const { numbers, names } = columns.texts(TOOL_NAME);
  const known: boolean[] = []; // by tool
  return (index) => known[numbers[index]!] ??= holdsOrAsks(names.text(numbers[index]!) ?? "");
}

/** The figure that a rank is by: seconds, KiB, bytes of output or per cent; `undefined` where it is not known. */
export function rankOf(call: Call, rank: Rank): number | undefined {
  switch (rank) {
    case "duration":
      return lastedSeconds(call);
    case "gate":
      return call.gateSeconds;
    case "cpu":
      return call.cpuSeconds;
    case "memory":
      return call.peakMemory;
    case "rss":
      return greater(call.start?.memoryRss, call.end?.memoryRss);
    case "output":
      return call.outputBytes;
    case "cpu_percent":
      return greater(call.start?.cpuPercent, call.end?.cpuPercent);
  }
}

function greater(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

/** What calls in columns are ranked by; NaN where it is not known. */
export function rankFigures(columns: CallColumns, rank: Rank): Float64Array {
  switch (rank) {
    case "duration":
      return columns.lasted;
    case "gate":
      return gatesOf(columns);
    case "cpu":
      return columns.cpu;
    case "memory":
      return columns.peakMemory;
    case "rss":
      return greaterOfRows(columns, MEMORY_RSS);
    case "output":
      return columns.figures(OUTPUT_BYTES).end;
    case "cpu_percent":
      return greaterOfRows(columns, CPU_PERCENT);
  }
}

function gatesOf({ wait, prompts }: CallColumns): Float64Array {
  return prompts === undefined
    ? wait
    : wait.map((seconds, call) => seconds - prompts.seconds[call]!);
}

function greaterOfRows(columns: CallColumns, place: number): Float64Array {
  const { start, end } = columns.figures(place);
  return end.map((after, call) => {
    const before = start[call]!;
    return before !== before || after > before ? after : before; // NaN: not known
  });
}
