import { explain } from "../../cli/words.ts";
import type { Call } from "../../calls/call.ts";
import { tailText } from "../../summary/calls_text.ts";
import { callsJson } from "../../summary/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import {
  OUTPUT_FLAGS,
  outputFormat,
  PARAMS_FLAG,
  screen,
  warn,
  write,
  writeText,
} from "../../cli/output.ts";
import { locate } from "../../query/asked_log.ts";
import { emptinessText, select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { INSTEAD, type Window, windowOf } from "../../query/window.ts";
import { wrap } from "../../text/table.ts";
import { shortener } from "../../text/shortener.ts";

export const command: Command = {
  name: "tail",
  readsLog: true,
  summary: "The newest calls, the last one at the end",
  flags: [
    {
      name: "lines",
      short: "n",
      value: "N",
      help: "How many calls, or rows with --raw; default 20",
    },
    {
      name: "follow",
      short: "f",
      help: "Go on: print each call when it ends (with --raw each row), also through rotations",
    },
    { name: "raw", help: "The rows of the log as they stand there, instead of calls" },
    PARAMS_FLAG,
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "WHEN is the end of a call, or its start while it runs. --raw prints no header, and each row " +
    "with the columns that it has in the log; with --status those that say it themselves, so no start.",
    "--follow looks at the log five times a second until Ctrl-C; with --json it prints an object a " +
    "line. Tools, sessions and projects need not be there yet. CPU is marked ~ where calls overlap.",
    explain(
      "id",
      "duration",
      "gate",
      "prompt",
      "growth",
      "status",
      "session",
      "project",
      "what",
      "signs",
    ),
  ],
  examples: [
    ["tail -n 5", "the five newest calls"],
    ["tail --status error", "the newest calls that failed"],
    ["tail -f", "what happens now"],
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
  if (args.has("follow")) {
    const { follow } = await import("./follow.ts");
    return await follow(args, format, count);
  }
  if (args.has("raw")) return await printRows(args, count);
  const selection = await select(args, {
    orWhole: true,
    orTranscripts: true,
    reach: "window",
  });
  const newest = selection.list.newest(count);
  if (format === "json") write(callsJson(newest, selection.context));
  else if (format === "csv") {
    const { callsCsv } = await import("../../summary/csv.ts");
    write(callsCsv(newest));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else printText(args, selection, newest);
  return EXIT.ok;
}

function printText(
  args: Arguments,
  selection: Selection,
  newest: readonly Call[],
): void {
  const { badRows, covers, isInstead, now, sessionIds, utc } = selection;
  const target = screen(args);
  if (newest.length === 0) return writeText(emptinessText(selection, target.width), target);
  const session = shortener(sessionIds());
  const { width, style } = target;
  const head = isInstead ? [...wrap(covers, width, "  "), ""] : [];
  const text = tailText(newest, {
    ...{ width, style, now, utc, session },
    params: args.has("params"),
  });
  const notes = badRows === undefined ? [] : wrap(badRows, width, "  ").map((line) => line + "\n");
  writeText([...head, text + notes.join("")].join("\n"), target);
}

/** The newest rows in the order of the log, byte for byte. */
async function printRows(args: Arguments, count: number): Promise<number> {
  const { selectRows } = await import("../../query/rows.ts");
  const location = locate(args);
  const newestIn = async (window: Window): Promise<readonly string[]> => {
    const newest: string[] = [];
    for await (const { line } of selectRows(args, location, window)) {
      newest.push(line + "\n");
      if (newest.length >= 2 * count) newest.splice(0, newest.length - count);
    }
    return newest.slice(-count);
  };
  const asked = windowOf(args, Date.now() / 1000);
  let newest = await newestIn(asked);
  if (newest.length === 0 && asked.isDefault) {
    newest = await newestIn(INSTEAD);
    if (newest.length > 0) warn(INSTEAD.covers);
  }
  write(newest.join(""));
  return EXIT.ok;
}
