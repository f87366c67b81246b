import { type Call, timeOf } from "../../calls/call.ts";
import { callId, titleOf } from "../../summary/call_names.ts";
import { cpuCell, lastedCell, statusCell } from "../../summary/calls_text.ts";
import { turnBar } from "../../summary/turns/turn_bar.ts";
import { requestName, secondsOf } from "../../summary/turns/turn_sums.ts";
import type { Permission } from "../../calls/prompts/permissions.ts";
import { NO_TURNS, type Turn } from "../../summary/turns/turn.ts";
import type { TurnsTextOptions } from "../../summary/turns/turns_text.ts";
import { printable } from "../../text/printable.ts";
import { type Column, labelled, layOut, wrap } from "../../text/table.ts";
import {
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  plural,
  UNKNOWN,
} from "../../text/units.ts";

/** What the text needs besides the turn. */
export type ShowTurnOptions = Omit<TurnsTextOptions, "covers">;

/** The columns of the labels. */
const LABEL = 10;

/** The most columns of the bar. */
const BAR = 60;

/** How the time of a turn went, what was asked in it, and its calls in order of time. */
export function showTurnText(
  turn: Turn,
  calls: readonly Call[],
  permissions: readonly Permission[],
  options: ShowTurnOptions,
): string {
  const { width, style } = options;
  const lines = facts(turn, permissions, options).flatMap(([label, text]) =>
    labelled(label, wrap(text, width - LABEL, ""), LABEL)
  );
  const title = wrap(titleLine(turn, calls, options), width, "  ").map(style.strong);
  const notes = [...caveats(turn, calls), ...options.notes]
    .flatMap((note) => wrap(note, width, "  "));
  return [
    ...title,
    "",
    ...lines,
    ...table(calls, options),
    ...(notes.length > 0 ? ["", ...notes.map(style.faint)] : []),
  ].join("\n") + "\n";
}

function titleLine(turn: Turn, calls: readonly Call[], { session }: ShowTurnOptions): string {
  const version = calls.map(({ start, end }) => start?.clientVersion ?? end?.clientVersion)
    .find((each) => each !== undefined);
  return printable([
    `Turn ${turn.number} of session ${session(turn.sessionId)}`,
    ...(turn.project === undefined ? [] : [turn.project]),
    ...(version === undefined ? [] : [`Claude Code ${version}`]),
    ...(turn.status === "error" ? ["no answer came"] : []),
    ...(turn.status === "interrupted" ? ["interrupted"] : []),
  ].join(", "));
}

function facts(
  turn: Turn,
  permissions: readonly Permission[],
  { width, utc }: ShowTurnOptions,
): (readonly [label: string, text: string])[] {
  const { from, to, beganBy, parts, cpuSeconds, outputBytes } = turn;
  const [sentence, bar] = turnBar(
    { ...NO_TURNS, turns: [turn] },
    Math.min(width - LABEL, BAR),
  );
  const began = beganBy === "done" ? ", begun by the end of work in the background" : "";
  const about = turn.status === undefined || beganBy === "unknown" ? "about " : "";
  return [
    [
      "Ran",
      `${formatDate(from, utc)} ${formatClock(from, utc)} to ${formatClock(to, utc)}: ${about}${
        formatDuration(secondsOf(parts))
      }${began}`,
    ],
    ["Time", sentence.slice(sentence.indexOf(": ") + 2)],
    ["", bar],
    ...permissions.map((each, at) =>
      [at === 0 ? "Prompts" : "", permissionText(each, utc)] as const
    ),
    ...(cpuSeconds === undefined
      ? []
      : [["CPU", `${formatDuration(cpuSeconds)} in processes of tools`] as const]),
    ...(outputBytes === undefined
      ? []
      : [["Output", `${formatBytes(outputBytes)} to the model`] as const]),
    ["Calls", turn.calls === 0 ? "none" : plural(turn.calls, "call")],
  ];
}

/** What the person was asked for, when, and what came of it. */
function permissionText(permission: Permission, utc: boolean): string {
  const { time, seconds, isAllowed } = permission;
  const outcome = isAllowed
    ? `${formatDuration(seconds)}, then it ran`
    : seconds === undefined
    ? "nothing came since: not answered yet, or never"
    : `about ${formatDuration(seconds)}, it never ran`;
  return `${printable(requestName(permission))} at ${formatClock(time, utc)}: ${outcome}`;
}

function table(calls: readonly Call[], { width, style, utc }: ShowTurnOptions): string[] {
  if (calls.length === 0) return [];
  const columns: readonly Column<Call>[] = [
    { header: "ID", cell: callId, isText: true },
    { header: "AT", cell: (call) => formatClock(timeOf(call), utc) },
    { header: "DURATION", cell: lastedCell },
    { header: "GATE", cell: ({ gateSeconds }) => formatDuration(gateSeconds), drop: 3 },
    { header: "CPU", cell: cpuCell, drop: 2 },
    {
      header: "OUTPUT",
      cell: ({ outputBytes }) => outputBytes === undefined ? UNKNOWN : formatBytes(outputBytes),
      drop: 1,
    },
    { header: "STATUS", cell: (call) => statusCell(call), isText: true },
    { header: "WHAT", cell: titleOf, isText: true, least: 8 },
  ];
  const { lines: [header = "", ...body] } = layOut(columns, calls, width, style);
  return ["", style.strong(header), ...body];
}

function caveats({ status, beganBy, isImported }: Turn, calls: readonly Call[]): string[] {
  return [
    ...(isImported
      ? ["° from a transcript, which tells tools, prompts and gates only together"]
      : []),
    ...(status === undefined ? ["No row says how it ended: it ended with its last event"] : []),
    ...(beganBy === "unknown"
      ? [
        "No row says how it began, as after a command of yours (!make): it began with its first call",
      ]
      : []),
    ...(calls.some((call) => lastedCell(call).includes("≤"))
      ? ["≤ in the background, until the model was told of its end"]
      : []),
    ...(calls.some(({ approximate }) => approximate)
      ? ["~ approximate: other calls ran at the same time"]
      : calls.some((call) => cpuCell(call).startsWith("~"))
      ? ["~ with CPU of calls at the same time"]
      : []),
  ];
}
