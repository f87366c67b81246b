import { BASIC_COLUMNS, type Column, COLUMNS, TELLING_COLUMNS } from "../../row/columns.ts";
import { callsCsvPieces } from "../../summary/csv.ts";
import { toCsvRow, toJsonRow } from "../../row/row_cells.ts";
import { CALL_COLUMNS, SILENT_CALL_COLUMNS } from "../../summary/records.ts";
import { callsJsonPieces } from "../../summary/json.ts";
import { type Arguments, type Command, CommandError, EXIT, type Flag } from "../../cli/command.ts";
import { OUTPUT_FLAG, outputPath } from "../../cli/output_file.ts";
import { warn } from "../../cli/output.ts";
import { selectRows } from "../../query/rows.ts";
import { locate } from "../../query/asked_log.ts";
import { select } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { windowOf } from "../../query/window.ts";
import { Sink } from "../../cli/sink.ts";

type Format = "csv" | "json";

const FLAGS: readonly Flag[] = [
  { name: "calls", help: "Calls with their figures instead of samples, the rows of the log" },
  {
    name: "layout",
    value: "LAYOUT",
    choices: ["full", "basic"],
    help: "Of samples: full (default), or basic: five columns, no header",
  },
  { name: "no-command", help: "Leave out which command each call was, and its parameters" },
  OUTPUT_FLAG,
  ...SELECTION_FLAGS.map((flag) =>
    flag.name === "all" ? { ...flag, help: "The whole log, as without --since and --until" } : flag
  ),
];

const SAMPLES_NOTE =
  "Samples come as they were recorded, in order of the log, each once, and are " +
  "read and written piece by piece: the log may be larger than memory. Calls, in order of time, " +
  "have the names and units of perfmon top --json. A status is that of a row: with --status samples are ends without " +
  "their starts, and --calls gives whole calls.";

const NOTES: Readonly<Record<Format, readonly string[]>> = {
  csv: [SAMPLES_NOTE],
  json: [
    SAMPLES_NOTE,
    "JSON is one object with samples (or calls) in a list, one a line; what is not known is null.",
  ],
};

const EXAMPLES: Readonly<Record<Format, Command["examples"]>> = {
  csv: [
    ["export csv > samples.csv", "everything, full layout"],
    ["export csv --layout basic -o old.csv", "for tools that want the five columns"],
  ],
  json: [["export json --calls --since today", "today's calls for a program"]],
};

/** `perfmon export csv` and `perfmon export json`. */
export const exportRows: readonly Command[] = [rowsCommand("csv"), rowsCommand("json")];

function rowsCommand(format: Format): Command {
  return {
    name: `export ${format}`,
    readsLog: true,
    summary: `All samples, or calls, as ${format.toUpperCase()}: log and history as one`,
    flags: FLAGS,
    notes: NOTES[format],
    examples: EXAMPLES[format],
    run: (args) => run(args, format),
  };
}

async function run(args: Arguments, format: Format): Promise<number> {
  if (args.has("calls") && args.text("layout") !== undefined) {
    throw new CommandError("Cannot use --layout with --calls: it is for samples", EXIT.usage);
  }
  const output = outputPath(args, locate(args));
  if (args.has("calls")) await exportCalls(args, format, output);
  else await exportSamples(args, format, output);
  return EXIT.ok;
}

async function exportCalls(
  args: Arguments,
  format: Format,
  output: string | undefined,
): Promise<void> {
  const { calls, context, badRows } = await select(args, { wholeLog: true });
  using sink = new Sink(output);
  const columns = args.has("no-command") ? SILENT_CALL_COLUMNS : CALL_COLUMNS;
  const pieces = format === "csv"
    ? callsCsvPieces(calls, columns)
    : callsJsonPieces(calls, context, columns);
  for (const piece of pieces) await sink.write(piece);
  sink.finish();
  if (badRows !== undefined) warn(badRows);
}

async function exportSamples(
  args: Arguments,
  format: Format,
  output: string | undefined,
): Promise<void> {
  const location = locate(args);
  const window = windowOf(args, Date.now() / 1000, { wholeLog: true });
  const isBasic = args.text("layout") === "basic";
  const isShown = ({ name }: Column): boolean =>
    !args.has("no-command") || !TELLING_COLUMNS.includes(name);
  const columns = isBasic ? COLUMNS.slice(0, BASIC_COLUMNS.length) : COLUMNS.filter(isShown);
  const rows = selectRows(args, location, window);
  // The first row before anything is written: a log that is not there leaves an old file as it is.
  let row = await rows.next();
  using sink = new Sink(output);
  if (format === "csv") sink.write(isBasic ? "" : columns.map(({ name }) => name).join() + "\n");
  else sink.write(`{"version":1,"log":${JSON.stringify(location.path)},"samples":[`);
  for (let separator = "\n"; !row.done; row = await rows.next(), separator = ",\n") {
    const { cells } = row.value;
    if (format === "csv") await sink.write(toCsvRow(cells, columns));
    else await sink.write(separator + toJsonRow(cells, columns));
  }
  if (format === "json") sink.write("\n]}\n");
  sink.finish();
}
