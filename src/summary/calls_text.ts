import { type Call, exitCodeOf, lastedSeconds } from "../calls/call.ts";
import { type Rank, rankOf } from "./ranks.ts";
import { isAgentTool, toolTitle } from "../row/tool_name.ts";
import { formatBytes, formatDuration, formatTime, UNKNOWN } from "../text/units.ts";
import { callId, whatOf } from "./call_names.ts";
import { type Column, layOut, wrap } from "../text/table.ts";
import { type Style, type Tone, toneOf } from "../text/style.ts";

/** What a table of calls needs besides them. */
export interface CallsTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
  /** The short form of a session's id. */
  readonly session: (id: string) => string;
  readonly style: Style;
  /** Whether the redacted line that hooks recorded is shown in place of the command, where there is one. */
  readonly params?: boolean;
}

/** Ranked calls as a table; the column they are ranked by comes with it where it is not always there. */
export function topText(calls: readonly Call[], rank: Rank, options: CallsTextOptions): string {
  const all = columns(options);
  const { duration, cpu, cores, growth, tool, status, session, when } = all;
  const { drop: _, ...always } = all.gate;
  const gate = rank === "gate" ? always : all.gate;
  const peak: Column<Call> = { header: "PEAK", cell: callPeak };
  const rss: Column<Call> = { header: "RSS", cell: (call) => kibibytes(rankOf(call, "rss")) };
  const percent: Column<Call> = {
    header: "%CPU",
    cell: (call) => rankOf(call, "cpu_percent")?.toFixed(1) ?? UNKNOWN,
  };
  const output: Column<Call> = {
    header: "OUTPUT",
    cell: ({ outputBytes }) => formatBytes(outputBytes, "short"),
  };
  const extra: Partial<Record<Rank, Column<Call>>> = {
    memory: peak,
    rss,
    cpu_percent: percent,
    output,
  };
  return table(
    [
      all.id,
      ...extra[rank] === undefined ? [] : [extra[rank]],
      ...[duration, gate, ...asked(calls, all.prompt)],
      ...[cpu, cores, growth, tool, status, session, when],
      ...whatColumn(calls, options),
    ],
    calls,
    options,
  );
}

/** Calls as a table in the order given. */
export function tailText(calls: readonly Call[], options: CallsTextOptions): string {
  const all = columns(options);
  const { id, when, duration, gate, cpu, growth, tool, status, session, project } = all;
  return table(
    [
      ...[id, when, duration, gate, ...asked(calls, all.prompt)],
      ...[cpu, growth, tool, status, session, project],
      ...whatColumn(calls, options),
    ],
    calls,
    options,
  );
}

/** The column of prompts, where one of the calls had one. */
function asked(calls: readonly Call[], column: Column<Call>): Column<Call>[] {
  return calls.some(({ promptSeconds }) => promptSeconds !== undefined) ? [column] : [];
}

/** The column that says what calls did, where that is known of any. */
function whatColumn(calls: readonly Call[], { params = false }: CallsTextOptions): Column<Call>[] {
  const cell = (call: Call): string => whatOf(call, params);
  return calls.some((call) => cell(call) !== "")
    ? [{ header: "WHAT", cell, isText: true, least: params ? 30 : 12 }]
    : [];
}

function table(
  shown: readonly Column<Call>[],
  calls: readonly Call[],
  { width, style }: CallsTextOptions,
): string {
  const [header = "", ...lines] = layOut(shown, calls, width, style).lines;
  const text = lines.join("\n");
  const signs = [
    ...(/ †( |$)/m.test(text) ? ["† an agent's run, its calls included"] : []),
    ...(/ °( |$)/m.test(text) ? ["° imported: wall time, the gate included"] : []),
    ...(text.includes("~") ? ["~ approximate: other calls ran at the same time"] : []),
    ...(/\d [BKMGT]?\* /.test(text) ? [`* ${RESIDENT}`] : []),
    ...(text.includes("≤") ? ["≤ until the model was told of its end"] : []),
    ...(text.includes(UNKNOWN) ? ["– not known"] : []),
  ];
  const legend = signs.length === 0
    ? []
    : ["", ...wrap(signs.join("   "), width, "").map((line) => style.faint(line.trim()))];
  return [style.strong(header), ...lines, ...legend].join("\n") + "\n";
}

type ColumnName =
  | "id"
  | "when"
  | "duration"
  | "gate"
  | "prompt"
  | "cpu"
  | "cores"
  | "growth"
  | "tool"
  | "status"
  | "session"
  | "project";

function columns(options: CallsTextOptions): Readonly<Record<ColumnName, Column<Call>>> {
  const { now, utc, session } = options;
  const time = (call: Call): number => call.endTime ?? call.startTime ?? 0;
  return {
    id: { header: "ID", cell: callId, isText: true },
    when: {
      header: "WHEN",
      cell: (call) => formatTime(time(call), now, utc),
      isText: true,
      drop: 0,
    },
    duration: {
      header: "DURATION",
      cell: lastedCell,
      tone: (call) => toneOf(lastedSeconds(call)),
    },
    gate: { header: "GATE", cell: (call) => formatDuration(call.gateSeconds), drop: 2 },
    prompt: { header: "PROMPT", cell: (call) => formatDuration(call.promptSeconds ?? 0), drop: 6 },
    cpu: {
      header: "CPU",
      cell: cpuCell,
    },
    cores: { header: "CORES", cell: cores, drop: 4 },
    growth: { header: "RSS +", cell: ({ memoryGrowth }) => signed(memoryGrowth), drop: 3 },
    tool: {
      header: "TOOL",
      cell: ({ toolName, imported }) =>
        toolTitle(toolName) + (isAgentTool(toolName) ? " †" : "") + (imported === true ? " °" : ""),
      isText: true,
      least: 8,
    },
    status: { header: "STATUS", cell: statusCell, isText: true, tone: statusTone },
    session: {
      header: "SESSION",
      cell: ({ sessionId }) => sessionId === undefined ? UNKNOWN : session(sessionId),
      isText: true,
      drop: 1,
    },
    project: {
      header: "PROJECT",
      cell: (call) => call.project ?? UNKNOWN,
      isText: true,
      least: 7,
      drop: 5,
    },
  };
}

/** How long a call's work took, marked where that is by order among others, or no more than until the model was told. */
export function lastedCell(call: Call): string {
  const { approximate, background } = call;
  const seconds = lastedSeconds(call);
  const isBound = background?.atMost === true && seconds !== undefined;
  return (isBound ? "≤" : "") + (approximate ? "~" : "") + formatDuration(seconds);
}

/** CPU time, marked where some of it may be that of calls beside it; of nothing there is no part. */
export function cpuCell({ shared, cpuSeconds }: Call): string {
  return (shared && (cpuSeconds ?? 0) > 0 ? "~" : "") + formatDuration(cpuSeconds);
}

/** Cores used on average; too coarse to say for less than a tenth of a second, the kernel counts CPU in hundredths. */
function cores({ cpuSeconds, durationSeconds }: Call): string {
  if (cpuSeconds === undefined || durationSeconds === undefined || durationSeconds < 0.1) {
    return UNKNOWN;
  }
  return (cpuSeconds / durationSeconds).toFixed(1);
}

/** How a call ended, with the exit code of a failed Bash. */
export function statusCell(call: Call): string {
  const { status } = call;
  if (status === "unknown") return UNKNOWN;
  const code = exitCodeOf(call) ?? 0; // of what failed it is another
  return code === 0 ? status : `${status} ${code}`;
}

/** What failed, and what runs. */
export function statusTone({ status }: Call): Tone | undefined {
  return status === "error" ? "fail" : status === "running" ? "running" : undefined;
}

/** What a star at a peak says. */
export const RESIDENT = "shared pages counted in each process (RSS)";

/** Memory at its peak, marked where it is no more than that of the largest of some calls, or of resident sets. */
export function peakCell(
  kib: number | undefined,
  { isShared, isProportional }: { readonly isShared: boolean; readonly isProportional: boolean },
): string {
  if (kib === undefined) return UNKNOWN;
  return (isShared ? "~" : "") + kibibytes(kib) + (isProportional ? "" : "*");
}

/** The memory of a call at its peak, marked as in `peakCell`. */
function callPeak({ peakMemory, isPeakShared, isPeakProportional }: Call): string {
  return peakCell(peakMemory, { isShared: isPeakShared, isProportional: isPeakProportional });
}

/** A change of memory in KiB, with its sign. */
export function signed(kib: number | undefined): string {
  if (kib === undefined) return UNKNOWN;
  return (kib > 0 ? "+" : "") + kibibytes(kib);
}

function kibibytes(kib: number | undefined): string {
  return formatBytes(kib === undefined ? undefined : kib * 1024, "short");
}
