import type { CallTable } from "./call_table.ts";
import { numberOf, RUN } from "./call_state.ts";
import { SESSION_ID } from "../row/row_view.ts";
import { STOPPING_TOOL } from "../row/tool_name.ts";

const [RUNNING, BACKGROUND, OK] = [numberOf("running"), numberOf("background"), numberOf("ok")];

/** What goes on in the background of one session, in order of time, and when something of it was stopped; seconds since the epoch. */
interface Session {
  readonly begins: number[];
  /** The numbers of the calls that these are. */
  readonly calls: number[];
  readonly stops: number[];
}

/**
 * Which of the works of one session TaskStop has ended. Its rows don't tell what it stopped, so only those are meant that
 * must be: where as many were stopped as had begun by then and were not over yet.
 *
 * @param begins When the works began that have no end, in order; seconds since the epoch.
 * @param stops When TaskStop stopped something, in order.
 */
export function stoppedAmong(begins: readonly number[], stops: readonly number[]): boolean[] {
  const stopped = begins.map(() => false);
  let [over, begun, pending] = [0, 0, 0];
  for (const stop of stops) {
    while (begun < begins.length && begins[begun]! <= stop) begun++;
    pending++;
    if (pending < begun - over) continue;
    stopped.fill(true, over, begun);
    [over, pending] = [begun, 0];
  }
  return stopped;
}

/** The subagents' runs that TaskStop has ended: no stop of theirs comes. */
export class StoppedRuns {
  private readonly stopped = new Set<number>();

  constructor(calls: CallTable) {
    const { size, status, flags, endTime, time, tool } = calls;
    const sessionOf = calls.texts(SESSION_ID).numbers;
    const stopping = calls.rows.names.ofText(STOPPING_TOOL);
    const sessions = new Map<number, Session>();
    const session = (call: number): Session => {
      const number = sessionOf[call]!;
      let known = sessions.get(number);
      if (known === undefined) sessions.set(number, known = { begins: [], calls: [], stops: [] });
      return known;
    };
    for (let call = 0; call < size; call++) {
      const isRun = (flags[call]! & RUN) !== 0;
      const goesOn = isRun
        ? status[call] === RUNNING
        : status[call] === BACKGROUND && calls.done(call) === undefined;
      if (goesOn) {
        session(call).begins.push(time[call]!);
        session(call).calls.push(call);
      } else if (tool[call] === stopping && status[call] === OK) {
        session(call).stops.push(endTime[call]!);
      }
    }
    for (const { begins, calls, stops } of sessions.values()) {
      if (stops.length === 0) continue;
      stoppedAmong(begins, stops.sort((a, b) => a - b)).forEach((isStopped, place) => {
        if (isStopped) this.stopped.add(calls[place]!);
      });
    }
  }

  /** Whether a run without an end is over. */
  has(call: number): boolean {
    return this.stopped.has(call);
  }
}
