import { type Call, timeOf } from "../calls/call.ts";
import type { CallList } from "../calls/call_list.ts";
import { isAgentTool } from "../row/tool_name.ts";
import type { Sample } from "../row/sample.ts";
import { type CallOptions, toCallList } from "../calls/to_calls.ts";

/** So many samples are gathered before those that no longer matter are let go. */
const LEAST_TRIMMED = 20_000;

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
  #samples: Sample[] = [];
  #list = toCallList([]);
  #isStale = false;
  #trimAt = LEAST_TRIMMED;
  readonly #clients = new Map<string, ClientRow>();

  /** `since`: seconds since the epoch; `undefined`: the whole log. */
  constructor(
    private readonly since: number | undefined,
    private readonly isAlive: NonNullable<CallOptions["isAlive"]>,
  ) {}

  /** Takes further samples, in order of the log. */
  add(samples: readonly Sample[]): void {
    for (const sample of samples) {
      this.#samples.push(sample);
      if (isClientRow(sample)) {
        this.#clients.set(`${sample.pid} ${sample.processStart ?? ""}`, sample);
      }
    }
    if (samples.length > 0) this.#isStale = true;
    if (this.#samples.length > this.#trimAt) this.#trim();
  }

  /** The calls; the very list of before where nothing has changed. */
  list(): CallList {
    if (this.#isStale || this.#list.calls.some((call) => this.#hasDied(call))) {
      this.#list = toCallList(this.#samples, { isAlive: this.isAlive });
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

  #trim(): void {
    const kept = new Set<Sample | undefined>();
    for (const call of this.list().calls) {
      if (!this.#matters(call)) continue;
      kept.add(call.start);
      kept.add(call.end);
    }
    // A subagent's launch may return long after its run.
    this.#samples = this.#samples.filter((each) => kept.has(each) || isAgentTool(each.toolName));
    this.#trimAt = Math.max(LEAST_TRIMMED, 2 * this.#samples.length);
  }

  #matters(call: Call): boolean {
    return call.status === "running" || this.since === undefined ||
      Math.max(timeOf(call), call.endTime ?? 0) >= this.since;
  }
}
