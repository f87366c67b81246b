import { variable } from "../../files/environment.ts";
import config from "../../../deno.json" with { type: "json" };
import { lstatIfThere } from "../../files/if_there.ts";
import { plural } from "../../text/units.ts";
import { encodePage, MAX_FILE } from "../../page/data/page_data.ts";
import { findings } from "../../summary/findings.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { askedFlags } from "../../query/asked_flags.ts";
import type { Flags } from "../../text/command_line.ts";
import { openInBrowser } from "./open_in_browser.ts";
import { warn } from "../../cli/output.ts";
import { turnsIn } from "../../query/turns_in.ts";
import { outputPath } from "../../cli/output_file.ts";
import { select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { Sink } from "../../cli/sink.ts";

const DEFAULT_FILE = "perfmon.html";

export const command: Command = {
  name: "dashboard",
  readsLog: true,
  summary: "The report as a page: timeline, durations, memory, failures, in one HTML file",
  flags: [
    {
      name: "output",
      short: "o",
      value: "FILE",
      help: `Write FILE, replaced in one step; default ${DEFAULT_FILE} here; - for stdout`,
    },
    { name: "no-command", help: "Leave out which command each call was, and its parameters" },
    { name: "open", help: "Show it in the browser" },
    ...SELECTION_FLAGS,
  ],
  notes: [
    "The file holds all that it needs: it works offline and by mail, and loads and sends nothing. It " +
    "says what the log says of the calls that are asked for, their commands and parameters too where " +
    "they were recorded: who gets the file can read them.",
    "It stays below 15 MB: of more than 500,000 calls its charts and filters hold the newest, what " +
    "was found and the table are of all, and it says so. The time of making is that of " +
    "$SOURCE_DATE_EPOCH, where set: the same log then gives the same bytes.",
    "Its table is that of perfmon report, whose --help has its words. Pale is the gate; a line on the durations of a " +
    "tool is p50, a dashed one p95.",
  ],
  examples: [
    ["dashboard --open", "the last 7 days, in the browser"],
    ["dashboard --session last -o last.html", "the newest session, as a file to share"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const output = args.text("output") ?? DEFAULT_FILE;
  const isPipe = output === "-";
  if (isPipe && args.has("open")) {
    throw new CommandError("Cannot open a page that goes to stdout: give -o FILE", EXIT.usage);
  }
  const selection = await select(args, { orWhole: true, reach: "before" });
  if (!isPipe) outputPath(args, selection.location); // throws where it is the log
  if (selection.list.size === 0) {
    throw new CommandError(selection.emptiness, EXIT.no);
  }
  const page = await pageOf(selection, askedFlags(args), args.has("no-command"));
  if (args.text("output") === undefined) requireNoLink(output);
  using sink = new Sink(isPipe ? undefined : output);
  sink.write(page);
  sink.finish();
  if (isPipe) return EXIT.ok;
  const size = `${(page.length / 1e6).toFixed(1)} MB`;
  warn(`Wrote "${output}": ${plural(selection.list.size, "call")}, ${size}`);
  if (args.has("open")) await openInBrowser(output);
  return EXIT.ok;
}

/** Nobody has named the default file: a link there may have come with what this folder was cloned from. */
function requireNoLink(path: string): void {
  if (lstatIfThere(path)?.isSymlink !== true) return;
  throw new CommandError(
    `Cannot write "${path}": it is a symbolic link; name the file with -o`,
    EXIT.inputOutput,
  );
}

/** The text of the page. */
async function pageOf(
  selection: Selection,
  { file: _file, ...flags }: Flags, // who is sent the page is not told where the log lies
  withoutCommands: boolean,
): Promise<string> {
  const { list, covers, badRows, beforeCovers, now } = selection;
  const bytes = encodePage(list, {
    perfmon: config.version,
    made: madeAt(now),
    covers,
    notes: badRows === undefined ? [] : [badRows],
    findings: findings(list, selection.listBefore()),
    turns: turnsIn(selection),
    before: beforeCovers,
    flags,
    withoutCommands,
  });
  const frame = await Deno.readTextFile(new URL("./page.html", import.meta.url));
  const page = frame.replace("{{head}}", await compress(bytes.head))
    .replace("{{columns}}", await compress(bytes.columns));
  if (page.length > MAX_FILE) {
    throw new CommandError(
      "Cannot write the page: it would be larger than 15 MB; give a shorter time with --since",
      EXIT.no,
    );
  }
  return page;
}

/** When the page is made, as https://reproducible-builds.org/specs/source-date-epoch/ has it. */
function madeAt(now: number): number {
  const given = variable("SOURCE_DATE_EPOCH") ?? "";
  return /^\d+$/.test(given) ? Number(given) : Math.round(now);
}

async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(compressed).arrayBuffer()).toBase64();
}
