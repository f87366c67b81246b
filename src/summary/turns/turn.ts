import type { Permission } from "../../calls/prompts/permissions.ts";

/** How the time of a turn went, seconds; the parts add up to it. */
export interface TurnParts {
  /** In which nothing else went on: the model, and what the client does itself. */
  readonly model: number;
  /** In calls, each moment once; of an agent only what its own calls took. */
  readonly tools: number;
  /** In which the client asked the person: whether a tool may run, or a question. */
  readonly prompts: number;
  /** From the request of a call to its run where nobody was asked: the client's own checks, others' hooks. */
  readonly gates: number;
  /** In prompts that stood so long that the person was away. */
  readonly away: number;
  /** In tools, prompts and gates, which a transcript does not tell apart: of imported turns only, without others. */
  readonly together: number;
}

/** One turn of a session: from a prompt to its answer. Times are seconds since the epoch. */
export interface Turn {
  readonly sessionId: string;
  /** Counts from 1 in the session, as far as its events are known. */
  readonly number: number;
  readonly project: string | undefined;
  readonly from: number;
  readonly to: number;
  /**
   * `prompt`: a person's. `done`: the client told the model that work in the background had ended. `unknown`: what no
   * hook is told of; then it began with its first call.
   */
  readonly beganBy: "prompt" | "done" | "unknown";
  /**
   * `error`: no answer came. `interrupted`: the person stopped it, which a transcript tells. `undefined`: nothing
   * says how it ended; then it ended with its last event, or with the end of its last wait for the person.
   */
  readonly status: "ok" | "error" | "interrupted" | undefined;
  readonly parts: TurnParts;
  /**
   * Since the end of the turn before, seconds: the person's own time where a prompt began this one, that of the work
   * alone where its end did. Unknown where none was before in that run of the session, and where nothing says when
   * that ended: the model may have gone on.
   */
  readonly idleSeconds: number | undefined;
  /** Whether its beginning was read from a transcript. */
  readonly isImported: boolean;
  /** The calls that began in it. */
  readonly calls: number;
  /** CPU of the processes that its calls ran, seconds; unknown without these figures, and without calls. */
  readonly cpuSeconds: number | undefined;
  /** UTF-8 bytes that the model was given, where that is known. */
  readonly outputBytes: number | undefined;
}

/** What the events of sessions tell. */
export interface Turns {
  /** In order of time. */
  readonly turns: readonly Turn[];
  readonly permissions: readonly Permission[];
  /** The times between a turn's end and the person's next prompt, seconds, without those of `away`. */
  readonly between: readonly number[];
  /** Those of more than `AWAY_SECONDS`. */
  readonly away: readonly number[];
  /** The times between a turn's end and the end of background work that began the next, seconds. */
  readonly background: readonly number[];
}

/** What sessions without events tell. */
export const NO_TURNS: Turns = {
  turns: [],
  permissions: [],
  between: [],
  away: [],
  background: [],
};

/** A person who does nothing for longer, seconds, is away. */
export const AWAY_SECONDS = 600;
