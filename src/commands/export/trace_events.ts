import { type Call, exitCodeOf, hasEnded, timeOf } from "../../calls/call.ts";
import { toolTitle } from "../../row/tool_name.ts";
import { rounded } from "../../summary/records.ts";
import { callId, titleOf } from "../../summary/call_names.ts";
import type { Turn } from "../../summary/turns/turn.ts";
import { Lanes } from "./trace_lanes.ts";

/**
 * An event of the Trace Event Format, which ui.perfetto.dev, Chrome's tracing and others open: `X` is a slice
 * of a track, `C` a value from then on, `i` an instant, `M` the name of a track. Times are microseconds. The
 * slices of a track (`pid`, `tid`) lie in or behind one another.
 */
export interface TraceEvent {
  readonly ph: "X" | "C" | "i" | "M";
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/** What a trace is made of. */
export interface Traced {
  /** In order of time. */
  readonly calls: readonly Call[];
  readonly turns: readonly Turn[];
  /** The time up to which a call is drawn that runs, seconds since the epoch. */
  readonly now: number;
  /** Whether slices say which command a call was. */
  readonly withCommands: boolean;
}

const TURNS = 1;

/** The events of a trace: a process for each session, tracks for its turns, calls and work in the background. */
export function* traceEvents(traced: Traced): Generator<TraceEvent> {
  const turns = Map.groupBy(traced.turns, ({ sessionId }) => sessionId);
  const calls = Map.groupBy(traced.calls, ({ sessionId }) => sessionId ?? "");
  const sessions = new Set([...calls.keys(), ...turns.keys()]);
  let pid = 0;
  for (const session of sessions) {
    const own = calls.get(session) ?? [];
    const ownTurns = turns.get(session) ?? [];
    const project = own.find((call) => call.project !== undefined)?.project ?? ownTurns[0]?.project;
    yield* named(
      ++pid,
      undefined,
      `${project ?? ""} ${session.slice(0, 8)}`.trim() || "no session",
    );
    if (ownTurns.length > 0) yield* named(pid, TURNS, "turns");
    for (const turn of ownTurns) yield turnSlice(turn, pid);
    yield* callEvents(own, pid, traced);
    yield* memoryCounter(own, pid);
    yield* peakCounter(own, pid);
  }
}

function* named(pid: number, tid: number | undefined, name: string): Generator<TraceEvent> {
  const what = tid === undefined ? "process" : "thread";
  const track = tid === undefined ? { pid } : { pid, tid };
  yield { ph: "M", name: `${what}_name`, ...track, args: { name } };
  yield { ph: "M", name: `${what}_sort_index`, ...track, args: { sort_index: tid ?? pid } };
}

function microseconds(seconds: number): number {
  return Math.round(1e6 * seconds);
}

function slice(
  track: { readonly pid: number; readonly tid: number },
  [from, to]: readonly [from: number, to: number],
  about: Pick<TraceEvent, "name" | "cat" | "args">,
): TraceEvent {
  const args = about.args && Object.fromEntries(
    Object.entries(about.args)
      .map(([name, value]) => [name, typeof value === "number" ? rounded(value) : value]),
  );
  return { ph: "X", ...about, args, ...track, ts: from, dur: Math.max(0, to - from) } as TraceEvent;
}

function turnSlice({ number, from, to, parts, status, cpuSeconds }: Turn, pid: number): TraceEvent {
  return slice({ pid, tid: TURNS }, [microseconds(from), microseconds(to)], {
    name: `turn ${number}`,
    cat: "turn",
    args: { ...parts, status, cpu_seconds: cpuSeconds },
  });
}

function* callEvents(calls: readonly Call[], pid: number, traced: Traced): Generator<TraceEvent> {
  const lanes = new Lanes(TURNS + 1);
  for (const call of calls) {
    const from = microseconds(timeOf(call));
    const isRunning = call.status === "running";
    if (!hasEnded(call) && !isRunning) {
      const lane = lanes.of("abandoned", from, from);
      if (lane.isNew) yield* named(pid, lane.tid, lane.name);
      yield {
        ph: "i",
        s: "t",
        pid,
        tid: lane.tid,
        ts: from,
        cat: "abandoned",
        name: nameOf(call, traced),
      };
      continue;
    }
    const to = Math.max(from, microseconds(isRunning ? traced.now : call.endTime ?? timeOf(call)));
    const lane = lanes.of(whoOf(call), from, to);
    if (lane.isNew) yield* named(pid, lane.tid, lane.name);
    const track = { pid, tid: lane.tid };
    yield slice(track, [from, to], {
      name: nameOf(call, traced),
      cat: "call",
      args: figuresOf(call, traced),
    });
    yield* waits(call, track, [from, to]);
    const { background } = call;
    if (background === undefined) continue;
    const end = Math.max(from, microseconds(background.endTime));
    const behind = lanes.of("background", from, end);
    if (behind.isNew) yield* named(pid, behind.tid, behind.name);
    yield slice({ pid, tid: behind.tid }, [from, end], {
      name: nameOf(call, traced),
      cat: "background",
      args: { id: callId(call), at_most: background.atMost, exit_code: background.exitCode },
    });
  }
}

function whoOf({ agentId, start, end, isRun }: Call): string {
  if (agentId === undefined || isRun) return "calls";
  return `${start?.agentType ?? end?.agentType ?? "agent"} ${agentId.slice(0, 8)}`;
}

function nameOf(call: Call, { withCommands }: Traced): string {
  return withCommands ? titleOf(call) : toolTitle(call.toolName);
}

/** Before a call ran it stood at the gate, then in a prompt, as far as rows tell how long. */
function* waits(
  call: Call,
  track: { readonly pid: number; readonly tid: number },
  [from, to]: readonly [from: number, to: number],
): Generator<TraceEvent> {
  let at = from;
  for (
    const [name, seconds = 0] of [["gate", call.gateSeconds], [
      "prompt",
      call.promptSeconds,
    ]] as const
  ) {
    const until = Math.min(to, at + microseconds(seconds));
    if (until <= at) continue;
    yield slice(track, [at, until], { name, cat: "wait" });
    at = until;
  }
}

function figuresOf(call: Call, { withCommands }: Traced): TraceEvent["args"] {
  return {
    id: callId(call),
    status: call.status,
    exit_code: exitCodeOf(call),
    cpu_seconds: call.cpuSeconds,
    peak_memory_kib: call.peakMemory,
    peak_process: withCommands ? call.peakProcess : undefined,
    output_bytes: call.outputBytes,
    imported: call.imported === true ? true : undefined,
  };
}

const KIB_PER_MIB = 1024;

function counter(pid: number, name: string, ts: number, kib: number): TraceEvent {
  return { ph: "C", name, pid, ts, args: { MiB: Math.round(10 * kib / KIB_PER_MIB) / 10 } };
}

/** The client's resident set, at each start and end of a call. */
function* memoryCounter(calls: readonly Call[], pid: number): Generator<TraceEvent> {
  const points = calls.flatMap(({ start, end }) => [start, end]).flatMap((row) =>
    row?.memoryRss === undefined ? [] : [{ time: row.timestamp, kib: row.memoryRss }]
  ).sort((a, b) => a.time - b.time);
  for (const { time, kib } of points) yield counter(pid, "client RSS", microseconds(time), kib);
}

/** The greatest peak of the calls that went on at a time, whose moment in the call no row tells. */
function* peakCounter(calls: readonly Call[], pid: number): Generator<TraceEvent> {
  const known = calls.flatMap(({ peakMemory, startTime, endTime }) =>
    peakMemory === undefined || startTime === undefined || endTime === undefined
      ? []
      : [{ kib: peakMemory, from: microseconds(startTime), to: microseconds(endTime) }]
  );
  const times = [...new Set(known.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const open = new Set<typeof known[number]>();
  let next = 0;
  for (const time of times) {
    for (; next < known.length && known[next]!.from <= time; next++) open.add(known[next]!);
    for (const each of open) if (each.to <= time) open.delete(each);
    const kib = [...open].reduce((most, each) => Math.max(most, each.kib), 0);
    yield counter(pid, "peak of calls", time, kib);
  }
}
