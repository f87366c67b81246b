import { isAgentNumber, RowCursor } from "../row/row_cursor.ts";
import { AGENT_ID, PID, SESSION_ID, TIMESTAMP, TOOL_NAME } from "../row/row_view.ts";
import type { RowTable } from "../row/row_table.ts";

export { isAgentTool } from "../row/tool_name.ts";

/** The rows of one call, by their numbers; −1 where one is not there. */
export interface Pair {
  readonly start: number;
  readonly end: number;
  /** Paired by order while calls of the same key overlapped: the times may be another call's. */
  readonly approximate: boolean;
}

type OpenPair = { -readonly [Member in keyof Pair]: Pair[Member] };

/**
 * Pairs rows without a tool_use_id, given in file order: a subagent's run by session and agent_id,
 * others by order: an end takes the newest unpaired start of the same session (or else pid), agent
 * and tool. Of rows of a run that say the same twice the earliest start and the earliest end count.
 * A row that finds no partner is a pair of its own.
 */
export function pairLoose(table: RowTable, rows: Iterable<number>): Pair[] {
  const pairs: OpenPair[] = [];
  const byRun = new Map<string, OpenPair>();
  const byOrder = new Map<string, OpenStarts>();
  const cursor = new RowCursor(table);
  for (const row of rows) {
    cursor.at(row);
    if (!cursor.isSubagentRun) {
      pairByOrder(pairs, byOrder, cursor, row);
      continue;
    }
    const key = `${cursor.text(SESSION_ID)} ${cursor.text(AGENT_ID)}`;
    const pair = byRun.get(key);
    if (pair === undefined || isResumed(pair, cursor)) {
      byRun.set(key, added(pairs, cursor.isStart, row));
      continue;
    }
    const member = cursor.isStart ? "start" : "end";
    const time = cursor.number(TIMESTAMP);
    if (pair[member] < 0 || time < cursor.timeOf(pair[member])) pair[member] = row;
  }
  return pairs;
}

function added(pairs: OpenPair[], isStart: boolean, row: number): OpenPair {
  const pair = { start: isStart ? row : -1, end: isStart ? -1 : row, approximate: false };
  pairs.push(pair);
  return pair;
}

/** A subagent keeps its id when it is resumed: a start after its end begins another run. */
function isResumed({ start, end }: OpenPair, cursor: RowCursor): boolean {
  if (!cursor.isStart || end < 0 || start < 0) return false;
  return cursor.number(TIMESTAMP) > cursor.timeOf(end);
}

/** The unpaired starts of one key, oldest first. */
interface OpenStarts {
  readonly stack: OpenPair[];
  /** How many of them, from the oldest, are left over from before an end: most likely denied calls. */
  stale: number;
  /** How many of them, from the oldest, were there when an end could have been theirs. */
  doubtful: number;
  endedSince: boolean;
}

function pairByOrder(
  pairs: OpenPair[],
  byOrder: Map<string, OpenStarts>,
  cursor: RowCursor,
  row: number,
): void {
  const session = cursor.text(SESSION_ID);
  const client = session === 0 ? `pid ${cursor.number(PID)}` : session;
  const key = `${client} ${cursor.text(AGENT_ID)} ${cursor.text(TOOL_NAME)}`;
  let open = byOrder.get(key);
  if (open === undefined) {
    byOrder.set(key, open = { stack: [], stale: 0, doubtful: 0, endedSince: false });
  }
  if (cursor.isStart) {
    if (open.endedSince) open.stale = open.stack.length;
    open.endedSince = false;
    open.stack.push(added(pairs, true, row));
    return;
  }
  open.endedSince = true;
  const candidates = open.stack.length - open.stale;
  const pair = open.stack.pop();
  if (pair === undefined) {
    added(pairs, false, row);
    return;
  }
  const left = open.stack.length;
  pair.end = row;
  pair.approximate = candidates !== 1 || left < open.doubtful;
  open.doubtful = candidates > 1 ? left : Math.min(open.doubtful, left);
  open.stale = Math.min(open.stale, left);
}

/** Hooks of one moment run side by side: their times may be out of order by so many seconds. */
const HOOK_SKEW_SECONDS = 2;

/**
 * Finds for each run of a subagent (SubagentStart, SubagentStop) the call of the Agent tool that
 * launched it, to make one call of both. Nothing in the rows ties them together but time: a run belongs
 * to the earliest launch of its session that was going on when it started; to the newest launch
 * without an end only where there is no other, because a denied launch has no end either. Takes pairs in
 * order of time; returns the launch of each run that has one.
 */
export function findLaunches(table: RowTable, pairs: Iterable<Pair>): Map<Pair, Pair> {
  const launches = new Map<number, { ended: Pair[]; open: Pair[] }>();
  const runs = new Map<Pair, Pair>();
  const cursor = new RowCursor(table);
  for (const pair of pairs) {
    if (pair.start < 0 || !isAgentNumber(cursor.at(pair.start).text(TOOL_NAME))) continue;
    const session = cursor.text(SESSION_ID);
    let waiting = launches.get(session);
    if (waiting === undefined) launches.set(session, waiting = { ended: [], open: [] });
    if (!cursor.isSubagentRun) {
      (pair.end < 0 ? waiting.open : waiting.ended).push(pair);
      continue;
    }
    const earliest = cursor.number(TIMESTAMP) - HOOK_SKEW_SECONDS;
    waiting.ended = waiting.ended.filter(({ end }) => cursor.timeOf(end) >= earliest);
    const launch = waiting.ended.shift() ?? waiting.open.pop();
    if (launch !== undefined) runs.set(pair, launch);
  }
  return runs;
}
