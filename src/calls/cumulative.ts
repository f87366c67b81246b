import { ONE_PROCESS, SHARED } from "./call_state.ts";
import { CHILD_CPU_SECONDS, CHILDREN, LIVE_CPU_SECONDS, TOOL_NAME } from "../row/row_view.ts";
import type { Texts } from "../row/texts.ts";
import { isAgentTool, serverOf } from "../row/tool_name.ts";

/** A figure that rows have, by call: that of its start row and that of its end row; NaN is "not known". */
export interface RowFigures {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** A text that rows have, by call: its number in `names`, of the start row or else of the end row; 0 is "not known". */
export interface RowTexts {
  readonly numbers: Int32Array;
  readonly names: Pick<Texts, "size" | "text">;
}

/** Calls as columns, as far as their rows' figures and texts go. */
export interface RowColumns {
  readonly flags: Uint8Array;
  figures(place: number): RowFigures;
  texts(place: number): RowTexts;
}

/** More CPU than this, seconds, no hook needs. */
const HOOK_SECONDS = 0.2;

/** By how much a figure of the client changed from the start to the end of each call; NaN where that is not known. */
export function differences(columns: RowColumns, place: number): Float64Array {
  const { start, end } = columns.figures(place);
  const { flags } = columns;
  const found = new Float64Array(flags.length);
  for (let call = 0; call < found.length; call++) {
    found[call] = (flags[call]! & ONE_PROCESS) === 0 ? NaN : end[call]! - start[call]!;
  }
  return found;
}

/** CPU of the processes that calls started and waited for, seconds; of those of an MCP server the server's. */
export function cpuOf(columns: RowColumns): Float64Array {
  const seconds = differences(columns, CHILD_CPU_SECONDS);
  const { numbers, names } = columns.texts(TOOL_NAME);
  const kinds: (CpuKind | undefined)[] = []; // by tool
  let live: Float64Array | undefined;
  for (let call = 0; call < seconds.length; call++) {
    const used = seconds[call]!;
    if (used !== used) continue; // NaN
    const tool = numbers[call]!;
    // The start's hook, which is in its row, was still at work at the end of a short call.
    if (used < 0 && used > -HOOK_SECONDS) seconds[call] = 0;
    else if (used < 0) seconds[call] = NaN;
    const kind = kinds[tool] ??= cpuKind(names.text(tool));
    if (kind === "none") seconds[call] = NaN;
    else if (kind === "server") seconds[call] = (live ??= liveCpu(columns))[call]!;
  }
  return seconds;
}

/** Whose CPU is a call's: that of children which the client waited for, of a server, which it never waits for, or none. */
type CpuKind = "children" | "server" | "none";

/** A subagent's CPU is that of its calls. */
function cpuKind(tool = ""): CpuKind {
  return isAgentTool(tool) ? "none" : serverOf(tool) === undefined ? "children" : "server";
}

/** CPU of processes that live at both ends of calls, where no other call ran and none of them left. */
function liveCpu(columns: RowColumns): Float64Array {
  const seconds = differences(columns, LIVE_CPU_SECONDS);
  const change = differences(columns, CHILDREN);
  for (let call = 0; call < seconds.length; call++) {
    const isAlone = (columns.flags[call]! & SHARED) === 0;
    if (!isAlone || change[call] !== 0 || !(seconds[call]! >= 0)) seconds[call] = NaN;
  }
  return seconds;
}
