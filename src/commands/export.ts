import { BASIC_COLUMNS, type Column, FULL_COLUMNS, FULL_HEADER } from "../core/row.ts";
import type { LogLocation } from "../log/location.ts";
import { followLinks } from "../hooks/files.ts";
import { callsCsvPieces } from "../report/csv.ts";
import { toCsvRow, toJsonRow } from "../report/export_rows.ts";
import { callsJsonPieces } from "../report/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "./command.ts";
import { warn } from "./output.ts";
import { selectRows } from "./rows.ts";
import { locate, select, SELECTION_FLAGS, windowOf } from "./selection.ts";
import { Sink } from "./sink.ts";

const LAYOUTS: Readonly<Record<string, readonly Column[]>> = {
  full: FULL_COLUMNS,
  basic: BASIC_COLUMNS,
};

export const command: Command = {
  name: "export",
  summary: "All samples, or calls, as CSV or JSON: log and history as one",
  operands: "csv|json",
  maxOperands: 1,
  flags: [
    { name: "calls", help: "Calls with their figures instead of samples, the rows of the log" },
    {
      name: "layout",
      value: "LAYOUT",
      choices: ["full", "basic"],
      help: "Of samples: full (default), or basic: five columns, no header",
    },
    { name: "output", short: "o", value: "FILE", help: "Write FILE, replaced in one step" },
    ...SELECTION_FLAGS.map((flag) =>
      flag.name === "all"
        ? { ...flag, help: "The whole log, as without --since and --until" }
        : flag
    ),
  ],
  notes: [
    "Samples come as they were recorded, in order of the log, each once, and are read and written " +
    "piece by piece: the log may be larger than memory. Calls, in order of time, have the names and " +
    "units of perfmon top --json.",
    "JSON is one object with samples (or calls) in a list, one a line; what is not known is null.",
  ],
  examples: [
    ["export csv > samples.csv", "everything, full layout"],
    ["export csv --layout basic -o old.csv", "for tools that want the five columns"],
    ["export json --calls --since today", "today's calls for a program"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [format] = args.operands;
  if (format !== "csv" && format !== "json") {
    throw new CommandError(
      `Cannot export ${
        format === undefined ? "without a format" : `"${format}"`
      }: give csv or json`,
      EXIT.usage,
    );
  }
  if (args.has("calls") && args.text("layout") !== undefined) {
    throw new CommandError("Cannot use --layout with --calls: it is for samples", EXIT.usage);
  }
  const location = locate(args);
  const output = args.text("output");
  if (output !== undefined) refuseLog(output, location);
  if (args.has("calls")) await exportCalls(args, format, output);
  else await exportSamples(args, location, format, output);
  return EXIT.ok;
}

/** Throws a `CommandError` (64) where the output would take the place of the log. */
function refuseLog(output: string, { path }: LogLocation): void {
  if (followLinks(output) === followLinks(path)) {
    throw new CommandError(
      `Cannot use "${output}" for --output: it is the log itself; name another file`,
      EXIT.usage,
    );
  }
}

async function exportCalls(
  args: Arguments,
  format: "csv" | "json",
  output: string | undefined,
): Promise<void> {
  const { calls, context, badRows } = await select(args, { wholeLog: true });
  using sink = new Sink(output);
  const pieces = format === "csv" ? callsCsvPieces(calls) : callsJsonPieces(calls, context);
  for (const piece of pieces) sink.write(piece);
  sink.finish();
  if (badRows !== undefined) warn(badRows);
}

async function exportSamples(
  args: Arguments,
  location: LogLocation,
  format: "csv" | "json",
  output: string | undefined,
): Promise<void> {
  const window = windowOf(args, Date.now() / 1000, { wholeLog: true });
  const columns = LAYOUTS[args.text("layout") ?? "full"] ?? FULL_COLUMNS;
  const rows = selectRows(args, location, window);
  // The first row before anything is written: a log that is not there leaves an old file as it is.
  let row = await rows.next();
  using sink = new Sink(output);
  if (format === "csv") sink.write(columns === FULL_COLUMNS ? FULL_HEADER + "\n" : "");
  else sink.write(`{"version":1,"log":${JSON.stringify(location.path)},"samples":[`);
  for (let separator = "\n"; !row.done; row = await rows.next(), separator = ",\n") {
    const { cells } = row.value;
    if (format === "csv") sink.write(toCsvRow(cells, columns));
    else sink.write(separator + toJsonRow(cells, columns));
  }
  if (format === "json") sink.write("\n]}\n");
  sink.finish();
}
