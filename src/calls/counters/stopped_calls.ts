import type { EndedCalls } from "./ended_calls.ts";
import { stoppedAmong } from "../stopped_runs.ts";
import type { StreamedCall } from "../stream/streamed_call.ts";
import { STOPPING_TOOL } from "../../row/tool_name.ts";

/** The subagents' runs among open calls that TaskStop has ended, as far as the calls that ended last tell. */
export function stoppedCalls(open: Iterable<StreamedCall>, ended: EndedCalls): StreamedCall[] {
  const runs = [...open].filter((call) => call.isRun && call.ending === undefined);
  const bySession = Map.groupBy(runs, ({ session }) => session ?? "");
  return [...bySession].flatMap(([session, own]) => {
    const stops: number[] = [];
    const works: { readonly begin: number; readonly run?: StreamedCall }[] = own.map((run) => ({
      begin: run.time,
      run,
    }));
    for (const { sessionId, toolName, status, start, end, isOfRun, isDone } of ended) {
      if ((sessionId ?? "") !== session) continue;
      if (toolName === STOPPING_TOOL && status === "ok") stops.push(end);
      if (status === "background" && !isOfRun && !isDone) works.push({ begin: start ?? end });
    }
    works.sort((a, b) => a.begin - b.begin);
    const stopped = stoppedAmong(works.map(({ begin }) => begin), stops.sort((a, b) => a - b));
    return works.flatMap(({ run }, place) => run !== undefined && stopped[place] ? [run] : []);
  });
}
