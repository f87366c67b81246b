import { SortedTimes } from "../../stats/sorted_times.ts";
import type { CallList } from "../../calls/call_list.ts";
import { isCallEvent, type Sample } from "../../row/sample.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { type AskedCall, askedCalls } from "../../calls/prompts/permissions.ts";
import { splitImported, splitTime } from "./split.ts";
import { type TimedCall, timedCalls } from "../../calls/prompts/timed_call.ts";
import { AWAY_SECONDS, NO_TURNS, type Turn, type Turns } from "./turn.ts";

/** What turns are told of besides the rows and calls. */
export interface TurnOptions {
  /** Rows as a transcript tells them; of a turn that was recorded, too, these say nothing. */
  readonly imported?: readonly Sample[];
  /** Turns that began before, seconds since the epoch, count for the numbers of those to come, and are left out. */
  readonly since?: number | undefined;
}

/** The turns of sessions, and where their time went, from rows of no call and the calls beside them. */
export function turnsOf(
  events: readonly Sample[],
  list: CallList,
  { imported = [], since = -Infinity }: TurnOptions = {},
): Turns {
  const isImported = new Set(notRecorded(imported, events));
  const all = isImported.size === 0 ? events : [...events, ...isImported];
  const bySession = Map.groupBy(
    all.filter(({ event, sessionId }) => !isCallEvent(event) && sessionId !== undefined)
      .toSorted((a, b) => a.timestamp - b.timestamp),
    ({ sessionId = "" }) => sessionId,
  );
  for (const [session, own] of bySession) {
    if (own.at(-1)!.timestamp < since) bySession.delete(session);
  }
  if (bySession.size === 0) return NO_TURNS;
  const calls = timedCalls(list, (session) => bySession.has(session));
  const turns: Turn[] = [];
  const permissions: AskedCall[] = [];
  for (const [session, own] of bySession) {
    const found = sessionTurns(session, own, calls.get(session) ?? [], { since, isImported });
    turns.push(...found.turns);
    permissions.push(...found.asked);
  }
  const idleBefore = (kind: Turn["beganBy"]): number[] =>
    turns.flatMap(({ beganBy, idleSeconds }) => beganBy === kind ? idleSeconds ?? [] : []);
  const own = idleBefore("prompt");
  return {
    turns: turns.sort((a, b) => a.from - b.from),
    permissions: permissions.sort((a, b) => a.time - b.time),
    between: own.filter((seconds) => seconds <= AWAY_SECONDS),
    away: own.filter((seconds) => seconds > AWAY_SECONDS),
    background: idleBefore("done"),
  };
}

/** The imported rows of turns of which no hook has told. */
function notRecorded(imported: readonly Sample[], recorded: readonly Sample[]): readonly Sample[] {
  if (imported.length === 0) return imported;
  const known = new Set(
    recorded.map(({ event, promptId }) =>
      event === "prompt" || event === "done" ? promptId : undefined
    ),
  );
  return imported.filter(({ promptId }) => promptId === undefined || !known.has(promptId));
}

function sessionTurns(
  sessionId: string,
  events: readonly Sample[],
  calls: readonly TimedCall[],
  { since, isImported }: { readonly since: number; readonly isImported: ReadonlySet<Sample> },
): { turns: Turn[]; asked: AskedCall[] } {
  const ofHooks = calls.filter((call) => !call.isImported);
  const asked = askedCalls(events.filter(({ timestamp }) => timestamp >= since), ofHooks);
  const turns: Turn[] = [];
  const all = boundsOf(events);
  let next = 0; // the first call that began in no turn before
  let going: TimedCall[] = []; // the calls before it that may go on
  let request = 0; // the first that is of no turn before
  let times: SortedTimes | undefined;
  for (const [index, bounds] of all.entries()) {
    if (bounds.begin.timestamp < since) continue;
    const from = beginOf(bounds, calls, next, turns.at(-1)?.to);
    // A turn whose end no row tells goes on to the last that happened in it.
    const to = bounds.end?.timestamp ??
      Math.max(from, (times ??= timesOf(events, calls)).before(bounds.limit));
    while (next < calls.length && calls[next]!.start <= to) going.push(calls[next++]!);
    going = going.filter(({ start, end }) => start >= from || end > from);
    const first = request;
    while (request < asked.length && asked[request]!.time <= to) request++;
    const own = asked.slice(first, request).filter(({ time }) => time >= from);
    const last = turns.at(-1);
    const before = all[index - 1];
    const isIdle = last !== undefined && before?.end !== undefined && !before.isLast;
    turns.push(turnOf(
      {
        ...{ sessionId, number: index + 1, bounds, from, to: endOf(bounds, to, own) },
        isImported: isImported.has(bounds.begin),
        idleSeconds: isIdle ? Math.max(0, from - last.to) : undefined,
      },
      going,
      own,
    ));
  }
  return { turns, asked };
}

/** A turn whose beginning no row tells began with the first of its session's calls since the turn before. */
function beginOf(
  { begin }: Bounds,
  calls: readonly TimedCall[],
  next: number,
  before = begin.timestamp,
): number {
  if (begin.event !== "stop") return begin.timestamp;
  for (let place = next; place < calls.length; place++) {
    const { start, agentId } = calls[place]!;
    if (start > begin.timestamp) break;
    if (agentId === undefined && start > before) return start;
  }
  return begin.timestamp;
}

/** A turn that a denied request ended, of which no row tells, lasted as long as that. */
function endOf({ end, limit }: Bounds, to: number, asked: readonly AskedCall[]): number {
  if (end !== undefined) return to;
  return Math.min(limit, Math.max(to, ...asked.map(({ time, seconds = 0 }) => time + seconds)));
}

const STATUSES = ["ok", "error", "interrupted"] as const;

/** A turn as far as it is known without its calls. */
interface Frame
  extends Pick<Turn, "sessionId" | "number" | "from" | "to" | "isImported" | "idleSeconds"> {
  readonly bounds: Bounds;
}

function turnOf(
  { bounds: { begin, end }, ...frame }: Frame,
  within: readonly TimedCall[],
  asked: readonly AskedCall[],
): Turn {
  const { from, to, isImported } = frame;
  const inside = isImported ? within : within.filter((call) => !call.isImported);
  const began = inside.filter(({ start }) => start >= from);
  const output = began.map(({ outputBytes }) => outputBytes).filter((bytes) => bytes === bytes);
  return {
    ...frame,
    project: begin.project,
    beganBy: begin.event === "stop" ? "unknown" : begin.event === "done" ? "done" : "prompt",
    status: STATUSES.find((status) => status === end?.status),
    parts: isImported ? splitImported([from, to], inside) : splitTime([from, to], inside, asked),
    calls: began.length,
    cpuSeconds: cpuOf(began),
    outputBytes: output.length === 0 ? undefined : output.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** When anything happened in a session. */
function timesOf(events: readonly Sample[], calls: readonly TimedCall[]): SortedTimes {
  return new SortedTimes([
    ...events.map(({ timestamp }) => timestamp),
    ...calls.flatMap(({ start, end }) => [start, end]),
  ]);
}

/**
 * What the processes of calls used, seconds, of those at the same time once; unknown where that is so of each. A
 * process's figure is cumulative: each call has a stretch of it, and an agent's is that of its own calls, with hooks.
 */
function cpuOf(calls: readonly TimedCall[]): number | undefined {
  const known = calls.filter(({ kind, startPid, endPid, startCpu, endCpu }) =>
    kind !== "agent" && startPid === endPid && startCpu <= endCpu // false of NaN
  ).sort((a, b) => a.startPid - b.startPid || a.startCpu - b.startCpu);
  let total: number | undefined;
  let [pid, until] = [NaN, 0];
  for (const { startPid, startCpu, endCpu } of known) {
    const from = startPid === pid ? Math.max(startCpu, until) : startCpu;
    total = (total ?? 0) + Math.max(0, endCpu - from);
    until = startPid === pid ? Math.max(until, endCpu) : endCpu;
    pid = startPid;
  }
  return total;
}
