import { findings } from "../../summary/findings.ts";
import { byName, groupBy, type Grouping, GROUPINGS, isInOrder } from "../../summary/grouping.ts";
import {
  byCommand,
  toolsAndCommands,
  withCommand,
  withFailing,
} from "../../summary/command_groups.ts";
import { type Naming, SORT_NAMES, sortGroups } from "../../summary/report_columns.ts";
import { reportText, type ReportTextOptions } from "../../summary/report_text.ts";
import { BY_EVENTS } from "./by_events.ts";
import { summarize } from "../../summary/summarize.ts";
import { hookCostText } from "../../log/hook_cost.ts";
import { readHookCost } from "../../log/cost_file.ts";
import { hintOf } from "../../cli/near_name.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import {
  LINES_FLAG,
  linesOf,
  OUTPUT_FLAGS,
  type OutputFormat,
  outputFormat,
  screen,
  warn,
  write,
  writeText,
} from "../../cli/output.ts";
import { REPORT_NOTES } from "./report_notes.ts";
import { emptinessText, select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { askedFlags } from "../../query/asked_flags.ts";
import type { Flags } from "../../text/command_line.ts";
import type { GroupRule, Report, Summary } from "../../summary/summary.ts";
import { parseTime } from "../../text/units.ts";
import { shortener } from "../../text/shortener.ts";

export const command: Command = {
  name: "report",
  readsLog: true,
  summary: "What was slow, waited, failed or ate the CPU; or one session from its beginning",
  operands: "[SESSION]",
  completes: "session",
  maxOperands: 1,
  flags: [
    {
      name: "by",
      value: "WHAT",
      choices: [...GROUPINGS, ...BY_EVENTS],
      help: "A line for each tool, command, session, project, agent (subagent's type), MCP " +
        "server, day or version (of Claude Code), turn, or what permission was asked for; default: " +
        "tools, and of Bash the commands that took most",
    },
    {
      name: "sort",
      value: "COLUMN",
      completes: SORT_NAMES,
      help: `Greatest first, or names from a to z: ${SORT_NAMES.join(", ")}`,
    },
    {
      name: "compare",
      value: "PROFILE",
      completes: "profile",
      help: "What has changed since the end of a profile (perfmon profile save): a NAME or FILE",
    },
    LINES_FLAG,
    { name: "wide", help: "All columns: mean, p99, share of time, CPU %, memory besides" },
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: REPORT_NOTES,
  examples: [
    ["report", "the last 7 days"],
    ["report --since today --project api", "today in one project"],
    ["report last", "the newest session, from its beginning"],
    ["report --by version --wide", "slower since the update?"],
    ["report --by turn --since today", "where each turn's time went: model, tools, prompts, gates"],
    [
      "report --by session --sort fail",
      "the sessions in which most failed; growth: whose memory grows",
    ],
    ["report --tool 'mcp__*' --json", "MCP tools one by one, for a program"],
  ],
  run,
};

/** What counts from a session's first row on. */
const OF_ALL_SESSION: readonly string[] = [...BY_EVENTS, "session", "project"];

async function run(given: Arguments): Promise<number> {
  const args = withSession(given);
  const format = outputFormat(args);
  const sort = sortColumn(args);
  const grouping = GROUPINGS.find((each) => each === args.text("by"));
  // Loaded only where it is asked for: reports are to start fast.
  const compare = args.text("compare") === undefined
    ? undefined
    : await import("./report_compare.ts");
  const baseline = compare?.baselineOf(args);
  const selection = await select(args, {
    since: baseline?.since,
    orWhole: baseline === undefined,
    orTranscripts: true,
    reach: OF_ALL_SESSION.includes(args.text("by") ?? "") ? undefined : "before",
  });
  noteTime(given);
  const isTable = grouping !== undefined || sort !== undefined || args.has("wide");
  const status = await reportOtherwise(args, format, selection, isTable);
  if (status !== undefined) return status;
  const isByTool = grouping === undefined || grouping === "tool";
  const commands = grouping === undefined && format === "text"
    ? toolsAndCommands(selection.list, args.text("tool") !== undefined)
    : undefined;
  const report = reportOf(args, selection, commands ?? grouping ?? "tool", sort);
  const found = isByTool ? findings(selection.list, selection.listBefore()) : undefined;
  const comparison = baseline && compare?.comparisonFor(args, format, selection, baseline.profile);
  if (format === "json") {
    const { reportJson } = await import("../../summary/json.ts");
    const besides = isByTool ? await membersByTool(selection, sort) : {};
    write(reportJson(report, selection.context, found, { ...besides, ...comparison?.members }));
  } else if (format === "csv") {
    const { reportCsv } = await import("../../summary/csv.ts");
    write(reportCsv(report, isByTool ? commandsOf(selection, sort) : []));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else {
    const naming = commands ? "what" : grouping ?? "tool";
    const flags = { ...askedFlags(args), ...baseline && { since: isoTime(baseline.since.time) } };
    await printText(args, report, selection, naming, {
      findings: found,
      flags,
      ...commands && { answered: withFailing(report, selection.list) },
      ...await turnsInReport(selection, flags),
    });
    comparison?.print();
  }
  return EXIT.ok;
}

/**
 * Reports otherwise than by groups of calls where that is asked for: by turns or requests, or on one session where no
 * table is. Returns the exit status; `undefined` where it is not.
 */
async function reportOtherwise(
  args: Arguments,
  format: OutputFormat,
  selection: Selection,
  isTable: boolean,
): Promise<number | undefined> {
  const byEvents = BY_EVENTS.find((each) => each === args.text("by"));
  if (byEvents !== undefined) {
    const { reportTurns } = await import("./report_turns.ts");
    return reportTurns(args, format, selection, byEvents);
  }
  if (args.text("session") === undefined || isTable || selection.list.size === 0) return undefined;
  const { reportSession } = await import("../../query/report_session.ts");
  return await reportSession(args, selection);
}

/** What the JSON of a report by tool has besides: the calls by command, and what turns came to. */
async function membersByTool(
  selection: Selection,
  sort: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { summaryRecord } = await import("../../summary/records.ts");
  const { turnSumsRecord } = await import("../../summary/turns/turn_records.ts");
  const { turnsIn } = await import("../../query/turns_in.ts");
  return {
    commands: commandsOf(selection, sort).map(summaryRecord),
    turns: turnSumsRecord(turnsIn(selection)),
  };
}

/** `report SESSION` is `report --session SESSION`. */
function withSession(args: Arguments): Arguments {
  const [session] = args.operands;
  if (session === undefined) return args;
  if (args.text("session") !== undefined) {
    throw new CommandError(
      `Cannot report on "${session}" with --session besides: give one of them`,
      EXIT.usage,
    );
  }
  return args.with("session", session);
}

/** Says how a session's beginning is read that could as well be a time, such as `7d`. */
function noteTime({ operands: [session = ""] }: Arguments): void {
  if (parseTime(session, 0) === undefined) return;
  warn(
    `"${session}" is read as the beginning of a session's id; as a time it is --since ${session}`,
  );
}

/** The column of `--sort`; throws a `CommandError` (64) with the nearest name where there is none such. */
function sortColumn(args: Arguments): string | undefined {
  const given = args.text("sort");
  const column = given === "wait" ? "gate" : given; // what it was called in 0.1.0
  if (column === undefined || SORT_NAMES.includes(column)) return column;
  throw new CommandError(
    `Cannot sort by "${column}": ${hintOf(column, SORT_NAMES)}`,
    EXIT.usage,
  );
}

function reportOf(
  args: Arguments,
  { list, utc }: Selection,
  grouping: Grouping | GroupRule,
  sort: string | undefined,
): Report {
  const rule = typeof grouping === "string"
    ? groupBy(grouping, { utc, splitServers: args.text("tool") !== undefined })
    : grouping;
  const report = summarize(list, rule);
  if (sort !== undefined) return sortGroups(report, sort);
  if (typeof grouping !== "string" || !isInOrder(grouping)) return report;
  return { ...report, groups: report.groups.toSorted((a, b) => byName(a.name, b.name)) };
}

/** What turns add to the text, where any are recorded. */
async function turnsInReport(
  selection: Selection,
  flags: Flags,
): Promise<Partial<ReportTextOptions>> {
  const { events, importedEvents, list, context } = selection;
  const [found, imported] = [events(), importedEvents()];
  if (found.length + imported.length === 0) return {};
  const turns = await import("../../summary/turns/turn_answers.ts");
  return turns.turnsInReport(found, list, { imported, since: context.since, flags });
}

function isoTime(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}

/** What the calls come to by command, of those that say theirs. */
function commandsOf({ list }: Selection, sort = "total"): readonly Summary[] {
  return sortGroups(summarize(withCommand(list), byCommand), sort).groups;
}

async function printText(
  args: Arguments,
  report: Report,
  selection: Selection,
  grouping: Naming["grouping"],
  found: Partial<ReportTextOptions>,
): Promise<void> {
  const { badRows, beforeCovers, covers, list, more, now, sessionIds, utc } = selection;
  const target = screen(args);
  const { width, height, style } = target;
  if (list.size === 0) return writeText(emptinessText(selection, target.width), target);
  const session = shortener(sessionIds());
  const isPlain = !["session", "day", "version"].includes(grouping);
  const by = isPlain ? undefined : await import("./report_by.ts"); // a report is to start fast
  writeText(
    reportText(report, {
      covers,
      more,
      width,
      height,
      count: linesOf(args),
      wide: args.has("wide"),
      sort: args.text("sort"),
      notes: [...badRows === undefined ? [] : [badRows], ...costNote(report, selection)],
      now,
      utc,
      style,
      naming: grouping === "session" && by !== undefined
        ? by.sessionNaming(selection, session)
        : { grouping, label: (name) => name },
      below: by?.textBelow(grouping, report, list, { width, style }) ?? [],
      ...found,
      session,
      before: beforeCovers,
    }),
    target,
  );
}

/** What the hooks cost, where `perfmon bench` has measured it beside this log. */
function costNote({ all }: Report, { location, utc }: Selection): string[] {
  const cost = readHookCost(location);
  const recorded = all.calls - all.imported;
  return cost === undefined || recorded === 0 ? [] : [hookCostText(cost, recorded, utc)];
}
