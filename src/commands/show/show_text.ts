import { type Call, hasEnded } from "../../calls/call.ts";
import type { LeftBehind } from "../../live/left_behind.ts";
import { callId, titleOf } from "../../summary/call_names.ts";
import { cpuCell, signed, statusCell } from "../../summary/calls_text.ts";
import { printable, printableLines } from "../../text/printable.ts";
import type { Style } from "../../text/style.ts";
import { labelled, wrap } from "../../text/table.ts";
import {
  formatAge,
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  formatMebibytes,
  plural,
  UNKNOWN,
} from "../../text/units.ts";
import type { FoundInput } from "./find_input.ts";

/** What the text needs besides the call. */
export interface ShowTextOptions {
  readonly width: number;
  readonly style: Style;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
  /** The short form of a session's id. */
  readonly session: (id: string) => string;
  /** `undefined` where nobody asked for it. */
  readonly input: FoundInput | undefined;
  /** When its work in the background ended by the client's transcript, seconds since the epoch. */
  readonly workEnd: number | undefined;
  readonly leftBehind: readonly LeftBehind[];
  readonly notes: readonly string[];
}

/** The columns of the labels. */
const LABEL = 10;

/** All that is known of a call, a line for each thing of which something is. */
export function showText(call: Call, options: ShowTextOptions): string {
  const { style, width } = options;
  const lines = facts(call, options).flatMap(([label, text, isVerbatim]) => {
    const parts = isVerbatim === true ? text.split("\n") : wrap(text, width - LABEL, "");
    return labelled(label, parts, LABEL);
  });
  const title = wrap(titleLine(call, options), width, "  ").map(style.strong);
  const notes = [...caveats(call), ...options.notes].flatMap((note) => wrap(note, width, "  "));
  return [...title, "", ...lines, ...(notes.length > 0 ? ["", ...notes.map(style.faint)] : [])]
    .join("\n") + "\n";
}

function titleLine(call: Call, { session, now }: ShowTextOptions): string {
  const { project, sessionId, start, end, startTime } = call;
  const version = start?.clientVersion ?? end?.clientVersion;
  const where = [
    ...(sessionId === undefined ? [] : [`session ${session(sessionId)}`]),
    ...(version === undefined ? [] : [`Claude Code ${version}`]),
  ].join(", ");
  const status = call.status === "running"
    ? `running for ${formatAge(now - (startTime ?? now))}`
    : statusCell(call).replace(UNKNOWN, "ended");
  return printable(
    `${titleOf(call)}, ${status}` + (project === undefined ? "" : `, in ${project}`) +
      (where === "" ? "" : ` (${where})`),
  );
}

/** A text is broken into lines, unless it stands as it is. */
type Fact = readonly [label: string, text: string, isVerbatim?: true];

function facts(call: Call, options: ShowTextOptions): Fact[] {
  const { outputBytes, start, end, agentId } = call;
  const params = start?.params ?? end?.params;
  const agentType = start?.agentType ?? end?.agentType;
  const ids = [
    callId(call),
    start?.toolUseId ?? end?.toolUseId ?? "",
    ...(agentId === undefined ? [] : [`in subagent ${agentType ?? ""} ${agentId}`]),
  ].filter((text) => text !== "");
  const mode = start?.permissionMode ?? end?.permissionMode;
  return [
    ...inputFacts(call, options.input),
    ...(params === undefined ? [] : [["Recorded", printable(params)] as const]),
    ...timeFacts(call, options),
    ...backgroundFacts(call, options),
    ...waitFacts(call, options),
    ...cpuFacts(call),
    ...peakFacts(call),
    ...memoryFacts(call),
    ...(outputBytes === undefined
      ? []
      : [["Output", `${formatBytes(outputBytes)} to the model`] as const]),
    ...options.leftBehind.map(({ process }): Fact => [
      "Left",
      `${printable(process.command)} (pid ${process.pid}), still running: kill ${process.pid}`,
    ]),
    ...(mode === undefined ? [] : [["Mode", printable(mode)] as const]),
    ["Id", printable(ids.join("   "))],
  ];
}

function inputFacts({ command, toolName }: Call, input: FoundInput | undefined): Fact[] {
  const label = toolName === "Bash" ? "Command" : "Asked";
  if (input?.text !== undefined) {
    const source = "(from the client's transcript, redacted)";
    return [[label, `${printableLines(input.text)}\n${source}`, true]];
  }
  if (command === undefined && input === undefined) return [];
  const known = command === undefined ? UNKNOWN : printable(command);
  return [[label, input === undefined ? known : `${known} (the whole is not known: ${input.why})`]];
}

function timeFacts(call: Call, { utc }: ShowTextOptions): Fact[] {
  const { startTime, endTime, durationSeconds, approximate, background } = call;
  const at = (time: number): string => `${formatDate(time, utc)} ${formatClock(time, utc)}`;
  const took = `${approximate ? "about " : ""}${formatDuration(durationSeconds)}`;
  if (startTime === undefined) return [["Ended", `${at(endTime ?? 0)}, took ${took}`]];
  if (endTime === undefined) return [["Began", at(startTime)]];
  const ran = `${at(startTime)} to ${formatClock(endTime, utc)}: ${took}`;
  return [["Ran", ran + (background === undefined ? ownTime(call) : "")]];
}

/** How much of its time its processes ran: the rest is the client's. */
function ownTime({ processSeconds, durationSeconds = 0, status }: Call): string {
  if (processSeconds === undefined || status === "background") return "";
  const seconds = Math.min(processSeconds, durationSeconds);
  return `, its processes ${formatDuration(seconds)} of it: the rest is the client's`;
}

/** What it waited beyond its run: a prompt only where a row says that one was shown. */
function waitFacts(
  { gateSeconds = 0, promptSeconds, askedSince, status }: Call,
  { now, utc }: ShowTextOptions,
): Fact[] {
  const gate = `${formatDuration(gateSeconds)} beyond that, at the gate: checks and hooks`;
  return [
    ...(gateSeconds >= 0.0005 ? [["Waited", gate] as const] : []),
    ...(promptSeconds === undefined ? [] : [
      ["Prompt", `${formatDuration(promptSeconds)} beyond that, until it was allowed`] as const,
    ]),
    ...(askedSince === undefined ? [] : [
      [
        "Prompt",
        `shown at ${formatClock(askedSince, utc)}, ` +
        (status === "running" ? `${formatAge(now - askedSince)} ago` : "the tool never ran"),
      ] as const,
    ]),
  ];
}

/** What came of work that went on when the call had returned. */
function backgroundFacts(call: Call, { utc, workEnd }: ShowTextOptions): Fact[] {
  const { background, startTime, waitSeconds = 0 } = call;
  if (background === undefined) return [];
  const { seconds, atMost, endTime, exitCode } = background;
  const inTruth = atMost && workEnd !== undefined && startTime !== undefined
    ? `${
      formatDuration(Math.max(0, workEnd - startTime - waitSeconds))
    }, by the client's transcript`
    : undefined;
  const took = inTruth ?? formatDuration(seconds) + (atMost ? " at most" : "");
  const code = exitCode === undefined ? "" : `, exit code ${exitCode}`;
  return [[
    "Went on",
    `in the background: ${took}${code}; the model was told at ${formatClock(endTime, utc)}`,
  ]];
}

/** What its processes came to, as the sampler saw them. */
function peakFacts(call: Call): Fact[] {
  const { peakMemory, isPeakProportional, peakProcesses = 0, peakProcess = "" } = call;
  const { isPeakShared, readBytes, writeBytes, shared } = call;
  const pages = isPeakProportional ? "shared pages once" : "shared pages in each";
  const most = peakProcess === "" ? "" : `, most of it ${printable(peakProcess)}`;
  const whose = isPeakShared ? ", or a call's beside it that did the same" : "";
  return [
    ...(peakMemory === undefined ? [] : [
      [
        "Peak",
        `${formatBytes(1024 * peakMemory)} in ${plural(peakProcesses, "process")} ` +
        `(${pages})${most}${whose}`,
      ] as const,
    ]),
    ...(readBytes === undefined || writeBytes === undefined ? [] : [
      [
        "Disk",
        `${formatBytes(readBytes)} read, ${formatBytes(writeBytes)} written` +
        (shared ? " (some of it may be that of calls at the same time)" : ""),
      ] as const,
    ]),
  ];
}

function cpuFacts(call: Call): Fact[] {
  const { cpuSeconds, clientCpuSeconds, durationSeconds = 0, shared } = call;
  if (cpuSeconds === undefined && clientCpuSeconds === undefined) return [];
  const cores = cpuSeconds === undefined || durationSeconds < 0.1
    ? ""
    : `, ${(cpuSeconds / durationSeconds).toFixed(1)} of a core`;
  return [[
    "CPU",
    `${cpuCell(call)} in its processes${cores}; ${formatDuration(clientCpuSeconds)} in the client` +
    (shared ? " (some of it may be that of calls at the same time)" : ""),
  ]];
}

function memoryFacts({ start, end, memoryGrowth, survivors = 0 }: Call): Fact[] {
  const [before, after] = [start?.memoryRss, end?.memoryRss];
  const rss = before ?? after;
  if (rss === undefined) return [];
  const level = before === undefined || after === undefined
    ? `${formatMebibytes(rss)} MiB`
    : `${formatMebibytes(before)} → ${formatMebibytes(after)} MiB (${signed(memoryGrowth)})`;
  const more = survivors > 0
    ? `; ${plural(survivors, "more process")} at its end than at its start`
    : "";
  return [["Memory", `the client ${level}${more}`]];
}

function caveats(call: Call): string[] {
  return [
    ...(call.imported === true ? ["Imported from a transcript: wall time, waits included"] : []),
    ...(call.approximate
      ? ["Paired by order with calls at the same time: times are approximate"]
      : []),
    ...(call.reversed
      ? ["The clock was set meanwhile, or its rows' times don't fit together"]
      : []),
    ...(call.status === "abandoned" ? ["Abandoned: denied, cancelled or killed"] : []),
    ...(hasEnded(call) && call.startTime === undefined ? ["Its start is not in the log"] : []),
  ];
}
