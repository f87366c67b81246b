import { CallStream } from "../../calls/stream/call_stream.ts";
import { CallTimes } from "../../calls/stream/call_times.ts";
import type { StreamedCall } from "../../calls/stream/streamed_call.ts";
import type { Sample } from "../../row/sample.ts";
import { startsShell } from "../shell_tool.ts";

/** A call that is over is known so long, seconds: a hook may be registered twice, or be late. */
const KNOWN_SECONDS = 60;

/** What rows have changed. */
export interface Changes {
  /** Whether one began. */
  readonly hasBegun: boolean;
  /** Calls that have returned. */
  readonly returned: readonly StreamedCall[];
  /** Calls whose work in the background has ended. */
  readonly done: readonly StreamedCall[];
}

/** The calls of a log that start a shell, from its rows as they come. */
export class OpenCalls {
  /** Those that began and have not returned. */
  readonly open = new Set<StreamedCall>();
  readonly #stream = new CallStream();
  readonly #times = new CallTimes();
  readonly #returned = new Set<StreamedCall>();
  readonly #done = new Set<StreamedCall>();
  readonly #overtaken = new WeakSet<StreamedCall>();

  /** Takes further rows. */
  add(samples: readonly Sample[]): Changes {
    const changed = this.#stream.add(samples.filter(isOfCall));
    const abandoned = this.#times.update(changed);
    const returned: StreamedCall[] = [];
    const done: StreamedCall[] = [];
    let hasBegun = false;
    for (const call of [...changed, ...abandoned]) {
      if (!call.isThere || this.#times.isAbandoned(call)) this.open.delete(call);
      else if (call.end === undefined) {
        if (startsShell(call.start?.sample.toolName)) hasBegun = isNew(this.open, call) || hasBegun;
      } else {
        this.open.delete(call);
        if (isNew(this.#returned, call)) returned.push(call);
      }
      if (call.done !== undefined && isNew(this.#done, call)) done.push(call);
    }
    for (const row of samples) this.#overtake(row);
    this.#forget(samples.at(-1)?.timestamp ?? 0);
    return { hasBegun, returned: returned.filter(hasShell), done: done.filter(hasShell) };
  }

  /** Whether a call that has not returned still may: its turn and its session go on. */
  mayReturn(call: StreamedCall): boolean {
    return !this.#overtaken.has(call);
  }

  /** Where a turn begins or ends, or a session ends, a call from before it was cancelled: no hook tells of that. */
  #overtake({ event, status, sessionId, agentId, timestamp }: Sample): void {
    if (event !== "prompt" && event !== "stop") return;
    const isSessionEnd = event === "stop" && status === undefined;
    for (const call of this.open) {
      const { sample } = call.start ?? {};
      if (sample?.sessionId !== sessionId || call.time > timestamp) continue;
      // Subagents in the background go on from one turn to the next.
      if (isSessionEnd || sample?.agentId === agentId) this.#overtaken.add(call);
    }
  }

  #forget(now: number): void {
    for (const call of this.#returned) {
      if ((call.end?.sample.timestamp ?? 0) > now - KNOWN_SECONDS) return;
      const goesOn = call.end?.sample.status === "background" && call.done === undefined;
      if (goesOn && call.isThere) continue;
      this.#returned.delete(call);
      this.#done.delete(call);
      this.#stream.forget(call);
      this.#times.delete(call);
    }
  }
}

function isNew(known: Set<StreamedCall>, call: StreamedCall): boolean {
  const { size } = known;
  return known.add(call).size > size;
}

function hasShell({ start, end }: StreamedCall): boolean {
  return startsShell((start ?? end)?.sample.toolName);
}

/** Whether a row is of a call with an id, or ends its work in the background. */
function isOfCall({ toolUseId, event, pid }: Sample): boolean {
  return toolUseId !== undefined && pid !== undefined &&
    (event === "start" || event === "end" || event === "done");
}
