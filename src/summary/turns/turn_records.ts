import { type FlatRecord, rounded } from "../records.ts";
import type { Permission } from "../../calls/prompts/permissions.ts";
import type { Turn, TurnParts, Turns } from "./turn.ts";
import { secondsOf, sumTurns, type Times } from "./turn_sums.ts";

/** A turn as a flat object; times in seconds, `from` and `to` since the epoch. */
export function turnRecord(turn: Turn): FlatRecord {
  const { sessionId, number, project, from, to, beganBy, status, calls } = turn;
  return {
    session_id: sessionId,
    turn: number,
    project: project ?? null,
    start_timestamp: rounded(from),
    end_timestamp: rounded(to),
    began_by: beganBy,
    status: status ?? null,
    seconds: rounded(secondsOf(turn.parts)),
    ...partsRecord(turn.parts, [turn]),
    calls,
    cpu_seconds: rounded(turn.cpuSeconds),
    output_bytes: rounded(turn.outputBytes),
    imported: turn.isImported,
    tools_prompts_gates_seconds: turn.isImported ? rounded(turn.parts.together) : null,
  };
}

/** The keys of `turnRecord`, in order. */
export const TURN_COLUMNS: readonly string[] = [
  ...["session_id", "turn", "project", "start_timestamp", "end_timestamp", "began_by", "status"],
  ...["seconds", "model_seconds", "tools_seconds", "prompts_seconds", "gates_seconds"],
  ...["away_seconds", "calls", "cpu_seconds", "output_bytes", "imported"],
  "tools_prompts_gates_seconds",
];

/** A permission request as a flat object. */
export function permissionRecord(permission: Permission): FlatRecord {
  const { sessionId, toolName, command, time, seconds, isAllowed } = permission;
  return {
    session_id: sessionId,
    tool: toolName,
    command: command ?? null,
    timestamp: rounded(time),
    seconds: rounded(seconds),
    ran: isAllowed,
  };
}

/** The keys of `permissionRecord`, in order. */
export const PERMISSION_COLUMNS: readonly string[] = [
  ...["session_id", "tool", "command", "timestamp", "seconds", "ran"],
];

/** What turns came to, for a report; `null` where there are none. */
export function turnSumsRecord(turns: Turns): FlatRecord | null {
  const { turns: count, seconds, parts, between, away, background } = sumTurns(turns);
  if (count === 0) return null;
  return {
    turns: count,
    seconds: rounded(seconds),
    ...partsRecord(parts, turns.turns),
    ...timesRecord("between", between),
    ...timesRecord("away_between", away),
    permission_requests: turns.permissions.length,
    imported: turns.turns.filter(({ isImported }) => isImported).length,
    tools_prompts_gates_seconds: turns.turns.some(({ isImported }) => isImported)
      ? rounded(parts.together)
      : null,
    ...timesRecord("background", background),
  };
}

/** The parts of some turns; those that only hooks tell are `null` where all of them were imported. */
function partsRecord(
  { model, tools, prompts, gates, away }: TurnParts,
  turns: readonly Turn[],
): FlatRecord {
  const ofHooks = (seconds: number): FlatRecord[string] =>
    turns.every(({ isImported }) => isImported) ? null : rounded(seconds);
  return {
    model_seconds: rounded(model),
    tools_seconds: ofHooks(tools),
    prompts_seconds: ofHooks(prompts),
    gates_seconds: ofHooks(gates),
    away_seconds: ofHooks(away),
  };
}

function timesRecord(name: string, { count, seconds, median }: Times): FlatRecord {
  return {
    [`${name}_count`]: count,
    [`${name}_seconds`]: rounded(seconds),
    [`${name}_median_seconds`]: rounded(median),
  };
}
