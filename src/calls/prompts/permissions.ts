import type { Sample } from "../../row/sample.ts";
import { SortedTimes } from "../../stats/sorted_times.ts";
import type { TimedCall } from "./timed_call.ts";

/** A hook that nobody waits for may write a call's start so much later than the request is written, seconds. */
const SKEW_SECONDS = 2;

/** The moment at which a tool began is known to so much, seconds: its end less the client's own duration. */
const RUN_SKEW_SECONDS = 0.05;

/** A call is asked for within so many seconds of its request: what is before it are the client's own checks. */
const LONGEST_GATE_SECONDS = 300;

/** A request to the person whether a tool may run. */
export interface Permission {
  readonly sessionId: string;
  readonly toolName: string;
  readonly command: string | undefined;
  /** When the person was asked, seconds since the epoch. */
  readonly time: number;
  /**
   * Until the tool began; where it never did, until the next event of that session and agent. Unknown where nothing
   * came since: the person has not answered yet, or the session ended without.
   */
  readonly seconds: number | undefined;
  /** Whether the tool ran. */
  readonly isAllowed: boolean;
}

/** A request with the call that it was for; `undefined` where nothing tells. */
export interface AskedCall extends Permission {
  readonly call: TimedCall | undefined;
}

/**
 * Finds the call of each permission request of one session. A request has no tool_use_id: it is of the first call
 * of that agent and tool that had been requested by then, had not begun to run, and was not asked for yet.
 *
 * @param calls In order of time.
 * @param requests In order of time.
 */
export function callsAskedFor(
  requests: readonly Sample[],
  calls: readonly TimedCall[],
): (TimedCall | undefined)[] {
  const key = (agentId: string | undefined, toolName: string): string => `${agentId}\n${toolName}`;
  const asking = new Set(requests.map(({ agentId, toolName }) => key(agentId, toolName)));
  const groups = new Map([...asking].map((each) => [each, [] as TimedCall[]]));
  for (const call of calls) groups.get(key(call.agentId, call.toolName))?.push(call);
  const unasked = new Map([...groups].map(([each, own]) => [each, new UnaskedCalls(own)]));
  return requests.map(({ timestamp, agentId, toolName }) =>
    unasked.get(key(agentId, toolName))?.take(timestamp)
  );
}

/** The calls of one agent and tool that were not asked for yet. It is asked for times that only grow. */
class UnaskedCalls {
  #requested = 0;
  /** The next one of those that ended; one before it is taken, or too old for what comes. */
  #next = 0;
  readonly #ended: TimedCall[] = [];
  readonly #open: TimedCall[] = [];

  constructor(private readonly calls: readonly TimedCall[]) {}

  /** The call that was asked for at a moment. */
  take(time: number): TimedCall | undefined {
    for (; this.#requested < this.calls.length; this.#requested++) {
      const call = this.calls[this.#requested]!;
      if (call.start > time + SKEW_SECONDS) break;
      (Number.isNaN(call.end) ? this.#open : this.#ended).push(call);
    }
    const from = time - LONGEST_GATE_SECONDS;
    while (this.#next < this.#ended.length) {
      const call = this.#ended[this.#next++]!;
      const { start, run, end } = call;
      if (start >= from && run >= time - RUN_SKEW_SECONDS && end >= time) return call;
    }
    // Rather one that ran after it than one of which no end is known.
    return (this.#open.at(-1)?.start ?? NaN) >= from ? this.#open.pop() : undefined;
  }
}

/**
 * The permission requests of one session. Where the tool never ran, because the person said no, one lasted to the
 * next event of that agent.
 *
 * @param calls In order of time.
 * @param events All rows of the session's events, in order of time.
 */
export function askedCalls(
  events: readonly Sample[],
  calls: readonly TimedCall[],
): AskedCall[] {
  const requests = events.filter(({ event }) => event === "permission");
  const asked = callsAskedFor(requests, calls);
  let next: NextEvents | undefined;
  return requests.map((request, index): AskedCall => {
    const { timestamp: time, toolName, sessionId = "" } = request;
    const call = asked[index];
    const isAllowed = call !== undefined && !Number.isNaN(call.end);
    const until = isAllowed
      ? Math.max(call.run, time)
      : (next ??= new NextEvents(events, calls)).after(request, call);
    const command = request.command ?? call?.command;
    return { sessionId, toolName, command, time, seconds: until && until - time, isAllowed, call };
  });
}

/** When a session goes on after a moment. */
class NextEvents {
  private readonly ofSession: SortedTimes;
  private readonly requests: ReadonlyMap<string | undefined, SortedTimes>;
  private readonly calls: ReadonlyMap<string | undefined, SortedTimes>;

  constructor(events: readonly Sample[], calls: readonly TimedCall[]) {
    const isOfSession = ({ event }: Sample): boolean => event !== "permission" && event !== "done";
    this.ofSession = new SortedTimes(events.filter(isOfSession).map(timeOf));
    const requests = events.filter(({ event }) => event === "permission");
    this.requests = byAgent(requests, (request) => [request.timestamp]);
    this.calls = byAgent(calls, ({ start, end }) => [start, end]);
  }

  /**
   * When the session, or of a subagent that one, went on after a request; `undefined` where it never did. The
   * session's own events end a subagent's wait, too.
   */
  after({ timestamp: time, agentId }: Sample, own: TimedCall | undefined): number | undefined {
    const next = Math.min(
      this.ofSession.after(time),
      this.requests.get(agentId)?.after(time) ?? Infinity,
      this.calls.get(agentId)?.after(time, own?.start) ?? Infinity,
    );
    return next === Infinity ? undefined : next;
  }
}

function byAgent<Item extends { readonly agentId?: string | undefined }>(
  items: readonly Item[],
  times: (item: Item) => number[],
): Map<string | undefined, SortedTimes> {
  const groups = Map.groupBy(items, ({ agentId }) => agentId);
  return new Map([...groups].map(([agent, own]) => [agent, new SortedTimes(own.flatMap(times))]));
}

function timeOf({ timestamp }: Sample): number {
  return timestamp;
}
