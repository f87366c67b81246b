import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatTime,
  plural,
  UNKNOWN,
} from "../../text/units.ts";
import { FollowText } from "../../live/follow_text.ts";
import type { ClientRow } from "../../live/live_calls.ts";
import type { LiveCall, LiveReport, LiveSession } from "./live_report.ts";
import { type Block, fill } from "./live_blocks.ts";
import { mainColumns, type Naming, overlaps, sortGroups } from "../../summary/report_columns.ts";
import { callOriginColumns, memoryColumn, nowText } from "../../live/running_text.ts";
import { toolTitle } from "../../row/tool_name.ts";
import { sparkline } from "../../text/sparkline.ts";
import { clip, type Column, layOut, textWidth } from "../../text/table.ts";
import type { Style } from "../../text/style.ts";
import type { Call } from "../../calls/call.ts";
import { callId } from "../../summary/call_names.ts";
import { AT_FIRST, keysText, type LiveState } from "./live_keys.ts";
import { liveCallText } from "./live_call.ts";

/** What a screen needs besides the figures. */
export interface LiveTextOptions {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  readonly style: Style;
  readonly utc: boolean;
  /** The short form of a session's id. */
  readonly session: (id: string) => string;
  /** Since when calls are reported on, seconds since the epoch; `undefined`: all of the log. */
  readonly since: number | undefined;
  /** What a person has set by keys. */
  readonly state?: LiveState;
  /** What else is asked for: `Bash, project api`; empty where it is all. */
  readonly filter: string;
}

/** From this width on there is room for longer trails, and for those of memory. */
const WIDE = 120;

/** The lines of one screen, as many as there is room for, the last one saying how to leave. */
export function liveText(given: LiveReport, options: LiveTextOptions): string[] {
  const { width, height, style, state = AT_FIRST } = options;
  const live = { ...given, report: sortGroups(given.report, state.sort) };
  const marked = callsOf(live)[state.marked];
  const keys = style.faint(footer(live, state, marked, width));
  if (state.isOpen && marked !== undefined) {
    const call = liveCallText(marked, options).slice(0, height - 1);
    return [
      ...call,
      ...Array.from({ length: Math.max(0, height - 1 - call.length) }, () => ""),
      keys,
    ];
  }
  const blocks = [
    sessionsBlock(live, options),
    runningBlock(live, options),
    toolsBlock(live, options),
    endedBlock(live, options),
  ];
  const body = fill(blocks, height - 3, style);
  const blank = Array.from({ length: Math.max(0, height - 3 - body.length) }, () => "");
  const lines = [style.strong(clip(title(live, options), width)), "", ...body, ...blank];
  return [...lines.slice(0, height - 1), keys];
}

/** The calls that can be marked, in the order of the screen: those that run, and those that ended. */
export function callsOf({ running, ended }: Pick<LiveReport, "running" | "ended">): Call[] {
  return [...running.map(({ call }) => call), ...ended];
}

function title({ sessions, running, report, now }: LiveReport, options: LiveTextOptions): string {
  const { since, utc, filter, width } = options;
  const from = since === undefined
    ? "in the whole log"
    : `since ${now - since < 86_400 / 2 ? formatClock(since, utc) : formatTime(since, now, utc)} (${
      formatAge(now - since)
    })`;
  const failed = report.all.failed ?? 0;
  const parts = [
    plural(sessions.length, "session"),
    `${formatCount(running.length)} running`,
    `${plural(report.all.calls, "call")} ${from}${failed > 0 ? `, ${failed} failed` : ""}`,
    ...(filter === "" ? [] : [filter]),
  ];
  const text = parts.join(", ");
  const clock = formatClock(now, utc);
  const blanks = width - textWidth(text) - clock.length;
  return blanks < 2 ? text : text + " ".repeat(blanks) + clock;
}

/** The keys, and behind them those signs that there is room for. */
function footer(
  { report }: LiveReport,
  state: LiveState,
  marked: Call | undefined,
  width: number,
): string {
  const signs = [
    ...(report.groups.some(({ kind }) => kind === "agent") ? ["† subagent"] : []),
    ...(report.groups.some(({ kind }) => kind === "mcp") ? ["‡ MCP"] : []),
    ...(overlaps(report) ? ["§ overlaps once"] : []),
    "~ shared",
    "– not known",
  ];
  const keys = clip(keysText(state, marked && callId(marked)), width);
  if (state.typed !== undefined || state.isOpen) return keys;
  return signs.reduce((line, sign) => {
    const longer = `${line}   ${sign}`;
    return textWidth(longer) > width ? line : longer;
  }, keys);
}

function sessionsBlock({ sessions, now }: LiveReport, options: LiveTextOptions): Block {
  return {
    empty: "No session is live",
    more: "session",
    ...table(sessionColumns(now, options), sessions, options),
  };
}

function runningBlock({ running }: LiveReport, options: LiveTextOptions): Block {
  const { header, rows } = table(runningColumns(options), running, options);
  return {
    empty: "No call is running",
    more: "call",
    header,
    rows: withMark(rows, options.state?.marked, options.style),
  };
}

/** The rows with one of them set apart; the line of keys names its call. */
function withMark(rows: readonly string[], marked: number | undefined, style: Style): string[] {
  return rows.map((row, place) => place === marked ? style.strong(row) : row);
}

const BY_TOOL: Naming = { grouping: "tool", label: (name) => name };

function toolsBlock({ report }: LiveReport, options: LiveTextOptions): Block {
  const { header, rows } = table(
    mainColumns(report, BY_TOOL),
    [...report.groups, report.all],
    options,
  );
  return {
    empty: "No call has begun and ended since; --since today shows those of before",
    more: "tool",
    header,
    rows: rows.slice(0, -1),
    ...(report.groups.length === 0 ? {} : { last: rows.at(-1) }),
  };
}

function endedBlock({ ended, running }: LiveReport, options: LiveTextOptions): Block {
  const { width, height, utc, style, session, state = AT_FIRST } = options;
  const text = new FollowText(width, utc, { style, session });
  const marked = state.marked - running.length;
  // The marked one is always among those that are shown.
  const from = Math.max(0, marked);
  const shown = ended.slice(from, from + height).map((call) => text.line(call));
  return {
    empty: undefined,
    more: undefined,
    header: text.header(),
    rows: withMark(shown, marked < 0 ? undefined : 0, style),
  };
}

function table<Row>(
  columns: readonly Column<Row>[],
  all: readonly Row[],
  { width, height, style }: LiveTextOptions,
): { header: string; rows: string[] } {
  const [header = "", ...rows] = layOut(columns, all, width, style).lines;
  return { header, rows: rows.slice(0, Math.max(height, all.length)) };
}

/** CPU in the steps of a trail: all of one core is the full height, more only beside it. */
function cpuTrail(width: number): (each: { cpuTrail: readonly number[] }) => string {
  const length = width < WIDE ? 12 : 40;
  return ({ cpuTrail }) => sparkline(cpuTrail.slice(-length), 0, 100);
}

/** The full height is a growth of this many KiB, or more: a few pages more or less are no trend. */
const TREND_KIB = 10 * 1024;

function memoryTrail(trail: readonly number[]): string {
  return sparkline(trail, Infinity, Math.min(...trail) + TREND_KIB);
}

function sessionColumns(now: number, options: LiveTextOptions): Column<LiveSession>[] {
  const { width, session } = options;
  const memory: Column<LiveSession>[] = [
    {
      header: "RSS TREND",
      cell: ({ rssTrail }) => memoryTrail(rssTrail.slice(-40)),
      isText: true,
      drop: 5,
    },
  ];
  return [
    {
      header: "SESSION",
      cell: ({ sessionId }) => sessionId === undefined ? UNKNOWN : session(sessionId),
      isText: true,
    },
    {
      header: "PROJECT",
      cell: ({ project }) => project ?? UNKNOWN,
      isText: true,
      least: 7,
      drop: 4,
    },
    { header: "PID", cell: ({ pid }) => String(pid), drop: 6 },
    { header: "CPU", cell: ({ activity }) => `${Math.round(activity.cpuPercent)}%` },
    { header: "CPU TREND", cell: cpuTrail(width), isText: true },
    { header: "RSS", cell: ({ clientRss }) => kibibytes(clientRss) },
    ...(width < WIDE ? [] : memory),
    { header: "TREE", cell: ({ activity }) => kibibytes(activity.rss), drop: 2 },
    { header: "CALLS", cell: ({ calls }) => formatCount(calls) },
    { header: "FAIL", cell: ({ failed }) => formatCount(failed), drop: 1 },
    {
      header: "LAST",
      cell: ({ newest }) => `${formatAge(now - newest.timestamp)}: ${eventTitle(newest)}`,
      isText: true,
      least: 8,
      drop: 5,
    },
  ];
}

/** What the newest row of a session is of. */
function eventTitle({ event, toolName }: ClientRow): string {
  switch (event) {
    case "prompt":
      return "prompt";
    case "stop":
      return "answer";
    case "done":
      return "background end";
    default:
      return toolTitle(toolName);
  }
}

function runningColumns(options: LiveTextOptions): Column<LiveCall>[] {
  const cpu: Column<LiveCall> = {
    header: "CPU TREND",
    cell: (each) => each.activity === undefined ? UNKNOWN : cpuTrail(options.width)(each),
    isText: true,
    drop: 3,
  };
  return [
    ...callOriginColumns(options),
    ...(options.width < WIDE ? [] : [cpu]),
    memoryColumn(options.width),
    { header: "NOW", cell: nowText, isText: true, least: 20 },
  ];
}

function kibibytes(kib: number | undefined): string {
  return formatBytes(kib === undefined ? undefined : kib * 1024, "short");
}
