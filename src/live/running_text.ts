import type { Call } from "../calls/call.ts";
import { formatAge, formatBytes, formatCount, formatTime, plural, UNKNOWN } from "../text/units.ts";
import type { CallsTextOptions } from "../summary/calls_text.ts";
import type { Activity, LeftBehindNow, RunningCall, RunningReport } from "./running_report.ts";
import { callId, titleOf } from "../summary/call_names.ts";
import { condense, sparkline } from "../text/sparkline.ts";
import { type Column, layOut, wrap } from "../text/table.ts";

/** What the text needs besides the figures. */
export interface RunningTextOptions extends CallsTextOptions {
  /** What the figures cover: `Last 7 days`. */
  readonly covers: string;
  /** List the abandoned starts, too. */
  readonly listsAbandoned: boolean;
  /** The number of lines of each table at most, where that was asked for. */
  readonly count?: number | undefined;
  readonly notes: readonly string[];
}

/** What runs now, what ended calls left behind, and how many starts were abandoned. */
export function runningText(report: RunningReport, options: RunningTextOptions): string {
  const { width, style, count } = options;
  const [running, leftBehind, abandoned] = [
    report.running.slice(0, count),
    report.leftBehind.slice(0, count),
    report.abandoned.slice(-(count ?? report.abandoned.length)),
  ];
  const lines: string[] = [];
  const add = (title: string | undefined, [header = "", ...rest]: readonly string[]): void => {
    if (title !== undefined) lines.push(title);
    lines.push(style.strong(header), ...rest, "");
  };
  if (running.length > 0) {
    add(undefined, layOut(runningColumns(options, running), running, width, style).lines);
  }
  if (leftBehind.length > 0) {
    add(
      "Left behind by calls that ended",
      layOut(leftColumns(options), leftBehind, width, style).lines,
    );
  }
  if (options.listsAbandoned && abandoned.length > 0) {
    add(
      "Abandoned starts",
      layOut(abandonedColumns(options), abandoned, width, style).lines,
    );
  }
  const notes = [totals(report, options), ...signs(report), ...options.notes];
  return [...lines, ...notes.flatMap((note) => wrap(note, width, "  "))].join("\n") + "\n";
}

function totals(
  { running, leftBehind, abandoned }: RunningReport,
  { covers, listsAbandoned }: RunningTextOptions,
): string {
  const hint = abandoned.length > 0 && !listsAbandoned ? " (--abandoned)" : "";
  const count = (each: readonly unknown[]): string =>
    each.length === 0 ? "none" : formatCount(each.length);
  return `${covers}: ${count(running)} running, ${count(leftBehind)} left behind; ` +
    `${plural(abandoned.length, "start")} abandoned${hint}`;
}

function signs({ running, leftBehind }: RunningReport): string[] {
  return [
    ...(running.some(({ isShared, state }) => isShared && state === "children")
      ? ["~ the client runs several calls: the processes may be another one's"]
      : []),
    ...(leftBehind.some(({ isReparented }) => isReparented)
      ? ["* no longer below the client; its environment names the session"]
      : []),
    ...(running.some(({ state }) => state === "hidden")
      ? ["– no pid in the log (basic layout), so what the call does can't be seen"]
      : []),
  ];
}

/** A call that has not ended, with its age in seconds: a line of the table. */
export interface RunningLine {
  readonly age: number;
  readonly call: Call;
}

/** The columns that say whose a line is. */
function callColumns(options: RunningTextOptions): Column<RunningLine>[] {
  return [
    ...callOriginColumns(options),
    {
      header: "PROJECT",
      cell: ({ call }) => call.project ?? UNKNOWN,
      isText: true,
      least: 7,
      drop: 3,
    },
  ];
}

/** A call's id, its age, what it is, and its session by a short form of its id. */
export function callOriginColumns(
  { session, params = false }: Pick<CallsTextOptions, "session" | "params">,
): Column<RunningLine>[] {
  return [
    { header: "ID", cell: ({ call }) => callId(call), isText: true },
    { header: "AGE", cell: ({ age }) => formatAge(age) },
    { header: "TOOL", cell: ({ call }) => titleOf(call, params), isText: true, least: 8 },
    {
      header: "SESSION",
      cell: ({ call: { sessionId } }) => sessionId === undefined ? UNKNOWN : session(sessionId),
      isText: true,
      drop: 2,
    },
  ];
}

/** The full height is so many KiB, or more: a shell alone is a low line. */
const FULL_KIB = 10 * 1024;

/** The memory of calls over time as bars from nothing to the most, and what it is now. */
export function memoryColumn(width: number): Column<Pick<RunningCall, "memory">> {
  return {
    header: "RSS TREND",
    cell: ({ memory }) =>
      memory.some((each) => each > 0)
        ? `${sparkline(condense(memory, width < 120 ? 8 : 32), 0, FULL_KIB)} ${
          formatBytes(1024 * memory.at(-1)!, "short")
        }`
        : UNKNOWN,
    isText: true,
  };
}

function runningColumns(
  options: RunningTextOptions,
  running: readonly RunningCall[],
): Column<RunningCall>[] {
  return [
    ...callColumns(options),
    ...(running.some(({ memory }) => memory.length > 0) ? [memoryColumn(options.width)] : []),
    { header: "PID", cell: ({ call }) => String(call.start?.pid ?? UNKNOWN), drop: 1 },
    { header: "NOW", cell: nowText, isText: true, least: 20, tone: () => "running" },
  ];
}

const STATES: Readonly<Record<Exclude<RunningCall["state"], "children">, string>> = {
  asking: "at a permission prompt",
  // No row says that one was shown: it may be the client itself that works, or its checks.
  idle: "idle, no child: at the gate?",
  hidden: UNKNOWN,
  server: "in its MCP server",
  subagent: "a subagent; see its calls",
};

/** What a call does now, in a few words. */
export function nowText({ state, activity, isShared }: RunningCall): string {
  if (state !== "children") return STATES[state];
  if (activity === undefined) return UNKNOWN;
  const isBusy = Math.round(activity.cpuPercent) >= 1;
  return `${isShared ? "~" : ""}${isBusy ? "busy" : "idle"}: ${activityText(activity)}`;
}

/** `node +2, 98% CPU, 1.9 GiB`. */
function activityText({ processes, cpuPercent, rss }: Activity): string {
  const [busiest] = processes;
  if (busiest === undefined) return "just ended";
  const others = processes.length > 1 ? ` +${formatCount(processes.length - 1)}` : "";
  return `${busiest.command}${others}, ${Math.round(cpuPercent)}% CPU, ${formatBytes(rss * 1024)}`;
}

/** What a person types to end a process that was left behind, and all below it; perfmon ends none. */
function killLine({ process, tree }: LeftBehindNow): string {
  const pids = tree.length > MOST_KILLED ? [process.pid] : tree.map(({ pid }) => pid);
  return `kill ${pids.join(" ")}`;
}

/** Of a larger tree only the first is named: most go with it. */
const MOST_KILLED = 3;

function leftColumns(options: RunningTextOptions): Column<LeftBehindNow>[] {
  return [
    ...callColumns(options),
    { header: "TO END IT", cell: killLine, isText: true },
    {
      header: "NOW",
      cell: ({ activity, isReparented }) => activityText(activity) + (isReparented ? " *" : ""),
      isText: true,
      least: 20,
    },
  ];
}

function abandonedColumns(options: RunningTextOptions): Column<Call>[] {
  const { now, utc } = options;
  const columns = callColumns(options).filter(({ header }) => header !== "AGE").map((
    { tone: _, ...column },
  ): Column<Call> => ({
    ...column,
    cell: (call) => column.cell({ call, age: 0 }),
  }));
  return [
    { header: "WHEN", cell: ({ startTime }) => formatTime(startTime ?? 0, now, utc), isText: true },
    ...columns,
    { header: "PID", cell: ({ start }) => String(start?.pid ?? UNKNOWN) },
  ];
}
