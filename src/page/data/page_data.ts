import { CallList } from "../../calls/call_list.ts";
import { numberOf } from "../../calls/call_state.ts";
import { PARAMS } from "../../row/row_view.ts";
import { collect } from "./collect.ts";
import { COLUMN_COUNT, decodeColumns, encodeColumns } from "./columns.ts";
import { toolsAndCommands, withFailing } from "../../summary/command_groups.ts";
import type { Findings } from "../../summary/findings.ts";
import { summarize } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import { AWAY_SECONDS, NO_TURNS, type Turns } from "../../summary/turns/turn.ts";
import { turnAnswers } from "../../summary/turns/turn_answers.ts";
import { type PageHead, type PageTurn, TURN_PARTS } from "./head.ts";
import { type StoredReport, storedReport } from "./stored_report.ts";
import { PageColumns } from "./page_columns.ts";

/** What the command tells of the calls besides them. */
export type PageFacts =
  & Pick<PageHead, "perfmon" | "made" | "covers" | "notes" | "before" | "flags">
  & {
    readonly findings: Findings;
    readonly turns?: Turns;
    /** Whether the commands of calls, and their parameters, stay out of the page. */
    readonly withoutCommands?: boolean;
  };

/** A page's head and columns as bytes before they are compressed. */
export interface PageBytes {
  /** JSON. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Each with its length before it, four bytes, lowest first. */
  readonly columns: Uint8Array<ArrayBuffer>;
}

/** No page holds more calls: with all figures they take up to 12 MB. */
export const MAX_CALLS = 500_000;

/** No file is larger, bytes. */
export const MAX_FILE = 15_000_000;

/** Bytes of parameters, the longest calls' first, that there is room for. */
const MAX_PARAMS = 2_000_000;

/** The calls and what all of them come to. Of more calls than `limit` the newest, and those that still run. */
export function encodePage(
  given: CallList,
  { findings, turns = NO_TURNS, withoutCommands = false, ...facts }: PageFacts,
  limit = MAX_CALLS,
): PageBytes {
  const list = newest(given, limit);
  const { columns, ...names } = collect(list, !withoutCommands);
  const byCommand = withoutCommands ? undefined : toolsAndCommands(given, false);
  const table = byCommand === undefined ? undefined : summarize(given, byCommand);
  const answered = table === undefined ? undefined : withFailing(table, given);
  const report = storedReport(summarize(given), list);
  const head: PageHead = {
    ...facts,
    ...names,
    calls: list.size,
    omitted: given.size - list.size,
    ...(withoutCommands ? { params: {}, omittedParams: 0 } : paramsOf(list)),
    report: withoutCommands ? withoutPrograms(report) : report,
    table: table === undefined ? null : storedReport(table, list),
    answered: answered === undefined ? null : storedReport(answered, list),
    turnFindings: turnAnswers(withoutCommands ? withoutNames(turns) : turns, facts.flags),
    turns: turnsOfPage(turns, names.texts.sessionId),
    growth: findings.growth,
    changes: findings.changes,
  };
  return {
    head: new TextEncoder().encode(JSON.stringify(head)),
    columns: join(encodeColumns(columns)),
  };
}

/** Without the names of the programs that held most memory. */
function withoutPrograms(report: StoredReport): StoredReport {
  const unnamed = (summary: Summary): Summary => ({ ...summary, peakProcess: undefined });
  return { ...report, all: unnamed(report.all), groups: report.groups.map(unnamed) };
}

/** Without the commands that the person was asked for. */
function withoutNames(turns: Turns): Turns {
  const permissions = turns.permissions.map((each) => ({ ...each, command: undefined }));
  return { ...turns, permissions };
}

/** So many turns, the newest, are on the timeline: what was found stands behind them in the file. */
const MAX_TURNS = 10_000;

function turnsOfPage({ turns }: Turns, sessions: readonly string[]): PageTurn[] {
  const numbers = new Map(sessions.map((id, place) => [id, place + 1]));
  const rounded = (seconds: number): number => Math.round(1000 * seconds) / 1000;
  return turns.slice(-MAX_TURNS).flatMap((turn): PageTurn[] => {
    const { sessionId, from, to, parts, beganBy, idleSeconds = 0 } = turn;
    const session = numbers.get(sessionId);
    const isOwn = beganBy === "prompt" && idleSeconds <= AWAY_SECONDS;
    return session === undefined ? [] : [{
      session,
      from: rounded(from),
      to: rounded(to),
      parts: TURN_PARTS.map((part) => rounded(parts[part])),
      own: isOwn ? rounded(idleSeconds) : 0,
    }];
  });
}

const RUNNING = numberOf("running");

function newest(list: CallList, limit: number): CallList {
  const omitted = list.size - limit;
  if (omitted <= 0) return list;
  const { status } = list.columns;
  return list.filter((call, place) => place >= omitted || status[call] === RUNNING);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 4, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** The head that `encodePage` made bytes of. */
export function decodeHead(bytes: Uint8Array): PageHead {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** What `encodePage` made bytes of. */
export function decodePage(bytes: PageBytes, head = decodeHead(bytes.head)): PageColumns {
  const { columns } = bytes;
  const view = new DataView(columns.buffer, columns.byteOffset);
  const parts: Uint8Array[] = [];
  for (let at = 0; parts.length < COLUMN_COUNT; at += 4 + view.getUint32(at, true)) {
    parts.push(columns.subarray(at + 4, at + 4 + view.getUint32(at, true)));
  }
  return new PageColumns(head, decodeColumns(parts, head.calls));
}

function paramsOf({ columns, indices }: CallList): Pick<PageHead, "params" | "omittedParams"> {
  const { numbers, names } = columns.texts(PARAMS);
  const given: { place: number; text: string; seconds: number }[] = [];
  indices.forEach((call, place) => {
    const text = names.text(numbers[call]!);
    if (text !== undefined) given.push({ place, text, seconds: columns.duration[call]! || 0 });
  });
  let left = MAX_PARAMS;
  const kept = given.toSorted((a, b) => b.seconds - a.seconds)
    .filter(({ text }) => (left -= text.length + 10) > 0);
  return {
    params: Object.fromEntries(kept.map(({ place, text }) => [place, text])),
    omittedParams: given.length - kept.length,
  };
}
