import type { Sample } from "../../row/sample.ts";

/** Where a turn begins and ends. */
export interface Bounds {
  /** The row that began it; its end, where no row told its beginning. */
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
 * the model on after the first. One with the id of no prompt is of another turn: the model also answers what the
 * person had run (`!make`), of which no hook is told.
 */
export function boundsOf(events: readonly Sample[]): Bounds[] {
  const found: Bounds[] = [];
  let begin: Sample | undefined;
  let end: Sample | undefined;
  const prompts = new Set<string | undefined>([undefined]);
  const close = (limit: number, isLast: boolean): void => {
    if (begin !== undefined) found.push({ begin, end, limit, isLast });
    begin = end = undefined;
  };
  for (const event of events) {
    const goesOn = begin !== undefined && end === undefined;
    // A prompt that was typed ahead is told to the model in the turn that goes on, and has its id.
    const isAhead = goesOn && event.promptId !== undefined && event.promptId === begin?.promptId;
    const isBeginning = event.event === "prompt" ? !isAhead : event.event === "done" && !goesOn;
    if (isBeginning) {
      close(event.timestamp, false);
      begin = event;
      prompts.add(event.promptId);
    } else if (event.event === "stop") {
      if (event.status === undefined) close(event.timestamp, true);
      else if (end === undefined || prompts.has(event.promptId)) end = event;
      else {
        close(event.timestamp, false);
        begin = end = event;
        prompts.add(event.promptId);
      }
    }
  }
  close(Infinity, false);
  return found;
}
