import { type Column, layOut, wrap } from "../../text/table.ts";
import type { Style } from "../../text/style.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatTime,
  plural,
  UNKNOWN,
} from "../../text/units.ts";
import type { Permission } from "../../calls/prompts/permissions.ts";
import type { Turn, Turns } from "./turn.ts";
import {
  cpuOfTurns,
  groupPermissions,
  outputOf,
  type PermissionGroup,
  permissionGroup,
  secondsOf,
  sumTurns,
} from "./turn_sums.ts";

/** What the tables need besides the turns. */
export interface TurnsTextOptions {
  /** What they cover: `Last 7 days`. */
  readonly covers: string;
  readonly width: number;
  /** Lines of the terminal, where it is one: so many lines of the table as fit are shown. */
  readonly height?: number | undefined;
  /** The number of lines that was asked for: the newest turns, or what was asked for longest. */
  readonly count?: number | undefined;
  readonly style: Style;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
  /** The short form of a session's id. */
  readonly session: (id: string) => string;
  readonly notes: readonly string[];
}

/** A line of the table of turns; the last is for all. */
type TurnLine =
  & Pick<Turn, "parts" | "calls" | "cpuSeconds" | "outputBytes">
  & Partial<
    Pick<Turn, "sessionId" | "number" | "from" | "beganBy" | "status" | "isImported">
  >;

/** The turns in order of time, a line each, and what they came to. */
export function turnsText(found: Turns, options: TurnsTextOptions): string {
  const { turns } = found;
  const sums = sumTurns(found);
  const all: TurnLine = {
    parts: sums.parts,
    calls: turns.reduce((sum, { calls }) => sum + calls, 0),
    cpuSeconds: cpuOfTurns(turns),
    outputBytes: outputOf(turns),
  };
  const title = `${options.covers}: ${plural(turns.length, "turn")}`;
  const imported = turns.filter(({ isImported }) => isImported).length;
  const away = sums.away.seconds + sums.parts.away;
  const notes = [
    ...(imported === turns.length
      ? ["MODEL is the time in which no call ran; an agent's run is its own calls"]
      : ["TOOLS counts calls at the same time once, of an agent its own calls; MODEL is the rest"]),
    ...(imported > 0
      ? [
        "° from a transcript, which tells tools, prompts and gates only TOGETHER: they are not split further",
      ]
      : []),
    ...(turns.some(({ status }) => status === undefined)
      ? ["~ no row says how it ended: it ended with its last event"]
      : []),
    ...(turns.some(({ beganBy }) => beganBy === "unknown")
      ? [
        "~ no row says how it began, as after a command of yours (!make): it began with its first call",
      ]
      : []),
    ...(turns.some(({ beganBy }) => beganBy === "done")
      ? ["+ began by the end of work in the background, not by a prompt"]
      : []),
    ...(away > 0 ? [`Away ${formatDuration(away)}, not counted`] : []),
    ...options.notes,
  ];
  const newest = turns.slice(-roomFor(turns.length, notes, options));
  const { dropped } = layOut(turnColumns(newest, options), [...newest, all], options.width);
  notes.push(...noRoomNote(dropped));
  const shown = turns.slice(-roomFor(turns.length, notes, options));
  const text = table(title, turnColumns(shown, options), [...shown, all], options);
  return text + notesText([...restNote(turns.length, shown.length), ...notes], options);
}

function turnColumns(
  turns: readonly Turn[],
  { session, now, utc }: TurnsTextOptions,
): Column<TurnLine>[] {
  const name = ({ sessionId, number, status, beganBy, isImported }: TurnLine): string =>
    sessionId === undefined
      ? "All"
      : `${session(sessionId)}.${number}${isImported ? "°" : ""}${
        status === undefined || beganBy === "unknown" ? "~" : ""
      }${beganBy === "done" ? "+" : ""}`;
  const ofHooks = (part: "tools" | "prompts" | "gates") => ({ parts, isImported }: TurnLine) =>
    isImported === true ? UNKNOWN : formatDuration(parts[part]);
  const hasRecorded = turns.some(({ isImported }) => !isImported);
  const together: Column<TurnLine> = {
    header: "TOGETHER",
    cell: ({ parts, isImported }) =>
      isImported === false ? UNKNOWN : formatDuration(parts.together),
  };
  const split: Column<TurnLine>[] = [
    { header: "TOOLS", cell: ofHooks("tools") },
    { header: "PROMPTS", cell: ofHooks("prompts") },
    { header: "GATES", cell: ofHooks("gates"), drop: 2 },
  ];
  return [
    { header: "TURN", cell: name, isText: true, least: LEAST_NAME },
    {
      header: "WHEN",
      cell: ({ from }) => from === undefined ? "" : formatTime(from, now, utc),
      isText: true,
      drop: 1,
    },
    { header: "TIME", cell: ({ parts }) => formatDuration(secondsOf(parts)) },
    { header: "MODEL", cell: ({ parts }) => formatDuration(parts.model) },
    ...(hasRecorded ? split : []),
    ...(turns.some(({ isImported }) => isImported) ? [together] : []),
    { header: "CALLS", cell: ({ calls }) => formatCount(calls) },
    { header: "CPU", cell: ({ cpuSeconds }) => formatDuration(cpuSeconds), drop: 3 },
    ...(turns.some(({ outputBytes }) => outputBytes !== undefined) ? [OUTPUT] : []),
  ];
}

/** Room for `5ac5.1234~+`: a turn whose number is cut can't be asked for, and its signs are explained below. */
const LEAST_NAME = 11;

const OUTPUT: Column<TurnLine> = {
  header: "OUTPUT",
  cell: ({ outputBytes }) => formatBytes(outputBytes),
  drop: 4,
};

/** What the person was asked for, those requests first that waited longest. */
export function permissionsText(
  permissions: readonly Permission[],
  options: TurnsTextOptions,
): string {
  const groups = groupPermissions(permissions);
  const all = permissionGroup("All", permissions);
  const title = `${options.covers}: ${plural(permissions.length, "permission request")}`;
  const denied = permissions.some(({ isAllowed, seconds }) => !isAllowed && seconds !== undefined);
  const open = permissions.filter(({ seconds }) => seconds === undefined).length;
  const notes = [
    ...(denied
      ? ["~ one whose tool never ran (denied) is taken to have waited until the next event"]
      : []),
    ...(open > 0 ? [`${formatCount(open)} not answered yet, or never: its wait is not known`] : []),
    ...(all.away > 0 ? [`Away ${formatDuration(all.away)}, not counted`] : []),
    ...options.notes,
  ];
  const shown = groups.slice(0, roomFor(groups.length, notes, options));
  const text = table(title, PERMISSION_COLUMNS, [...shown, all], options);
  return text + notesText([...restNote(groups.length, shown.length), ...notes], options);
}

const PERMISSION_COLUMNS: readonly Column<PermissionGroup>[] = [
  { header: "WHAT", cell: ({ name }) => name, isText: true, least: 8 },
  { header: "ASKED", cell: ({ asked }) => formatCount(asked) },
  { header: "RAN", cell: ({ allowed }) => formatCount(allowed) },
  { header: "WAITED", cell: waitCell("seconds") },
  { header: "P50", cell: waitCell("median") },
  { header: "MAX", cell: waitCell("longest") },
];

/** A time that requests waited: approximate where one was denied, unknown where the person was away at each. */
function waitCell(which: "seconds" | "median" | "longest"): (group: PermissionGroup) => string {
  return ({ waits, asked, allowed }) =>
    waits.count === 0 ? UNKNOWN : `${allowed < asked ? "~" : ""}${formatDuration(waits[which])}`;
}

function table<Row>(
  title: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, style }: TurnsTextOptions,
): string {
  const { lines: [header = "", ...body] } = layOut(columns, rows, width);
  const last = body.pop() ?? "";
  return [title, "", style.strong(header), ...body, style.strong(last)].join("\n") + "\n";
}

/** Lines of the headline, the table's frame and the shell's next line. */
const OTHER_LINES = 6;

/** How many of all lines a table shows. */
function roomFor(
  all: number,
  notes: readonly string[],
  { count, width, height = Infinity }: TurnsTextOptions,
): number {
  if (count !== undefined) return Math.min(count, all);
  const below = notes.flatMap((note) => wrap(note, width, "  ")).length;
  const room = height - OTHER_LINES - below;
  return all <= room ? all : Math.max(5, room - 1);
}

function noRoomNote(columns: readonly string[]): string[] {
  return columns.length === 0 ? [] : [`No room here for ${columns.join(", ")}; see --csv`];
}

function restNote(all: number, shown: number): string[] {
  return shown < all
    ? [`${formatCount(shown)} of ${formatCount(all)} lines: all with -n ${all}`]
    : [];
}

function notesText(notes: readonly string[], { width, style }: TurnsTextOptions): string {
  const lines = notes.flatMap((note) => wrap(note, width, "  ")).map(style.faint);
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}
