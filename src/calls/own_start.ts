import type { Sample } from "../row/sample.ts";
import { isSubagentRun } from "../row/tool_name.ts";

/**
 * The start that an end belongs to, among rows in the order of the log: by session and tool_use_id, a
 * subagent's run by session and agent_id. Without an id the newest row of the same session (or else
 * pid), agent and tool has to be a start; of calls that overlap nothing tells then. `undefined`
 * where there is none.
 */
export function findOwnStart(end: Sample, rows: readonly Sample[]): Sample | undefined {
  const isSame = sameCall(end);
  const newest = rows.findLast((row) => !isOwnRow(row, end) && isSame(row));
  return newest?.event === "start" ? newest : undefined;
}

function isOwnRow({ event, timestamp }: Sample, end: Sample): boolean {
  return event === "end" && Math.abs(timestamp - end.timestamp) < 1e-6;
}

function sameCall(end: Sample): (row: Sample) => boolean {
  const { agentId, pid, sessionId, toolName, toolUseId } = end;
  if (toolUseId !== undefined) {
    return (row) =>
      row.event === "start" && row.toolUseId === toolUseId && row.sessionId === sessionId;
  }
  if (isSubagentRun(end)) {
    return (row) => isSubagentRun(row) && row.agentId === agentId && row.sessionId === sessionId;
  }
  return (row) =>
    row.toolUseId === undefined && row.toolName === toolName && row.agentId === agentId &&
    (sessionId === undefined ? row.pid === pid : row.sessionId === sessionId);
}
