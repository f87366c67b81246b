import type { Sample } from "../../row/sample.ts";

/** Where a turn begins and ends. */
export interface Bounds {
  /** The row that began it. */
  readonly begin: Sample;
  /** The row that says that it ended; `undefined` where none does. */
  readonly end: Sample | undefined;
  /** When it ended at the latest: when the next began, or the session ended; Infinity where neither did. */
  readonly limit: number;
  /** Whether the session ended with it. */
  readonly isLast: boolean;
}

/**
 * The turns of one session, from its rows of no call in order of time. A person's prompt begins one; the end
 * of background work does where none goes on. The last stop before the next turn ends it: a hook may have sent
 * the model on after the first.
 */
export function boundsOf(events: readonly Sample[]): Bounds[] {
  const found: Bounds[] = [];
  let begin: Sample | undefined;
  let end: Sample | undefined;
  const close = (limit: number, isLast: boolean): void => {
    if (begin !== undefined) found.push({ begin, end, limit, isLast });
    begin = end = undefined;
  };
  for (const event of events) {
    const isBeginning = event.event === "prompt" ||
      event.event === "done" && (begin === undefined || end !== undefined);
    if (isBeginning) {
      close(event.timestamp, false);
      begin = event;
    } else if (event.event === "stop") {
      if (event.status !== undefined) end = event;
      else close(event.timestamp, true);
    }
  }
  close(Infinity, false);
  return found;
}
