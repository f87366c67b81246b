import { reportJson } from "../report/json.ts";
import { reportText } from "../report/report_text.ts";
import { type Report, summarize, tool, toolOrServer } from "../report/summarize.ts";
import { type Arguments, type Command, EXIT } from "./command.ts";
import { OUTPUT_FLAGS, outputFormat, screen, warn, write, writeText } from "./output.ts";
import { emptinessText, select, type Selection, SELECTION_FLAGS } from "./selection.ts";

export const command: Command = {
  name: "report",
  summary: "What was slow, what waited, what failed, what ate the CPU: by tool",
  flags: [
    { name: "wide", help: "Mean, p99, and memory and CPU % of the client besides" },
    {
      name: "compare",
      value: "PROFILE",
      help: "What has changed since perfmon profile save NAME; a name or FILE",
    },
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "TOTAL is run time as the client gives it (duration_ms), else end - start; WAIT is what end - " +
    "start exceeds it by: permission prompts and hooks. CPU is that of the processes a tool started " +
    "and waited for. FAIL counts errors, not interruptions.",
    "P50, P95, P99 interpolate linearly (type 7, as numpy and R do) and need 1, 20 and 100 calls. " +
    "Figures are rounded half up. The tools of an MCP server share a line; --tool NAME gives each " +
    "its own.",
    "--compare tells slower and faster by a Mann-Whitney rank test at the 1 % level; perfmon profile " +
    "compare --help has the rest.",
  ],
  examples: [
    ["report", "the last 7 days"],
    ["report --since today --project api", "today in one project"],
    ["report --session last --wide", "the newest session, all columns"],
    ["report --tool 'mcp__*' --json", "MCP tools one by one, for a program"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const selection = await select(args);
  const groupOf = args.text("tool") === undefined ? toolOrServer : tool;
  const report = summarize(selection.calls, groupOf);
  // Loaded only where it is asked for: reports are to start fast.
  const comparison = args.text("compare") === undefined
    ? undefined
    : (await import("./report_compare.ts")).comparisonFor(args, format, selection);
  if (format === "json") write(reportJson(report, selection.context, comparison?.members));
  else if (format === "csv") {
    const { reportCsv } = await import("../report/csv.ts");
    write(reportCsv(report));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else {
    printText(args, report, selection);
    comparison?.print();
  }
  return EXIT.ok;
}

function printText(args: Arguments, report: Report, selection: Selection): void {
  const { badRows, covers, more, now } = selection;
  const target = screen(args);
  const { width, style } = target;
  if (selection.calls.length === 0) return writeText(emptinessText(selection), target);
  const wide = args.has("wide");
  const notes = badRows === undefined ? [] : [badRows];
  writeText(reportText(report, { covers, more, width, wide, notes, now, style }), target);
}
