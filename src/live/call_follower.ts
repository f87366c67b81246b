import { type Call, hasEnded } from "../calls/call.ts";
import { isAgentTool } from "../row/tool_name.ts";
import type { Sample } from "../row/sample.ts";
import { type CallOptions, toCalls } from "../calls/to_calls.ts";

/** So many of the newest samples stay in view: for doubles, overlaps and rows out of order. */
const WINDOW = 2000;

/**
 * Tells of calls as they end, from samples as they come, each call once. It keeps what is needed to
 * know further rows of a call again: the newest samples, the starts of running calls, and those of
 * subagents, whose launch may return long after their run.
 */
export class CallFollower {
  #told = new Set<string | Sample>();
  #samples: Sample[] = [];

  constructor(private readonly options: CallOptions = {}) {}

  /**
   * Takes further samples, in order of the log, and returns the calls that ended with them, in order
   * of their ends. A call beside one that still runs is marked as shared, as it will be in the end.
   */
  add(samples: Iterable<Sample>): Call[] {
    for (const sample of samples) this.#samples.push(sample);
    const calls = toCalls(this.#samples, this.options);
    const running = calls.filter((call) => call.status === "running" && !call.isRun);
    const ended = calls.filter((call) => hasEnded(call) && this.#isNew(call));
    if (this.#samples.length > 2 * WINDOW) this.#trim(calls);
    for (const call of ended) {
      if (running.some((other) => overlaps(call, other))) call.shared = true;
    }
    return ended.sort((a, b) => (a.endTime ?? 0) - (b.endTime ?? 0));
  }

  #isNew(call: Call): boolean {
    const keys = keysOf(call);
    const isNew = !keys.some((key) => this.#told.has(key));
    keys.forEach((key) => this.#told.add(key));
    return isNew;
  }

  #trim(calls: readonly Call[]): void {
    const needed = new Set<Sample | undefined>();
    for (const { status, start } of calls) if (status === "running") needed.add(start);
    const first = this.#samples.length - WINDOW;
    this.#samples = this.#samples.filter((sample, index) =>
      index >= first || needed.has(sample) || isAgentTool(sample.toolName)
    );
    const kept = new Set(this.#samples);
    const inView = calls.filter(({ start, end }) =>
      start !== undefined && kept.has(start) || end !== undefined && kept.has(end)
    );
    this.#told = new Set(inView.filter(hasEnded).flatMap(keysOf));
  }
}

/** What a call is known again by: its id, or its rows, either of which a double may stand in for later. */
function keysOf({ start, end, sessionId }: Call): (string | Sample)[] {
  const id = start?.toolUseId ?? end?.toolUseId;
  return id === undefined
    ? [start, end].filter((row) => row !== undefined)
    : [`${sessionId ?? ""}\n${id}`];
}

function overlaps(ended: Call, running: Call): boolean {
  return !ended.isRun && ended.start?.pid !== undefined && ended.start.pid === running.start?.pid &&
    (running.startTime ?? Infinity) < (ended.endTime ?? 0);
}
