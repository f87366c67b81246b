import { formatAgo, formatBytes, formatCount, formatDate, plural } from "../../text/units.ts";
import { costWords, type HookCost } from "../../log/hook_cost.ts";
import type { SpoolStatus } from "../../log/spool.ts";
import type { LockStatus } from "../../log/status.ts";
import type { FlatRecord } from "../../summary/records.ts";
import type { Program } from "../../agents/claude/hooks/inspect/hook_programs.ts";
import { eventsWords, isWatching } from "../../agents/claude/hooks/inspect/settings_report.ts";
import { type SamplerUsage, samplerWords } from "../../sampler/watch/sampler_usage.ts";
import { printable } from "../../text/printable.ts";
import { labelled, wrap } from "../../text/table.ts";

/** What one settings file has of perfmon's hooks. */
export interface HooksFigures {
  readonly scope: string;
  readonly path: string;
  readonly exists: boolean;
  readonly state: "on" | "off" | "absent";
  readonly events: readonly string[];
  /** The options that the hooks carry, as typed. */
  readonly options: readonly string[];
  /** How they record. */
  readonly ways: readonly ("binary" | "spool")[];
  /** Whether the plugin, which has hooks of its own, is switched on there. */
  readonly enablesPlugin: boolean;
}

/** What `perfmon status` knows. */
export interface StatusFigures {
  /** Whether hooks are there that Claude Code runs. */
  readonly isRecording: boolean;
  readonly hooks: readonly HooksFigures[];
  /** The logs that the hooks record into, where they record into others than this one. */
  readonly otherLogs: readonly string[];
  /** Sentences about what keeps hooks from running, or makes them run twice. */
  readonly obstacles: readonly string[];
  readonly path: string;
  readonly exists: boolean;
  readonly folder: string;
  readonly layout: string;
  readonly rows: number;
  readonly bytes: number;
  readonly historyRows: number;
  readonly historyBytes: number;
  /** Segments that are not there any more. */
  readonly historyRemoved: number;
  /** `90d`, or `0` for none. */
  readonly historyLimit: string;
  /** What waits to be taken in. */
  readonly spool: SpoolStatus;
  readonly badRows: number;
  readonly errors: number;
  readonly lastError: string | undefined;
  readonly lock: LockStatus;
  /** Those that ended, imported ones among them. */
  readonly calls: number;
  readonly imported: number;
  /** Starts without an end: running or abandoned. */
  readonly open: number;
  /** Sessions whose process is alive. */
  readonly liveSessions: number;
  /** Seconds since the epoch: of the first row or imported call, the last row, the last call. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  readonly lastCallTime: number | undefined;
  /** Rows that hold parameters. */
  readonly rowsWithParams: number;
  /** What `perfmon bench` measured last; `undefined` where it never did. */
  readonly cost?: HookCost | undefined;
  /** The process that watches calls; `undefined` where none runs. */
  readonly sampler: SamplerUsage | undefined;
  /** Why none can start. */
  readonly samplerObstacle: string | undefined;
  readonly version: string;
  /** The programs that hooks start. */
  readonly hookPrograms: readonly Program[];
  /** Of Claude Code, as in the newest row that says it. */
  readonly clientVersion: string | undefined;
}

/** The figures as a flat record. Bytes, seconds since the epoch. */
export function statusRecord(figures: StatusFigures): FlatRecord {
  return {
    recording: figures.isRecording,
    ...Object.fromEntries(figures.hooks.map(({ scope, state }) => [`hooks_${scope}`, state])),
    obstacles: figures.obstacles.join("; "),
    log: figures.path,
    layout: figures.layout,
    rows: figures.rows,
    bytes: figures.bytes,
    history_folder: `${figures.folder}/history`,
    history_rows: figures.historyRows,
    history_bytes: figures.historyBytes,
    history_limit: figures.historyLimit,
    history_segments_removed: figures.historyRemoved,
    spool_records: figures.spool.exists ? figures.spool.records : null,
    spool_bad_records: figures.spool.exists ? figures.spool.bad : null,
    spool_oldest_timestamp: figures.spool.oldest ?? null,
    bad_rows: figures.badRows,
    errors: figures.errors,
    last_error: figures.lastError ?? null,
    lock: figures.lock,
    calls: figures.calls,
    imported_calls: figures.imported,
    open_calls: figures.open,
    live_sessions: figures.liveSessions,
    first_timestamp: figures.firstTime ?? null,
    last_timestamp: figures.lastTime ?? null,
    rows_with_params: figures.rowsWithParams,
    hooks_start_seconds: figures.cost?.startSeconds ?? null,
    hooks_end_seconds: figures.cost?.endSeconds ?? null,
    hooks_cpu_seconds: figures.cost?.cpuSeconds ?? null,
    hooks_measured_timestamp: figures.cost?.time ?? null,
    sampler_since_timestamp: figures.sampler?.since ?? null,
    sampler_cpu_seconds: figures.sampler?.cpuSeconds ?? null,
    sampler_rss_kib: figures.sampler?.memoryRss ?? null,
    perfmon_version: figures.version,
    hooks_version: versionsOf(figures.hookPrograms),
    client_version: figures.clientVersion ?? null,
  };
}

function versionsOf(programs: readonly Program[]): string | null {
  const versions = new Set(programs.map(({ version = "unknown" }) => version));
  return versions.size === 0 ? null : [...versions].join("; ");
}

/** How the status is shown. */
export interface StatusTextOptions {
  readonly width: number;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
  /** The home folder, shown as `~`. */
  readonly home: string | undefined;
}

const LABEL = 11;

/** The status as text, one line a question. */
export function statusText(figures: StatusFigures, options: StatusTextOptions): string {
  const lines: [label: string, text: string][] = [
    ["Recording", recording(figures, options)],
    ...hooksLines(figures, options),
    ["Log", logLine(figures, options)],
    ["History", historyLine(figures, options)],
    ...spoolLines(figures, options),
    ["Covers", covers(figures, options)],
    ["Health", health(figures, options)],
    ["Cost", costLine(figures, options)],
    ["Sampler", samplerLine(figures, options)],
    ["Parameters", parameters(figures)],
    ["Network", "used by export otlp only"],
    ["Versions", versions(figures)],
  ];
  return lines.flatMap(([label, text]) =>
    labelled(label, wrap(printable(text), options.width - LABEL, ""), LABEL)
  ).join("\n") + "\n";
}

function samplerLine(figures: StatusFigures, { now }: StatusTextOptions): string {
  const { isRecording, hooks, sampler, samplerObstacle: obstacle } = figures;
  const states = hooks.map(({ state }) => state);
  const areOff = !isRecording && states.includes("off") && !states.includes("on");
  if (sampler === undefined && areOff) return 'off, as the hooks are ("perfmon hooks enable")';
  return samplerWords(sampler, { isWanted: hooks.some(isWatching), obstacle, now });
}

function recording(figures: StatusFigures, { now, home }: StatusTextOptions): string {
  const { isRecording, otherLogs, lastTime, liveSessions } = figures;
  const others = otherLogs.map((path) => short(path, home)).join(", ");
  const elsewhere = isRecording && others !== "" ? `, but into ${others}, not this log` : "";
  const rows = lastTime === undefined
    ? "no row yet"
    : `last row ${formatAgo(now - lastTime)}, ${plural(liveSessions, "live session")}`;
  return `${recordingState(figures)}${elsewhere}; ${rows}`;
}

function recordingState({ isRecording, hooks }: StatusFigures): string {
  const scopes = (state: string): string =>
    hooks.filter((each) => each.state === state).map(({ scope }) => scope).join(", ");
  const way = hooks.some(({ ways }) => ways.includes("spool")) ? ", by the spool" : "";
  if (isRecording) return scopes("on") === "" ? "on" : `on: ${scopes("on")} settings${way}`;
  if (scopes("on") !== "") return "off: something is in the way";
  return scopes("off") === ""
    ? 'off: no hooks ("perfmon hooks install")'
    : `off: ${scopes("off")} settings ("perfmon hooks enable")`;
}

/** A line a settings file, then a line a thing that stands in the way. */
function hooksLines(
  { hooks, obstacles }: StatusFigures,
  { home }: StatusTextOptions,
): [label: string, text: string][] {
  const files = hooks.map((each) => {
    const { scope, path, exists, state, options } = each;
    const given = options.filter((each) => each !== "").map((each) => `, ${each}`).join("");
    const what = state === "on"
      ? `${eventsWords(each)}${given}`
      : state === "off"
      ? "switched off"
      : exists
      ? "none"
      : "no file";
    return `${scope}: ${what} (${short(path, home)})`;
  });
  return [...files, ...obstacles].map((text, index) => [index === 0 ? "Hooks" : "", text]);
}

function logLine(figures: StatusFigures, { home }: StatusTextOptions): string {
  const { path, exists, rows, bytes, layout } = figures;
  if (!exists) return `${short(path, home)}   not there yet`;
  const size = `${plural(rows, "row")}, ${formatBytes(bytes)}`;
  // The first row decides.
  return `${short(path, home)}   ${size}${bytes === 0 ? "" : `, ${layout} layout`}`;
}

function historyLine(figures: StatusFigures, { home }: StatusTextOptions): string {
  const { folder, historyRows, historyBytes, historyLimit, historyRemoved } = figures;
  const limit = ["", "0"].includes(historyLimit) ? "" : `kept ${historyLimit}`;
  const removed = historyRemoved === 0 ? "" : `${plural(historyRemoved, "older segment")} removed`;
  const notes = [limit, removed].filter((note) => note !== "").join("; ");
  const end = notes === "" ? "" : ` (${notes})`;
  if (historyRows === 0) return `none yet${end}`;
  const size = `${plural(historyRows, "row")}, ${formatBytes(historyBytes)}`;
  return `${short(folder, home)}/history   ${size}${end}`;
}

function spoolLines(
  { spool, hooks }: StatusFigures,
  { now, home }: StatusTextOptions,
): [label: string, text: string][] {
  const path = short(spool.folder, home);
  if (!spool.exists) {
    const isUsed = hooks.some(({ ways }) => ways.includes("spool"));
    return isUsed ? [["Spool", `${path} is missing ("perfmon rec drain" makes it)`]] : [];
  }
  return [["Spool", `${path}   ${waiting(spool, now)}`]];
}

function waiting({ records, bad, oldest }: SpoolStatus, now: number): string {
  if (oldest === undefined) return "empty";
  const part = bad === 0 ? "" : `, ${bad} of them bad (errors.log says why)`;
  return `${plural(records, "record")} not taken in${part}, the oldest ${formatAgo(now - oldest)}`;
}

function covers(figures: StatusFigures, { utc }: StatusTextOptions): string {
  const { firstTime, lastTime, lastCallTime, calls, imported, open } = figures;
  if (firstTime === undefined) return "nothing yet";
  const until = Math.max(lastTime ?? firstTime, lastCallTime ?? firstTime);
  const span = `${formatDate(firstTime, utc)} to ${formatDate(until, utc)}`;
  const whence = imported === 0 ? "" : ` (${formatCount(imported)} imported)`;
  return `${span}; ${plural(calls, "call")}${whence}, ${plural(open, "start")} without an end`;
}

const LOCK_WORDS: Readonly<Record<LockStatus, string>> = {
  free: "lock free",
  held: "lock held",
  none: "no locks on this file system",
};

function health(
  { badRows, errors, lastError, lock, folder }: StatusFigures,
  { home }: StatusTextOptions,
): string {
  const counts = `${plural(badRows, "bad row")}, ${plural(errors, "error")}, ${LOCK_WORDS[lock]}`;
  if (lastError === undefined) return counts;
  return `${counts}; last error: ${lastError}; all of them: ${short(folder, home)}/errors.log`;
}

function costLine({ cost }: StatusFigures, { utc }: StatusTextOptions): string {
  if (cost === undefined) return "not measured yet (perfmon bench)";
  return `${costWords(cost)} (measured ${formatDate(cost.time, utc)}; perfmon bench repeats it)`;
}

function parameters({ rowsWithParams, hooks }: StatusFigures): string {
  const isOn = hooks.some(({ options }) => options.some((each) => /--params\b/.test(each)));
  if (rowsWithParams === 0) return isOn ? "on" : "off";
  return `${isOn ? "on" : "off"}; in ${plural(rowsWithParams, "row")}`;
}

function versions({ version, hookPrograms, clientVersion }: StatusFigures): string {
  const others = hookPrograms.filter((each) => each.version !== version)
    .map((each) => `${each.version ?? "unknown"}, "${each.path}"`);
  const hooks = hookPrograms.length === 0
    ? ""
    : others.length === 0
    ? " (hooks: same)"
    : ` (hooks: ${others.join("; ")}; "perfmon hooks install" takes this one)`;
  const client = clientVersion === undefined ? "" : `, Claude Code ${clientVersion}`;
  return `perfmon ${version}${hooks}${client}`;
}

function short(path: string, home: string | undefined): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
