import type { CallColumns, RowFigures } from "../call_columns.ts";
import { numberOf } from "../call_state.ts";
import { CHILDREN } from "../../row/row_view.ts";
import { isAgentTool } from "../../row/tool_name.ts";

/** A server has used no more CPU than this, seconds, when the start's hook looks, however late. */
const LATE_SECONDS = 0.2;
/** In so many seconds servers that wait use next to nothing. */
const WAITING_SECONDS = 30;

const BACKGROUND = numberOf("background");

/** Work that a call left in the background. */
interface Work {
  /** When it ended, seconds since the epoch. */
  readonly until: number;
  /** How many descendants of the client lived when its call returned. */
  readonly children: number;
}

/**
 * What live descendants of the client had used when calls began, seconds, by what rows say; NaN where that is not
 * known, and where work of another call goes on in the background. A start's hook that nobody waits for may look when a
 * server is at work already: what it had used before the call tells the end of the last one, if there was
 * none between.
 */
export function liveAtStart(calls: CallColumns, { start, end }: RowFigures): Float64Array {
  if (start.every(Number.isNaN)) return start; // a log without this column
  const found = start.slice();
  const children = calls.figures(CHILDREN);
  const newest = new Int32Array(calls.processes + 1).fill(-1);
  const works = new Map<number, readonly Work[]>();
  for (let call = 0; call < calls.size; call++) {
    const process = calls.process[call]!;
    const last = newest[process]!;
    const isLast = last >= 0 && children.end[last] === children.start[call] &&
      calls.time[call]! - calls.endTime[last]! < WAITING_SECONDS;
    const late = isLast ? start[call]! - end[last]! : NaN;
    if (late > 0 && late <= LATE_SECONDS) found[call] = end[last]!;
    const goesOn = works.get(process)?.some((work) =>
      calls.time[call]! < work.until && children.start[call]! >= work.children
    );
    if (goesOn === true) found[call] = NaN;
    const hasEnd = end[call] === end[call]; // not NaN
    const isNewest = last < 0 || calls.endTime[call]! >= calls.endTime[last]!;
    if (!hasEnd) newest[process] = -1;
    else if (isNewest) newest[process] = call;
    if (calls.status[call] !== BACKGROUND || isAgentTool(calls.toolName(call))) continue;
    const work = { until: calls.done(call)?.timestamp ?? Infinity, children: children.end[call]! };
    works.set(process, withWork(works.get(process) ?? [], work));
  }
  return found;
}

/**
 * Some works and another one. Those that it outlasts with as few children tell nothing any more: of a process no more
 * stay than it had numbers of children, however many calls it left running.
 */
function withWork(works: readonly Work[], work: Work): readonly Work[] {
  if (Number.isNaN(work.children)) return works; // of no call it can be told that it ran beside it
  return [
    ...works.filter(({ until, children }) => until > work.until || children < work.children),
    work,
  ];
}
