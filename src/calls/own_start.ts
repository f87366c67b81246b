import { nameOf } from "./counters/ended_calls.ts";
import { compareRows } from "./pair_again.ts";
import { pairAgain } from "./stretches.ts";
import { STREAMED_ROWS, type StreamedRow } from "./stream/streamed_call.ts";
import { isCallEvent, type Sample } from "../row/sample.ts";
import { isSubagentRun } from "../row/tool_name.ts";

/**
 * The start that an end belongs to, among rows in the order of the log: of an id as pair_again.ts says, of a
 * subagent's run by session and agent_id. Without an id the newest row of the same session (or else
 * pid), agent and tool has to be a start; of calls that overlap nothing tells then. `undefined`
 * where there is none.
 */
export function findOwnStart(end: Sample, rows: readonly Sample[]): Sample | undefined {
  const others = rows.filter((row) => isCallEvent(row.event) && !isOwnRow(row, end));
  if (end.toolUseId !== undefined) return startOfId(end, others);
  const newest = others.findLast(sameCall(end));
  return newest?.event === "start" ? newest : undefined;
}

function startOfId(end: Sample, rows: readonly Sample[]): Sample | undefined {
  const name = nameOf(end);
  const own = [...rows.filter((row) => nameOf(row) === name), end]
    .map((sample, place): StreamedRow => ({ sample, place, process: 0 }))
    .sort((a, b) => compareRows(a, b, STREAMED_ROWS) || a.place - b.place);
  const { starts, callOf } = pairAgain(own, STREAMED_ROWS);
  return starts[callOf[own.findIndex(({ sample }) => sample === end)]!]?.sample;
}

function isOwnRow({ event, timestamp }: Sample, end: Sample): boolean {
  return event === "end" && Math.abs(timestamp - end.timestamp) < 1e-6;
}

function sameCall(end: Sample): (row: Sample) => boolean {
  const { agentId, pid, sessionId, toolName } = end;
  if (isSubagentRun(end)) {
    return (row) => isSubagentRun(row) && row.agentId === agentId && row.sessionId === sessionId;
  }
  return (row) =>
    row.toolUseId === undefined && row.toolName === toolName && row.agentId === agentId &&
    (sessionId === undefined ? row.pid === pid : row.sessionId === sessionId);
}
