import { type Counters, DURATION_BOUNDS, PEAK_BOUNDS } from "../../calls/counters/counters.ts";
import { END_STATUSES } from "../../calls/call_state.ts";

/** One figure of a metric and the labels that tell it from the others. */
export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A distribution: how many values lie in each bucket. */
export interface HistogramPoint {
  readonly labels: Readonly<Record<string, string>>;
  /** By bucket, not cumulative; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** A metric with all its figures: what the text format and OTLP are made of. */
export type Metric =
  & {
    /** After Prometheus' rules: base unit in the name, `_total` for a counter. */
    readonly name: string;
    /** One sentence without a full stop. */
    readonly help: string;
  }
  & (
    | { readonly type: "counter" | "gauge"; readonly points: readonly Point[] }
    | {
      readonly type: "histogram";
      /** Upper bounds of the buckets but the last, each included. */
      readonly bounds: readonly number[];
      readonly points: readonly HistogramPoint[];
    }
  );

/** What is so at the moment of looking. Bytes, seconds since the epoch. */
export interface Moment {
  readonly runningCalls: number;
  /** Start of the oldest call that runs; `undefined` where none does. */
  readonly oldestRunning: number | undefined;
  /** Monitored processes that live, and their memory. */
  readonly clients: number;
  readonly residentMemory: number;
  readonly treeResidentMemory: number;
  readonly logRows: number;
  readonly logBytes: number;
  /** Time of the newest row; `undefined` where there was none. */
  readonly lastRow: number | undefined;
}

/** Counts that are kept apart from the calls. */
export interface Troubles {
  readonly badRows: number;
  readonly errors: number;
}

/** The labels of `perfmon_build_info`. */
export interface Build {
  readonly version: string;
  readonly deno: string;
}

/**
 * All metrics of a log but those of commands. No session, command or id is a label. Counters have begun at
 * `counters.since`; none of them, and no histogram, goes down but by `perfmon clear`.
 */
export function metricsOf(
  counters: Counters,
  { badRows, errors }: Troubles,
  moment: Moment,
  build: Build,
): Metric[] {
  return [
    ...toolMetrics(counters),
    gauge("perfmon_running_calls", "Tool calls that have not ended", moment.runningCalls),
    gauge(
      "perfmon_oldest_running_call_start_timestamp_seconds",
      "When the oldest call that has not ended began; absent where none runs",
      moment.oldestRunning,
    ),
    gauge("perfmon_clients", "Monitored Claude Code processes that live", moment.clients),
    gauge(
      "perfmon_client_resident_memory_bytes",
      "Resident memory of the monitored Claude Code processes that live",
      moment.residentMemory,
    ),
    gauge(
      "perfmon_client_tree_resident_memory_bytes",
      "Resident memory of the monitored Claude Code processes that live and all below them",
      moment.treeResidentMemory,
    ),
    counter(
      "perfmon_client_cpu_seconds_total",
      "User and system CPU of the monitored Claude Code processes since each was first seen",
      counters.client.seconds,
    ),
    gauge("perfmon_log_rows", "Rows in the log, without its history", moment.logRows),
    gauge("perfmon_log_bytes", "Size of the log, without its history", moment.logBytes),
    gauge(
      "perfmon_last_row_timestamp_seconds",
      "When the newest row was recorded; absent where none was",
      moment.lastRow,
    ),
    counter("perfmon_log_bad_rows_total", "Rows of the log that could not be read", badRows),
    counter("perfmon_errors_total", "Lines in the log of recording errors", errors),
    {
      name: "perfmon_build_info",
      help: "Always 1, labeled with the version of perfmon and of the Deno in it",
      type: "gauge",
      points: [{ labels: { ...build }, value: 1 }],
    },
  ];
}

function toolMetrics({ tools }: Counters): Metric[] {
  const all = [...tools];
  return [
    {
      name: "perfmon_tool_calls_total",
      help: "Tool calls that ended, by tool and how they ended",
      type: "counter",
      points: all.flatMap(([tool, { calls }]) =>
        END_STATUSES.map((status) => ({ labels: { tool, status }, value: calls[status] }))
      ),
    },
    {
      name: "perfmon_tool_duration_seconds",
      help: "Run time of tool calls that ended, without those that went to the background",
      type: "histogram",
      bounds: DURATION_BOUNDS,
      points: all.map(([tool, { durations, durationSeconds }]) => ({
        labels: { tool },
        counts: durations,
        sum: durationSeconds,
      })),
    },
    {
      name: "perfmon_tool_wait_seconds_total",
      help:
        "Time that tool calls took beyond their run time, at the gate (checks, hooks) and in prompts",
      type: "counter",
      points: all.map(([tool, { waitSeconds }]) => ({ labels: { tool }, value: waitSeconds })),
    },
    {
      name: "perfmon_tool_cpu_seconds_total",
      help: "User and system CPU of the processes that tool calls ran and waited for",
      type: "counter",
      points: all.map(([tool, { cpuSeconds }]) => ({ labels: { tool }, value: cpuSeconds })),
    },
    {
      name: "perfmon_tool_peak_bytes",
      help: "Memory that the processes of tool calls held at its peak, of calls that were watched",
      type: "histogram",
      bounds: PEAK_BOUNDS,
      points: all.filter(([, { peaks }]) => peaks.some((count) => count > 0))
        .map(([tool, { peaks, peakBytes }]) => ({
          labels: { tool },
          counts: peaks,
          sum: peakBytes,
        })),
    },
  ];
}

/** The metrics of commands, which are those of their tools, too: for who asks for them. */
export function commandMetrics({ commands }: Counters): Metric[] {
  const all = commands?.counters ?? [];
  return [
    {
      name: "perfmon_command_calls_total",
      help: "Tool calls that ended, by command and how they ended",
      type: "counter",
      points: all.flatMap(({ tool, command, calls }) =>
        END_STATUSES.map((status) => ({ labels: { tool, command, status }, value: calls[status] }))
      ),
    },
    {
      name: "perfmon_command_duration_seconds_total",
      help:
        "Run time of tool calls that ended, without those that went to the background, by command",
      type: "counter",
      points: all.map(({ tool, command, durationSeconds }) => ({
        labels: { tool, command },
        value: durationSeconds,
      })),
    },
    {
      name: "perfmon_command_cpu_seconds_total",
      help: "User and system CPU of the processes that tool calls ran and waited for, by command",
      type: "counter",
      points: all.map(({ tool, command, cpuSeconds }) => ({
        labels: { tool, command },
        value: cpuSeconds,
      })),
    },
  ];
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: "counter", points: [{ labels: {}, value }] };
}

function gauge(name: string, help: string, value: number | undefined): Metric {
  const points = value === undefined ? [] : [{ labels: {}, value }];
  return { name, help, type: "gauge", points };
}
