import type { Call } from "../calls/call.ts";
import { type JsonContext, jsonHead, toJson } from "../summary/json.ts";
import { callId } from "../summary/call_names.ts";
import { callRecord, type FlatRecord, rounded } from "../summary/records.ts";
import type { Activity, LeftBehindNow, RunningCall, RunningReport } from "./running_report.ts";
import { recordsCsv } from "../summary/csv.ts";
import type { LeftBehind } from "./left_behind.ts";

/** What runs now; `abandoned_calls` only where they are asked for. Ages in seconds, memory in KiB. */
export function runningJson(
  { running, leftBehind, abandoned }: RunningReport,
  listsAbandoned: boolean,
  context: JsonContext,
): string {
  return toJson({
    ...jsonHead(context),
    running: running.map((each) => ({ ...callRecord(each.call), ...nowOf(each) })),
    left_behind: leftBehind.map((each) => ({
      ...leftBehindRecord(each),
      age_seconds: rounded(each.age),
      cpu_percent: rounded(each.activity.cpuPercent),
    })),
    abandoned: abandoned.length,
    ...(listsAbandoned ? { abandoned_calls: abandoned.map(callRecord) } : {}),
  });
}

/** What a call does now; `command` is the name of its busiest process. */
function nowOf({ call, age, state, activity, isShared }: RunningCall): FlatRecord {
  return {
    call_command: call.command ?? null,
    age_seconds: rounded(age),
    state,
    shared: isShared,
    ...activityRecord(activity),
  };
}

function activityRecord(activity: Activity | undefined): FlatRecord {
  return {
    command: activity?.processes[0]?.command ?? null,
    processes: activity?.processes.length ?? null,
    cpu_percent_now: rounded(activity?.cpuPercent),
    rss_kib: rounded(activity?.rss),
  };
}

/** One record a running call, a process left behind and, where asked for, an abandoned start. */
function runningRecords(
  { running, leftBehind, abandoned }: RunningReport,
  listsAbandoned: boolean,
): FlatRecord[] {
  return [
    ...running.map(({ call, age, state, activity }) =>
      toRow("running", call, { age, state, pid: call.start?.pid, activity })
    ),
    ...leftBehind.map(({ call, process, age, activity, isReparented }: LeftBehindNow) =>
      toRow("left_behind", call, {
        age,
        pid: process.pid,
        activity,
        state: isReparented ? "reparented" : "below the client",
      })
    ),
    ...(listsAbandoned ? abandoned : []).map((call) =>
      toRow("abandoned", call, { pid: call.start?.pid })
    ),
  ];
}

interface Now {
  readonly age?: number;
  readonly state?: string;
  readonly pid: number | undefined;
  readonly activity?: Activity | undefined;
}

function toRow(kind: string, call: Call, { age, state, pid, activity }: Now): FlatRecord {
  return {
    kind,
    age_seconds: rounded(age),
    tool: call.toolName,
    session_id: call.sessionId ?? null,
    project: call.project ?? null,
    pid: pid ?? null,
    state: state ?? null,
    ...activityRecord(activity),
    start_timestamp: rounded(call.startTime),
    tool_use_id: call.start?.toolUseId ?? null,
    id: callId(call),
    call_command: call.command ?? null,
  };
}

/** The keys of `runningRecords`, in order. */
const RUNNING_COLUMNS: readonly string[] = [
  "kind",
  "age_seconds",
  "tool",
  "session_id",
  "project",
  "pid",
  "state",
  "command",
  "processes",
  "cpu_percent_now",
  "rss_kib",
  "start_timestamp",
  "tool_use_id",
  "id",
  "call_command",
];

/** What runs now as CSV: a header, then a line a call or process. */
export function runningCsv(report: RunningReport, listsAbandoned: boolean): string {
  return recordsCsv(runningRecords(report, listsAbandoned), RUNNING_COLUMNS);
}

/** A process that a call left behind. */
export function leftBehindRecord({ process, call, tree, isReparented }: LeftBehind): FlatRecord {
  return {
    pid: process.pid,
    command: process.command,
    process_start: rounded(process.processStart),
    reparented: isReparented,
    processes: tree.length,
    rss_kib: tree.reduce((sum, { rss }) => sum + rss, 0),
    tool: call.toolName,
    session_id: call.sessionId ?? null,
    project: call.project ?? null,
    tool_use_id: (call.start ?? call.end)?.toolUseId ?? null,
    call_start_timestamp: rounded(call.startTime),
    call_id: callId(call),
    call_command: call.command ?? null,
  };
}
