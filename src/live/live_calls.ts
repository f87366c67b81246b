import type { Call } from "../calls/call.ts";
import { CallList } from "../calls/call_list.ts";
import { aliveness, type IsAlive } from "../calls/aliveness.ts";
import { CallStream } from "../calls/stream/call_stream.ts";
import { compareCalls } from "../calls/stream/streamed_call.ts";
import { streamedTable } from "../calls/stream/streamed_table.ts";
import { markCalls } from "../calls/to_calls.ts";
import { Processes } from "../calls/processes.ts";
import type { Sample } from "../row/sample.ts";

/** So many calls are gathered before those that no longer matter are let go. */
const LEAST_TRIMMED = 2000;

/** The newest row of a client. */
export type ClientRow = Sample & { readonly pid: number };

function isClientRow(sample: Sample): sample is ClientRow {
  return sample.pid !== undefined;
}

/**
 * The calls of a log that is read while it grows: those that began or ended since a moment, and those
 * that run. Of all others it keeps no more than the newest row of each client.
 */
export class LiveCalls {
  readonly #stream = new CallStream();
  /** The calls in order of time, as they were when they were asked for. */
  #list = CallList.all(streamedTable([]));
  #isStale = false;
  #trimAt = LEAST_TRIMMED;
  readonly #processes = new Processes();
  readonly #clients = new Map<number, ClientRow>();

  /** `since`: seconds since the epoch; `undefined`: the whole log. */
  constructor(
    private readonly since: number | undefined,
    private readonly isAlive: IsAlive,
  ) {}

  /** Takes further samples, in order of the log. */
  add(samples: readonly Sample[]): void {
    this.#stream.add(samples);
    for (const sample of samples) {
      if (isClientRow(sample)) {
        this.#clients.set(this.#processes.of(sample.pid, sample.processStart ?? NaN), sample);
      }
    }
    if (samples.length > 0) this.#isStale = true;
    if (this.since !== undefined && this.#stream.size > this.#trimAt) this.#trim(this.since);
  }

  /** The calls; the very list of before where nothing has changed. */
  list(): CallList {
    if (this.#isStale || this.#list.calls.some((call) => this.#hasDied(call))) {
      const table = streamedTable(this.#stream.calls().sort(compareCalls));
      markCalls(table, { isAlive: this.isAlive });
      this.#list = CallList.all(table);
      this.#isStale = false;
    }
    return this.#list;
  }

  /** The newest rows of the clients that live, in the order in which the clients came. */
  clients(): ClientRow[] {
    for (const [key, { pid, processStart }] of this.#clients) {
      if (!this.isAlive(pid, processStart)) this.#clients.delete(key);
    }
    return [...this.#clients.values()];
  }

  #hasDied({ status, start }: Call): boolean {
    return status === "running" && start?.pid !== undefined &&
      !this.isAlive(start.pid, start.processStart);
  }

  #trim(since: number): void {
    const lives = aliveness(this.isAlive);
    for (const call of this.#stream.calls()) {
      const { time, ending } = call;
      // What is open runs as long as its client does, as far as can be told without all other calls.
      const matters = ending === undefined
        ? lives(call.start?.sample)
        : Math.max(time, ending.sample.timestamp) >= since;
      // A subagent's launch may return long after its run.
      if (!call.isAgent && !matters) this.#stream.forget(call);
    }
    this.#trimAt = Math.max(LEAST_TRIMMED, 2 * this.#stream.size);
  }
}
