import type { CallTable } from "./call_table.ts";
import { numberOf, RUN } from "./call_state.ts";
import { SESSION_ID } from "../row/row_view.ts";
import { STOPPING_TOOL } from "../row/tool_name.ts";

const [RUNNING, BACKGROUND, OK] = [numberOf("running"), numberOf("background"), numberOf("ok")];

/** What goes on in the background of one session, and when something of it was stopped; seconds since the epoch. */
interface Session {
  runs: number;
  others: number;
  readonly stops: number[];
}

/**
 * The subagents' runs that TaskStop has ended: no stop of theirs comes. Its rows don't tell what it
 * stopped, so only those are meant that must be: where as many were stopped since a run began as there are
 * runs and other calls in the background of the session.
 */
export class StoppedRuns {
  private readonly sessions = new Map<number, Session>();
  private readonly sessionOf: Int32Array;

  constructor(private readonly calls: CallTable) {
    const { size, status, flags, endTime, tool } = calls;
    this.sessionOf = calls.texts(SESSION_ID).numbers;
    const stopping = calls.rows.names.ofText(STOPPING_TOOL);
    for (let call = 0; call < size; call++) {
      const isRun = (flags[call]! & RUN) !== 0;
      if (isRun && status[call] === RUNNING) this.session(call).runs++;
      else if (!isRun && status[call] === BACKGROUND && calls.done(call) === undefined) {
        this.session(call).others++;
      } else if (tool[call] === stopping && status[call] === OK) {
        this.session(call).stops.push(endTime[call]!);
      }
    }
  }

  /** Whether a run without an end is over. */
  has(call: number): boolean {
    const { runs, others, stops } = this.session(call);
    const since = stops.filter((time) => time >= this.calls.time[call]!);
    return since.length > 0 && since.length >= runs + others;
  }

  private session(call: number): Session {
    const number = this.sessionOf[call]!;
    let session = this.sessions.get(number);
    if (session === undefined) {
      this.sessions.set(number, session = { runs: 0, others: 0, stops: [] });
    }
    return session;
  }
}
