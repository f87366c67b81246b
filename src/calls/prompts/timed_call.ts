import type { CallList } from "../call_list.ts";
import { IMPORTED, isEnded } from "../call_state.ts";
import {
  AGENT_ID,
  CHILD_CPU_SECONDS,
  COMMAND,
  OUTPUT_BYTES,
  PID,
  SESSION_ID,
} from "../../row/row_view.ts";
import { ASKING_TOOLS, isAgentTool } from "../../row/tool_name.ts";

/** A call as far as turns need it. Times are seconds since the epoch, NaN where they are not known. */
export interface TimedCall {
  /** Its number among the columns. */
  readonly index: number;
  readonly toolName: string;
  readonly agentId: string | undefined;
  readonly command: string | undefined;
  /** Its request. */
  readonly start: number;
  /** When the tool itself began: after prompts and gates. */
  readonly run: number;
  readonly end: number;
  /** Whether it holds other calls, or asks the person. */
  readonly kind: "tool" | "agent" | "asking";
  /** Whether it was read from a transcript: then `start` to `end` holds gates and prompts. */
  readonly isImported: boolean;
  readonly outputBytes: number;
  /** Its process, and what the children of that had used, at its start and at its end; CPU seconds, cumulative. */
  readonly startPid: number;
  readonly startCpu: number;
  readonly endPid: number;
  readonly endCpu: number;
}

/** The calls of some sessions, by session and in order of time. */
export function timedCalls(
  { columns, indices }: CallList,
  isWanted: (session: string) => boolean,
): Map<string, TimedCall[]> {
  const { time, endTime, duration, status, flags } = columns;
  const sessions = columns.texts(SESSION_ID);
  const agents = columns.texts(AGENT_ID);
  const commands = columns.texts(COMMAND);
  const output = columns.figures(OUTPUT_BYTES).end;
  const cpu = columns.figures(CHILD_CPU_SECONDS);
  const pid = columns.figures(PID);
  const wanted: (boolean | undefined)[] = []; // by session
  const found = new Map<string, TimedCall[]>();
  for (const call of indices) {
    const number = sessions.numbers[call]!;
    const session = sessions.names.text(number) ?? "";
    if (!(wanted[number] ??= isWanted(session))) continue;
    const toolName = columns.toolName(call);
    const end = isEnded(status[call]!) ? endTime[call]! : NaN;
    const start = time[call]!;
    const own = end - duration[call]!;
    const made: TimedCall = {
      index: call,
      toolName,
      agentId: agents.names.text(agents.numbers[call]!),
      command: commands.names.text(commands.numbers[call]!),
      start,
      run: own >= start ? own : start,
      end,
      kind: isAgentTool(toolName) ? "agent" : ASKING_TOOLS.includes(toolName) ? "asking" : "tool",
      isImported: (flags[call]! & IMPORTED) !== 0,
      outputBytes: output[call]!,
      startPid: pid.start[call]!,
      startCpu: cpu.start[call]!,
      endPid: pid.end[call]!,
      endCpu: cpu.end[call]!,
    };
    const known = found.get(session);
    if (known === undefined) found.set(session, [made]);
    else known.push(made);
  }
  return found;
}
