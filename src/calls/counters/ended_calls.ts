import { EXACT_SECONDS, MOMENT_SECONDS } from "../pair_again.ts";
import type { Sample } from "../../row/sample.ts";
import { isAgentTool, STOPPING_TOOL } from "../../row/tool_name.ts";

/** What is remembered of a call that has ended, or of a subagent's run: rows of it may come late, or twice. */
export interface EndedCall
  extends
    Pick<Sample, "toolName" | "sessionId" | "agentId" | "toolUseId">,
    Pick<Sample, "status" | "exitCode" | "durationMs"> {
  /** When it began, seconds since the epoch; `undefined` where no row told. */
  readonly start?: number | undefined;
  /** When it ended, seconds since the epoch. */
  readonly end: number;
  /** It is a subagent's run, or launched one that is known. */
  isOfRun?: boolean | undefined;
  /** Its work, which went on in the background, has ended. */
  isDone?: boolean | undefined;
}

/** The names that the rows of a call have in common; of a run's there is no tool_use_id. */
export type Names = Pick<EndedCall, "toolName" | "sessionId" | "agentId" | "toolUseId">;

/** The calls of one name, in order of their ends in the log, and when the latest of them ended. */
interface NamedCalls {
  readonly calls: EndedCall[];
  latest: number;
}

/** So many of the newest are remembered. */
const MAX_ENDED = 500;

/** The calls that ended last. */
export class EndedCalls implements Iterable<EndedCall> {
  private readonly byName = new Map<string, NamedCalls>();
  private readonly calls = new Set<EndedCall>();
  /** Whether TaskStop is, or was, among them. */
  hasStops = false;

  [Symbol.iterator](): Iterator<EndedCall> {
    return this.calls.values();
  }

  /** Adds the call that has ended last; forgets the oldest where there are too many. */
  add(call: EndedCall): void {
    const name = nameOf(call);
    const known = this.byName.get(name);
    this.hasStops ||= call.toolName === STOPPING_TOOL;
    if (known === undefined) this.byName.set(name, { calls: [call], latest: call.end });
    else {
      known.calls.push(call);
      known.latest = Math.max(known.latest, call.end);
    }
    this.calls.add(call);
    for (const oldest of this.calls) {
      if (this.calls.size <= MAX_ENDED) break;
      this.delete(oldest);
    }
  }

  /** The call of these names that ended last. */
  newest(names: Names): EndedCall | undefined {
    return this.byName.get(nameOf(names))?.calls.at(-1);
  }

  /**
   * Finds the launch of a run that only its stop tells of: the newest that went on in the background and
   * that no run is known of. No other run gets it.
   */
  takeLaunch(stop: Sample): EndedCall | undefined {
    const launch = [...this.calls].findLast((call) =>
      call.isOfRun !== true && call.status === "background" && isAgentTool(call.toolName) &&
      call.sessionId === stop.sessionId
    );
    if (launch !== undefined) launch.isOfRun = true;
    return launch;
  }

  /** Takes a row that says that the work of a call has ended: of the newest that had returned by then. */
  endWork({ sessionId, toolUseId, timestamp }: Sample): void {
    const call = [...this.calls].findLast((each) =>
      each.status === "background" && each.sessionId === sessionId &&
      each.toolUseId === toolUseId && each.end <= timestamp
    );
    if (call !== undefined) call.isDone = true;
  }

  /** The call that a row is of; `undefined` for the rows of calls that have not ended. */
  find(row: Sample): EndedCall | undefined {
    if (row.toolUseId === undefined) return undefined;
    const known = this.byName.get(nameOf(row));
    // Most rows are of a call that comes behind all of these: then there is nothing to look through.
    if (known === undefined || row.timestamp > known.latest + MOMENT_SECONDS) return undefined;
    return known.calls.findLast((call) =>
      row.event === "start" ? isStart(row, call) : isEnd(row, call)
    );
  }

  private delete(call: EndedCall): void {
    this.calls.delete(call);
    const name = nameOf(call);
    const known = this.byName.get(name);
    if (known === undefined || known.calls.length === 1) this.byName.delete(name);
    else known.calls.splice(known.calls.indexOf(call), 1);
  }
}

/** True for the call's own start that comes late, and for that of a hook that is registered twice. */
function isStart({ timestamp }: Sample, { start, end }: EndedCall): boolean {
  if (start === undefined) return timestamp <= end + MOMENT_SECONDS;
  return Math.abs(timestamp - start) <= MOMENT_SECONDS && timestamp <= end + EXACT_SECONDS;
}

function isEnd(row: Sample, call: EndedCall): boolean {
  return Math.abs(row.timestamp - call.end) <= MOMENT_SECONDS && row.status === call.status &&
    row.exitCode === call.exitCode && row.durationMs === call.durationMs;
}

/** A text that the rows of one id, tool, agent and session have in common, and no others. */
export function nameOf({ sessionId, agentId, toolName, toolUseId }: Names): string {
  return [sessionId, agentId, toolName, toolUseId].join("\n");
}
