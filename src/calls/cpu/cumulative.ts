import { numberOf, ONE_PROCESS, SHARED } from "../call_state.ts";
import { CHILD_CPU_SECONDS, CHILDREN, LIVE_CPU_SECONDS, TOOL_NAME } from "../../row/row_view.ts";
import type { Texts } from "../../row/texts.ts";
import { isAgentTool, serverOf } from "../../row/tool_name.ts";

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
  /** Numbers of statuses. */
  readonly status: Uint8Array;
  figures(place: number): RowFigures;
  texts(place: number): RowTexts;
  /** What one call has of them, without the column. */
  figureOf(place: number, call: number): readonly [start: number, end: number];
  textOf(place: number, call: number): string | undefined;
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

/** The same of one call. */
export function differenceOf(columns: RowColumns, place: number, call: number): number {
  if ((columns.flags[call]! & ONE_PROCESS) === 0) return NaN;
  const [start, end] = columns.figureOf(place, call);
  return end - start;
}

/**
 * CPU of the processes that calls started and waited for, seconds; of those of an MCP server the server's, and of what
 * went on in the background what it had used when the call returned.
 */
export function cpuOf(columns: RowColumns): Float64Array {
  const seconds = differences(columns, CHILD_CPU_SECONDS);
  const { numbers, names } = columns.texts(TOOL_NAME);
  const kinds: (CpuKind | undefined)[] = []; // by tool
  for (let call = 0; call < seconds.length; call++) {
    const used = seconds[call]!;
    if (used !== used) continue; // NaN
    const tool = numbers[call]!;
    const kind = kinds[tool] ??= cpuKind(names.text(tool));
    seconds[call] = usedBy(columns, kind, call, used);
  }
  return seconds;
}

/** The same of one call. */
export function cpuOfCall(columns: RowColumns, call: number): number {
  const used = differenceOf(columns, CHILD_CPU_SECONDS, call);
  const kind = used === used ? cpuKind(columns.textOf(TOOL_NAME, call)) : "none";
  return usedBy(columns, kind, call, used);
}

const BACKGROUND = numberOf("background");

function usedBy(columns: RowColumns, kind: CpuKind, call: number, used: number): number {
  if (kind === "none") return NaN;
  const isBackground = columns.status[call] === BACKGROUND;
  if (kind === "children" && !isBackground) return secondsOfChildren(used);
  const live = differenceOf(columns, LIVE_CPU_SECONDS, call);
  // Rows of 0.1.0 and of the spool know nothing of what lives on: what was waited for is all that they tell.
  if (kind === "children" && live !== live) return secondsOfChildren(used);
  return live >= 0 && livesOn(columns, isBackground, call) ? live : NaN;
}

/** What the client's children used is the tool's, but for what the call's own hook has of it. */
function secondsOfChildren(used: number): number {
  // The start's hook, which is in its row, was still at work at the end of a short call.
  return used >= 0 ? used : used > -HOOK_SECONDS ? 0 : NaN;
}

/** Whose CPU is a call's: that of children which the client waited for, of a server, which it never waits for, or none. */
type CpuKind = "children" | "server" | "none";

/** A subagent's CPU is that of its calls. */
function cpuKind(tool = ""): CpuKind {
  return isAgentTool(tool) ? "none" : serverOf(tool) === undefined ? "children" : "server";
}

/**
 * Whether what live descendants have used is all of this call's: no other call ran and none of them left, as many as
 * before live, and what goes on in the background besides. Beside work of another call their CPU is not known
 * (live_at_start.ts).
 */
function livesOn(columns: RowColumns, isBackground: boolean, call: number): boolean {
  const more = differenceOf(columns, CHILDREN, call);
  return (columns.flags[call]! & SHARED) === 0 && (isBackground ? more > 0 : more === 0);
}
