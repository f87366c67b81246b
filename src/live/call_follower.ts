import type { Call } from "../calls/call.ts";
import { aliveness } from "../calls/aliveness.ts";
import { CallStream } from "../calls/stream/call_stream.ts";
import { CallTimes } from "../calls/stream/call_times.ts";
import { compareCalls, type StreamedCall } from "../calls/stream/streamed_call.ts";
import { streamedTable } from "../calls/stream/streamed_table.ts";
import type { CallOptions } from "../calls/to_calls.ts";
import type { Sample } from "../row/sample.ts";

/** The calls of so many of the newest samples stay in view: for doubles, overlaps and rows out of order. */
const WINDOW = 2000;

/**
 * Tells of calls as they end, from samples as they come, each call once. It keeps what is needed to
 * know further rows of a call again: the newest calls, those that run, and those of subagents, whose
 * launch may return long after their run.
 */
export class CallFollower {
  readonly #stream = new CallStream();
  readonly #times = new CallTimes();
  readonly #told = new Set<StreamedCall>();
  #trimAt = WINDOW;

  constructor(private readonly options: CallOptions = {}) {}

  /**
   * Takes further samples, in order of the log, and returns the calls that ended with them, in order
   * of their ends. A call beside one that still runs is marked as shared, as it will be in the end.
   */
  add(samples: Iterable<Sample>): Call[] {
    const changed = this.#stream.add(samples);
    this.#times.update(changed);
    const ended = [...changed].filter((call) => this.#isNew(call)).sort(compareCalls);
    const isRunning = aliveness(this.options.isAlive);
    const table = streamedTable(ended);
    const calls = ended.map((each, index) => {
      const call = table.call(index);
      call.shared = this.#times.isShared(each) ||
        this.#times.runningBeside(each).some(({ start }) => isRunning(start?.sample));
      return call;
    });
    if (this.#stream.size > this.#trimAt) this.#trim();
    return calls.sort((a, b) => (a.endTime ?? 0) - (b.endTime ?? 0));
  }

  /** True for a call that has ended and was not told yet. A run that ended with its launch is told with it. */
  #isNew(call: StreamedCall): boolean {
    if (call.ending === undefined || !call.isThere) return false;
    // Without a start, or an end, of its own it is told with its launch.
    const isWhole = call.start !== undefined &&
      (call.end !== undefined || call.ending === call.launch?.done);
    const told = call.launch?.end === undefined || isWhole ? [call] : [call, call.launch];
    const isNew = !told.some((each) => this.#told.has(each));
    for (const each of told) this.#told.add(each);
    return isNew;
  }

  #trim(): void {
    const first = this.#stream.rows - WINDOW;
    const isRunning = aliveness(this.options.isAlive);
    for (const call of this.#stream.calls().sort(compareCalls)) {
      const isOpen = call.ending === undefined && !this.#times.isAbandoned(call);
      if (call.lastPlace >= first || call.isAgent || isOpen && isRunning(call.start?.sample)) {
        continue;
      }
      this.#stream.forget(call);
      this.#times.delete(call);
      this.#told.delete(call);
      if (call.launch !== undefined) this.#told.delete(call.launch);
    }
    this.#trimAt = Math.max(WINDOW, 2 * this.#stream.size);
  }
}
