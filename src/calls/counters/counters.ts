import type { Call } from "../call.ts";
import { CallStream } from "../stream/call_stream.ts";
import { CallTimes } from "../stream/call_times.ts";
import type { CommandCounters } from "./command_counters.ts";
import { ClientCpu } from "./client_cpu.ts";
import { type EndedCall, EndedCalls, nameOf } from "./ended_calls.ts";
import { EXACT_SECONDS } from "../pair_again.ts";
import { isCallEvent, type Sample } from "../../row/sample.ts";
import { BUILT_IN_TOOLS, isSubagentRun } from "../../row/tool_name.ts";
import type { CallView } from "../call_columns.ts";
import { END_STATUSES, type EndStatus } from "../call_state.ts";
import { compareCalls, type StreamedCall } from "../stream/streamed_call.ts";
import { stoppedCalls } from "./stopped_calls.ts";
import { streamedTable } from "../stream/streamed_table.ts";

/** The upper bounds of the buckets of durations, seconds, each included; a last bucket takes what is longer. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ...[60, 120, 300, 600, 1800, 3600],
];

/** The upper bounds of the buckets of memory at its peak, bytes: 16 MiB to 64 GiB; a last bucket takes what is more. */
export const PEAK_BOUNDS: readonly number[] = Array.from({ length: 13 }, (_, n) => 2 ** (24 + n));

/** What the calls of one tool have come to. */
export interface ToolCounters {
  readonly calls: Record<EndStatus, number>;
  /** How many durations fell into each bucket (not cumulative), one more than there are bounds. Without background calls. */
  readonly durations: number[];
  /** Sum of these durations. */
  durationSeconds: number;
  waitSeconds: number;
  /** CPU of the tool's processes; what calls side by side share is counted once, for the one that ended first. */
  cpuSeconds: number;
  /** As `durations`, of the memory of calls' processes at its peak, where it was seen. */
  readonly peaks: number[];
  /** Sum of these, bytes. */
  peakBytes: number;
}

/** A call that has not ended yet. */
export interface OpenCall {
  /** Without parameters. */
  readonly rows: readonly Sample[];
  /** It will hardly end any more: its session has moved on. */
  readonly abandoned: boolean;
}

/** So many tools are told apart, first come first served; calls of all others are those of `OTHER`. */
const MAX_TOOLS = 100;
const OTHER = "other";
/** The newest that are remembered. */
const MAX_OPEN = 500;

/**
 * Counts calls when they end, over any number of additions: rows that were added need not be seen
 * again. What a later row may belong to is remembered: the rows of open calls, the ids of ended
 * ones. No figure of it ever goes down.
 */
export class Counters {
  readonly tools = new Map<string, ToolCounters>();
  /** The calls that ended, the newest last: rows of theirs that come late or twice count no more. */
  readonly ended = new EndedCalls();
  readonly client = new ClientCpu();
  /** By command, once somebody has asked for that. */
  commands: CommandCounters | undefined;
  /** The calls that are open; those that ended are let go. */
  readonly #stream = new CallStream();
  readonly #times = new CallTimes();
  readonly #open = new Set<StreamedCall>();
  /** Once known as abandoned a call stays so, even where what told it is let go. */
  readonly #abandoned = new WeakSet<StreamedCall>();

  /** @param since When counting began, seconds since the epoch. */
  constructor(readonly since: number) {
    // Counted from 0, so that the first call of each shows as an increase.
    for (const name of BUILT_IN_TOOLS) this.tools.set(name, emptyTool());
  }

  /** The calls that have not ended, in the order in which their rows came. */
  get open(): OpenCall[] {
    const place = ({ launch, place }: StreamedCall): number => launch?.place ?? place;
    return [...this.#open].sort((a, b) => place(a) - place(b)).map((call) => ({
      rows: call.rows,
      abandoned: this.#abandoned.has(call),
    }));
  }

  /** Takes open calls that other counters had. */
  restore(open: readonly OpenCall[]): void {
    this.#count(open.flatMap(({ rows }) => rows));
    const abandoned = new Set(open.flatMap((each) => each.abandoned ? each.rows : []));
    for (const call of this.#open) {
      if (call.rows.some((row) => abandoned.has(row))) this.#abandon(call);
    }
  }

  /** Counts what these rows, the next of the log in order of its lines, have brought to an end. */
  add(samples: readonly Sample[]): void {
    const fresh: Sample[] = [];
    for (const sample of samples) if (!this.#isOld(sample, fresh)) fresh.push(sample);
    for (const sample of fresh) this.client.add(sample);
    for (const sample of fresh) if (sample.event === "peak") this.#countPeak(sample);
    this.#count(fresh.map(withoutParams));
    this.client.forget(this.#open);
  }

  /** True for a row of a call that was counted, and not of one with its id that began since. */
  #isOld(row: Sample, before: readonly Sample[]): boolean {
    if (!isCallEvent(row.event)) return false;
    const ended = this.ended.find(row);
    if (ended === undefined || row.event === "start") return ended !== undefined;
    const name = nameOf(row);
    const isOwnStart = (other: Sample): boolean =>
      other.event === "start" && other.timestamp > ended.end + EXACT_SECONDS &&
      nameOf(other) === name;
    return !before.some(isOwnStart) &&
      !this.#open.values().some(({ start }) => start !== undefined && isOwnStart(start.sample));
  }

  #count(samples: readonly Sample[]): void {
    const changed = this.#stream.add(samples);
    const marked = this.#times.update(changed);
    const calls = [...changed].sort(compareCalls);
    for (const call of calls) {
      const { launch } = call;
      if (!call.isThere) {
        this.#open.delete(call);
        continue;
      }
      this.#open.add(call);
      if (launch === undefined) continue;
      this.#open.delete(launch);
      if (this.#abandoned.has(launch)) this.#abandon(call);
    }
    for (const call of [...calls, ...marked]) {
      if (this.#times.isAbandoned(call)) this.#abandon(call);
    }
    this.#end(calls.filter(({ ending, isThere }) => ending !== undefined && isThere));
    for (const sample of samples) {
      if (sample.event === "done" && sample.toolUseId) this.ended.endWork(sample);
    }
    if (this.ended.hasStops) {
      for (const run of stoppedCalls(this.#open, this.ended)) this.#abandon(run);
    }
    for (const oldest of this.#open) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#forget(oldest);
    }
  }

  /** The rows of a run's launch are the call's, too, and may be another's later. */
  #abandon(call: StreamedCall): void {
    this.#abandoned.add(call);
    if (call.launch !== undefined) this.#abandoned.add(call.launch);
  }

  /** Counts calls, given in order of time, in order of their ends, as they would come one by one. */
  #end(calls: readonly StreamedCall[]): void {
    const table = streamedTable(calls);
    const place = ({ ending }: StreamedCall): number => ending?.place ?? 0;
    const byEnd = calls.map((call, index) => ({ call, index }))
      .sort((a, b) => place(a.call) - place(b.call));
    for (const { index } of byEnd) this.#countCall(table.call(index));
    for (const call of calls) this.#forget(call);
  }

  #forget(call: StreamedCall): void {
    this.#stream.forget(call);
    this.#times.delete(call);
    this.#open.delete(call);
  }

  #countCall(call: CallView): void {
    const { start, end } = call;
    // The second stop of a run: a run that is resumed has a start of its own.
    const isStopOnly = call.isRun && start === undefined && end !== undefined;
    if (isStopOnly && this.ended.newest(end) !== undefined) return;
    for (const each of endedCalls(call)) this.ended.add(each);
    // Its launch was counted when it returned.
    if (isStopOnly && this.ended.takeLaunch(end) !== undefined) return;
    const tool = this.#tool(call.toolName);
    tool.calls[statusOf(call)]++;
    tool.waitSeconds += call.waitSeconds ?? 0;
    const cpuSeconds = this.client.take(call);
    tool.cpuSeconds += cpuSeconds;
    this.commands?.add(call, cpuSeconds);
    const seconds = call.durationSeconds;
    if (seconds === undefined || call.status === "background") return;
    tool.durations[bucketOf(seconds, DURATION_BOUNDS)]!++;
    tool.durationSeconds += Math.max(0, seconds);
  }

  /** That of a call which goes on in the background is followed by another. */
  #countPeak({ toolName, status, peakPss, peakRss }: Sample): void {
    const kib = peakPss ?? peakRss;
    if (kib === undefined || status === "background") return;
    const tool = this.#tool(toolName);
    tool.peaks[bucketOf(1024 * kib, PEAK_BOUNDS)]!++;
    tool.peakBytes += 1024 * kib;
  }

  #tool(name: string): ToolCounters {
    const known = this.tools.get(name);
    if (known !== undefined) return known;
    const isFull = this.tools.size - (this.tools.has(OTHER) ? 1 : 0) >= MAX_TOOLS;
    const tool = (isFull ? this.tools.get(OTHER) : undefined) ?? emptyTool();
    this.tools.set(isFull ? OTHER : name, tool);
    return tool;
  }
}

/** Deletes what was added first until no more are left. */
export function keepNewest(added: Set<string>, count: number): void {
  for (const oldest of added) {
    if (added.size <= count) return;
    added.delete(oldest);
  }
}

/** A tool without any calls. */
export function emptyTool(): ToolCounters {
  return {
    calls: { ok: 0, error: 0, interrupted: 0, background: 0, unknown: 0 },
    durations: DURATION_BOUNDS.map(() => 0).concat(0),
    durationSeconds: 0,
    waitSeconds: 0,
    cpuSeconds: 0,
    peaks: PEAK_BOUNDS.map(() => 0).concat(0),
    peakBytes: 0,
  };
}

function statusOf({ status }: Call): EndStatus {
  return END_STATUSES.find((each) => each === status) ?? "unknown";
}

function bucketOf(value: number, bounds: readonly number[]): number {
  const bucket = bounds.findIndex((bound) => value <= bound);
  return bucket < 0 ? bounds.length : bucket;
}

/** What is remembered of a call, and of the launch of a subagent's run besides. */
function endedCalls({ rows, isRun }: CallView): EndedCall[] {
  const byName = Map.groupBy(
    rows.filter((row) =>
      isCallEvent(row.event) && (row.toolUseId !== undefined || isSubagentRun(row))
    ),
    nameOf,
  );
  return [...byName.values()].map((own) => {
    const start = own.find(({ event }) => event === "start");
    const end = own.find(({ event }) => event === "end");
    const { toolName, sessionId, agentId, toolUseId } = (start ?? end)!;
    const { status, exitCode, durationMs } = end ?? {};
    return {
      ...{ toolName, sessionId, agentId, toolUseId, status, exitCode, durationMs },
      start: start?.timestamp,
      end: (end ?? start)!.timestamp,
      isOfRun: isRun || undefined,
    };
  });
}

function withoutParams(row: Sample): Sample {
  if (row.params === undefined) return row;
  const { params: _params, ...rest } = row;
  return rest;
}
