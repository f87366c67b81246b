import { type Call, lastedSeconds } from "../../calls/call.ts";
import type { MemoryVerdict } from "../../stats/memory_trend.ts";
import {
  formatAge,
  formatCount,
  formatDate,
  formatDuration,
  formatMebibytes,
  formatPercent,
  formatTime,
  plural,
} from "../../text/units.ts";
import { hourlyRate } from "../../summary/answers.ts";
import { titleOf } from "../../summary/call_names.ts";
import { turnBar } from "../../summary/turns/turn_bar.ts";
import type { Turns } from "../../summary/turns/turn.ts";
import { cpuCell, lastedCell } from "../../summary/calls_text.ts";
import type { LeftBehind } from "../left_behind.ts";
import type { Failure, SessionStory } from "./session_story.ts";
import { sparkline } from "../../text/sparkline.ts";
import { printable } from "../../text/printable.ts";
import { type Column, labelled, layOut, textWidth, wrap } from "../../text/table.ts";
import { type Style, toneOf } from "../../text/style.ts";

/** What the text of a session's story needs besides it. */
export interface SessionTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
  readonly style: Style;
  readonly leftBehind: readonly LeftBehind[];
  /** Its turns, where prompts are recorded. */
  readonly turns?: Turns | undefined;
  /** What else a reader has to know. */
  readonly notes?: readonly string[];
}

/** The most columns of the bar of a session's time. */
const BAR = 60;

/** Columns of the labels. */
const LABEL = 9;

/** Shows a time: the time of day, with its day where the session has several. */
type Clock = (time: number) => string;

function clockOf({ since, until }: SessionStory, { now, utc }: SessionTextOptions): Clock {
  const isOneDay = formatDate(since, utc) === formatDate(until, utc);
  return (time) => isOneDay ? formatTime(time, now, utc).slice(-5) : formatTime(time, now, utc);
}

/** A session's story: who and when, how its time went, memory, CPU, what is left; then its slowest and failed calls. */
export function sessionText(story: SessionStory, options: SessionTextOptions): string {
  const { width, style } = options;
  const clock = clockOf(story, options);
  const fact = (label: string, ...texts: readonly string[]): string[] =>
    labelled(label, texts.flatMap((text) => wrap(text, width - LABEL, "")), LABEL);
  const lines = [
    ...wrap(title(story, clock, options), width, "  "),
    "",
    ...fact("Time", timeText(story, (options.turns?.turns.length ?? 0) > 0)),
    ...fact("Turns", ...turnLines(options)),
    ...fact("Calls", callsText(story)),
    ...fact("Gate", ...gateLines(story, clock)),
    ...fact("Memory", ...memoryLines(story, clock)),
    ...fact("CPU", cpuText(story)),
    ...fact("Left", ...leftLines(options, clock)),
    "",
    ...tables(story, options, clock),
  ];
  const notes = [
    ...(story.slowest.some((call) => cpuCell(call).startsWith("~"))
      ? ["~ with CPU of calls at the same time"]
      : []),
    ...(story.slowest.some((call) => lastedCell(call).startsWith("≤"))
      ? ["≤ in the background, until the model was told of its end"]
      : []),
    ...thinningNote(story),
    ...options.notes ?? [],
  ];
  return [...lines, ...notes.flatMap((note) => wrap(note, width, "  ")).map(style.faint)]
    .join("\n").trimEnd() + "\n";
}

function title(
  { sessionId, project, clientVersion, isLive, since, until }: SessionStory,
  clock: Clock,
  { now, utc }: SessionTextOptions,
): string {
  const from = formatTime(since, now, utc);
  return [
    `Session ${printable(sessionId.slice(0, 8))}`,
    ...(project === undefined ? [] : [printable(project)]),
    ...(clientVersion === undefined ? [] : [`Claude Code ${printable(clientVersion)}`]),
    isLive
      ? `live, since ${from} (${formatAge(until - since)})`
      : `${from} to ${clock(until)} (${formatAge(until - since)})`,
  ].join(", ");
}

/** Where turns are known their line tells all else, and tools without the agents that they ran in. */
function timeText({ time, running, summary }: SessionStory, hasTurns: boolean): string {
  if (summary.totalSeconds === undefined && running.length === 0) {
    return "not known: no call has both a start and an end";
  }
  const calls = running.length === 1 ? "a running call" : "running calls";
  if (hasTurns) {
    return [
      `${formatDuration(time.tools)} in tools and agents`,
      ...(running.length === 0 ? [] : [`${formatDuration(time.running)} in ${calls}`]),
    ].join(", ");
  }
  return [
    `${formatDuration(time.tools)} in tools`,
    ...(running.length === 0 ? [] : [`${formatDuration(time.running)} in ${calls}`]),
    summary.waitSeconds === undefined
      ? "the gate not known"
      : `${formatDuration(time.waiting)} at the gate`,
    ...(summary.promptSeconds === undefined ? [] : [`${formatDuration(time.prompts)} in prompts`]),
    `${formatDuration(time.other)} else`,
  ].join(", ");
}

/** Where the turns' time went, and the person's between them, as a sentence and as a bar. */
function turnLines({ turns, width }: SessionTextOptions): string[] {
  return turns === undefined || turns.turns.length === 0
    ? []
    : turnBar(turns, Math.min(width - LABEL, BAR));
}

function callsText({ summary, abandoned, running }: SessionStory): string {
  const { calls, failed, interrupted, background } = summary;
  const names = [...new Set(running.map((call) => printable(titleOf(call))))].join(", ");
  const parts = [
    failed === undefined ? "failures not known" : `${formatCount(failed)} failed`,
    ...(interrupted > 0 ? [`${formatCount(interrupted)} interrupted`] : []),
    ...(background > 0 ? [`${formatCount(background)} in the background`] : []),
    ...(abandoned > 0 ? [`${formatCount(abandoned)} abandoned (denied or cancelled)`] : []),
    ...(running.length > 0 ? [`${formatCount(running.length)} running (${names})`] : []),
  ];
  return `${formatCount(calls)} ended: ${parts.join(", ")}`;
}

/** Less is what the client's checks and hooks take. */
const LEAST_GATE_SECONDS = 1;

function gateLines({ longestGate }: SessionStory, clock: Clock): string[] {
  const wait = longestGate?.gateSeconds ?? 0;
  if (longestGate === undefined || wait < LEAST_GATE_SECONDS) return [];
  return [
    `the longest ${formatDuration(wait)}, for ${printable(titleOf(longestGate))} at ${
      clock(longestGate.startTime ?? 0)
    }`,
  ];
}

const VERDICTS: Readonly<Record<MemoryVerdict, string>> = {
  leak: "steady, likely a leak",
  step: "mostly in one step, so no leak by that",
  settled: "grew, then levelled off: no leak",
  uneven: "uneven, so no telling a leak",
  steady: "no leak",
  shrinks: "shrinks, no leak",
  "too few": "too short to tell a leak",
};

function memoryLines({ memory, stepAt, processes }: SessionStory, clock: Clock): string[] {
  if (memory === undefined) return ["not known: its rows have no memory_rss"];
  const { first, last, seconds, slope, verdict, levels, biggestStep } = memory;
  const rate = hourlyRate(slope, seconds);
  const head = `${formatMebibytes(first)} → ${formatMebibytes(last)} MiB in ${formatAge(seconds)}` +
    `${rate && `, ${rate}`}: ` +
    VERDICTS[verdict] + (processes > 1 ? ` (the longest of ${processes} processes)` : "");
  if (memory.points < 2) return [head];
  const at = stepAt === undefined
    ? ""
    : `, ${stepAt.isEnd ? "" : "before "}${printable(titleOf(stepAt.call))} at ${clock(stepAt.x)}`;
  const step = biggestStep === undefined || biggestStep.size < 1024
    ? ""
    : `   biggest step +${formatMebibytes(biggestStep.size)} MiB${at}`;
  return [head, sparkline(levels) + step];
}

function thinningNote({ memory }: SessionStory): string[] {
  if (memory === undefined || memory.used === memory.points) return [];
  return [
    `Memory's slope rests on ${formatCount(memory.used)} medians of ${
      plural(memory.points, "row")
    }, in equal parts of the time`,
  ];
}

function cpuText(story: SessionStory): string {
  const { clientCpuSeconds, idleCpuSeconds, idleSeconds, summary } = story;
  if (clientCpuSeconds === undefined && summary.cpuSeconds === undefined) {
    return "not known: it takes two rows with cpu_seconds";
  }
  const share = idleSeconds > 0 && idleCpuSeconds !== undefined
    ? `, ${formatPercent(idleCpuSeconds / idleSeconds)} of a core`
    : "";
  return `client ${formatDuration(clientCpuSeconds)} (${
    formatDuration(idleCpuSeconds)
  } of it between calls${share}), tools ${formatDuration(summary.cpuSeconds)}`;
}

const SHOWN_LEFT = 5;

function leftLines({ leftBehind }: SessionTextOptions, clock: Clock): string[] {
  const lines = leftBehind.slice(0, SHOWN_LEFT).map(({ process, call, tree }) => {
    const more = tree.length > 1 ? ` +${tree.length - 1}` : "";
    return `${printable(process.command)}${more} (pid ${process.pid}) from ${
      printable(titleOf(call))
    } at ${clock(call.startTime ?? 0)}, still running`;
  });
  const rest = leftBehind.length - SHOWN_LEFT;
  return rest > 0 ? [...lines, `and ${rest} more: perfmon running`] : lines;
}

function tables(
  { slowest, failures }: SessionStory,
  { width, style }: SessionTextOptions,
  clock: Clock,
): string[] {
  const left = slowest.length === 0 ? [] : layOut(slowColumns(clock), slowest, width, style).lines;
  const right = failures.length === 0
    ? []
    : layOut(failureColumns(clock), failures.slice(0, slowest.length), width, style).lines;
  const first = Math.max(0, ...left.map(textWidth));
  const second = Math.max(0, ...right.map(textWidth));
  const strong = ([header = "", ...rest]: readonly string[]): string[] => [
    style.strong(header),
    ...rest,
  ];
  if (left.length === 0 || right.length === 0 || first + 4 + second > width) {
    return [left, right].filter((each) => each.length > 0)
      .flatMap((each) => [...strong(each), ""]);
  }
  const beside = left.map((line, index) => {
    const blanks = " ".repeat(first + 4 - textWidth(line));
    return (line + blanks + (right[index] ?? "")).trimEnd();
  });
  return [...strong(beside), ""];
}

function slowColumns(clock: Clock): Column<Call>[] {
  return [
    { header: "SLOWEST", cell: (call) => titleOf(call), isText: true, least: 8 },
    { header: "AT", cell: (call) => clock(call.startTime ?? call.endTime ?? 0) },
    { header: "DURATION", cell: lastedCell, tone: (call) => toneOf(lastedSeconds(call)) },
    { header: "GATE", cell: ({ gateSeconds }) => formatDuration(gateSeconds) },
    { header: "CPU", cell: cpuCell },
  ];
}

function failureColumns(clock: Clock): Column<Failure>[] {
  return [
    { header: "FAILED", cell: ({ name }) => name, isText: true, least: 8, tone: () => "fail" },
    { header: "TIMES", cell: ({ times }) => formatCount(times) },
    { header: "LAST", cell: ({ last }) => clock(last) },
  ];
}
