import { type Call, exitCodeOf, lastedSeconds, serverOf } from "../calls/call.ts";
import { TELLING_COLUMNS } from "../row/columns.ts";
import { callId } from "./call_names.ts";
import type { Summary } from "./summary.ts";

/** What stands behind a key of JSON, or in a cell of CSV. */
export type Value = string | number | boolean;

/** A flat object for JSON and CSV: base units in the names of its keys, `null` for what is not known. */
export type FlatRecord = Readonly<Record<string, Value | null>>;

/** The keys of a record, in order, with how each is made. */
type Fields<Source> = Readonly<Record<string, (source: Source) => Value | undefined>>;

/** Times in seconds, the first and the last since the epoch; memory in KiB, CPU in seconds or per cent of one core. */
const SUMMARY_FIELDS: Fields<Summary> = {
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  calls: ({ calls }) => calls,
  failed: ({ failed }) => failed,
  interrupted: ({ interrupted }) => interrupted,
  background: ({ background }) => background,
  timed: ({ timed }) => timed,
  mean_seconds: ({ meanSeconds }) => meanSeconds,
  p50_seconds: ({ p50Seconds }) => p50Seconds,
  p95_seconds: ({ p95Seconds }) => p95Seconds,
  p99_seconds: ({ p99Seconds }) => p99Seconds,
  max_seconds: ({ maxSeconds }) => maxSeconds,
  total_seconds: ({ totalSeconds }) => totalSeconds,
  wait_seconds: ({ waitSeconds }) => waitSeconds,
  cpu_seconds: ({ cpuSeconds }) => cpuSeconds,
  cpu_shared: ({ isCpuShared }) => isCpuShared,
  rss_mean_kib: ({ rssMean }) => rssMean,
  rss_max_kib: ({ rssMax }) => rssMax,
  cpu_percent_mean: ({ cpuPercentMean }) => cpuPercentMean,
  cpu_percent_max: ({ cpuPercentMax }) => cpuPercentMax,
  imported: ({ imported }) => imported,
  cpu_percent_during: ({ cpuPercentDuring }) => cpuPercentDuring,
  rss_end_kib: ({ rssEnd }) => rssEnd,
  growth_kib: ({ growth }) => growth,
  share_of_time: ({ shareOfTime }) => shareOfTime,
  prompt_seconds: ({ promptSeconds }) => promptSeconds,
  peak_kib: ({ peakMemory }) => peakMemory,
  peak_proportional: ({ isPeakProportional }) => isPeakProportional,
  peak_shared: ({ isPeakShared }) => isPeakShared,
  first_timestamp: ({ firstTime }) => firstTime,
  last_timestamp: ({ lastTime }) => lastTime,
  output_bytes: ({ outputBytes }) => outputBytes,
};

/** Times in seconds, start and end since the epoch; memory in KiB. */
const CALL_FIELDS: Fields<Call> = {
  tool: ({ toolName }) => toolName,
  server: ({ toolName }) => serverOf(toolName),
  status: ({ status }) => status,
  exit_code: exitCodeOf,
  start_timestamp: ({ startTime }) => startTime,
  end_timestamp: ({ background, endTime }) => background?.endTime ?? endTime,
  duration_seconds: lastedSeconds,
  wait_seconds: ({ waitSeconds }) => waitSeconds,
  cpu_seconds: ({ cpuSeconds }) => cpuSeconds,
  client_cpu_seconds: ({ clientCpuSeconds }) => clientCpuSeconds,
  cpu_shared: ({ shared }) => shared,
  rss_start_kib: ({ start }) => start?.memoryRss,
  rss_end_kib: ({ end }) => end?.memoryRss,
  tree_rss_start_kib: ({ start }) => start?.treeRss,
  tree_rss_end_kib: ({ end }) => end?.treeRss,
  cpu_percent_start: ({ start }) => start?.cpuPercent,
  cpu_percent_end: ({ end }) => end?.cpuPercent,
  survivors: ({ survivors }) => survivors,
  approximate: ({ approximate }) => approximate,
  reversed: ({ reversed }) => reversed,
  session_id: ({ sessionId }) => sessionId,
  agent_id: ({ agentId }) => agentId,
  tool_use_id: ({ start, end }) => start?.toolUseId ?? end?.toolUseId,
  project: ({ project }) => project,
  pid: ({ start, end }) => start?.pid ?? end?.pid,
  client_version: ({ start, end }) => start?.clientVersion ?? end?.clientVersion,
  params: ({ start, end }) => start?.params ?? end?.params,
  imported: ({ imported }) => imported === true,
  id: callId,
  command: ({ command }) => command,
  output_bytes: ({ outputBytes }) => outputBytes,
  prompt_seconds: ({ promptSeconds }) => promptSeconds,
  duration_at_most: ({ background }) => background?.atMost === true,
  peak_kib: ({ peakMemory }) => peakMemory,
  peak_proportional: ({ isPeakProportional }) => isPeakProportional,
  peak_shared: ({ isPeakShared }) => isPeakShared,
  peak_processes: ({ peakProcesses }) => peakProcesses,
  peak_process: ({ peakProcess }) => peakProcess,
  process_seconds: ({ processSeconds }) => processSeconds,
  read_bytes: ({ readBytes }) => readBytes,
  write_bytes: ({ writeBytes }) => writeBytes,
  major_faults: ({ majorFaults }) => majorFaults,
};

/** The columns of a group of calls, in order. */
export const SUMMARY_COLUMNS: readonly string[] = Object.keys(SUMMARY_FIELDS);
/** The columns of a call, in order. */
export const CALL_COLUMNS: readonly string[] = Object.keys(CALL_FIELDS);

/** A group's figures under `SUMMARY_COLUMNS`. */
export function summaryRecord(summary: Summary): FlatRecord {
  return toRecord(SUMMARY_FIELDS, summary);
}

/** The columns of a call that don't say what it was asked to do. */
export const SILENT_CALL_COLUMNS: readonly string[] = CALL_COLUMNS
  .filter((name) => !TELLING_COLUMNS.includes(name));

/** A call under `CALL_COLUMNS`. */
export function callRecord(call: Call): FlatRecord {
  return toRecord(CALL_FIELDS, call);
}

function toRecord<Source>(fields: Fields<Source>, source: Source): FlatRecord {
  return Object.fromEntries(
    Object.entries(fields).map(([name, make]) => [name, rounded(make(source))]),
  );
}

/** Numbers to six decimals, so that sums of decimals read as what they are. */
export function rounded(value: Value | undefined): Value | null {
  return typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value ?? null;
}
