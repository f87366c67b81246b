import { type Call, timeOf } from "../core/call.ts";
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS } from "../core/row.ts";
import type { Sample } from "../core/sample.ts";
import { shortener, tailText } from "../report/calls_text.ts";
import { callsJson } from "../report/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "./command.ts";
import { OUTPUT_FLAGS, outputFormat, screen, warn, write, writeText } from "./output.ts";
import { emptinessText, select, type Selection, SELECTION_FLAGS } from "./selection.ts";

export const command: Command = {
  name: "tail",
  summary: "The newest calls, the last one at the end",
  flags: [
    {
      name: "lines",
      short: "n",
      value: "N",
      help: "How many calls, or rows with --raw; default 20",
    },
    { name: "raw", help: "The rows of the log instead of calls, without their header" },
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "WHEN is the end of a call, or its start while it runs. Rows of --raw have all columns of the " +
    "full layout, or the five of the basic one where the log knows no more.",
  ],
  examples: [
    ["tail -n 5", "the five newest calls"],
    ["tail --raw --tool Bash", "the newest rows of Bash"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const count = args.count("lines", 20, 1);
  if (args.has("raw") && format !== "text") {
    throw new CommandError(`Cannot use --raw with --${format}: rows are CSV already`, EXIT.usage);
  }
  const selection = await select(args);
  if (args.has("raw")) return printRows(selection, count);
  const newest = selection.calls.toSorted((a, b) => lastTime(a) - lastTime(b)).slice(-count);
  if (format === "json") write(callsJson(newest, selection.context));
  else if (format === "csv") {
    const { callsCsv } = await import("../report/csv.ts");
    write(callsCsv(newest));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else printText(args, selection, newest);
  return EXIT.ok;
}

/** A call moves to the end of the list when it ends. */
function lastTime(call: Call): number {
  return call.endTime ?? timeOf(call);
}

function printText(
  args: Arguments,
  selection: Selection,
  newest: readonly Call[],
): void {
  const { all, badRows, now, utc } = selection;
  const target = screen(args);
  if (newest.length === 0) return writeText(emptinessText(selection), target);
  const session = shortener(all.flatMap((call) => call.sessionId ?? []));
  const { width, style } = target;
  const text = tailText(newest, { width, style, now, utc, session });
  writeText(text + (badRows === undefined ? "" : badRows + "\n"), target);
}

function printRows({ contents, includes, badRows }: Selection, count: number): number {
  const samples = contents.samples.filter((sample) => includes(sample, sample.timestamp))
    .slice(-count);
  const columns = samples.some(isFull) ? FULL_COLUMNS : BASIC_COLUMNS;
  write(samples.map((sample) => formatRow(sample, columns)).join(""));
  if (badRows !== undefined) warn(badRows);
  return EXIT.ok;
}

/** True for a sample that says more than the basic layout can. */
function isFull({ sessionId, pid, cpuSeconds, status, toolUseId }: Sample): boolean {
  return [sessionId, pid, cpuSeconds, status, toolUseId].some((value) => value !== undefined);
}
