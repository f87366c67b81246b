import { CallFollower } from "../../live/call_follower.ts";
import { type Call, timeOf } from "../../calls/call.ts";
import { parseRow, splitRow } from "../../row/parse_row.ts";
import type { Sample } from "../../row/sample.ts";
import type { LogCursor, LogRow } from "../../log/read/log_cursor.ts";
import { callRows, callsCsv } from "../../summary/csv.ts";
import { FollowText } from "../../live/follow_text.ts";
import { callJsonLine } from "../../summary/json.ts";
import { isAlive } from "../../query/alive.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { liveFilterOf } from "../../query/filter.ts";
import { goneReader } from "../../cli/gone_reader.ts";
import { Interrupt } from "../../cli/interrupt.ts";
import { inCharset, type OutputFormat, screen, warn, writeToReader } from "../../cli/output.ts";
import { followingCursor, requireLog } from "../../query/rows.ts";
import { locate } from "../../query/asked_log.ts";
import { isWithin, windowOf } from "../../query/window.ts";
import { drainQuietly } from "../../query/tidy.ts";

/** How long it waits before it looks at the log again, milliseconds. */
const PAUSE_MS = 200;

/**
 * Prints the newest calls (or rows), then each call when it ends (each row when it comes), until it is
 * interrupted or its reader goes away. Throws a `CommandError`: 66 where there is no log, 64 for
 * `--until`.
 */
export async function follow(
  args: Arguments,
  format: OutputFormat,
  count: number,
): Promise<number> {
  if (args.text("until") !== undefined) {
    throw new CommandError("Cannot use --until with --follow: what comes is later", EXIT.usage);
  }
  const location = locate(args);
  await requireLog(location);
  using cursor = followingCursor(args, location);
  const printer = args.has("raw")
    ? await rawPrinter(args, cursor, count)
    : await callPrinter(args, format, cursor, count);
  const isReaderGone = goneReader();
  // Before the first line: whoever has seen that may end it.
  using interrupt = new Interrupt();
  printer.begin();
  while (!interrupt.isRaised && !isReaderGone()) {
    await drainQuietly(location);
    for await (const rows of readRows(cursor)) printer.add(rows);
    await interrupt.pause(PAUSE_MS);
  }
  return EXIT.ok;
}

/** Of what there is already so many rows become calls at once: of more of them memory is reclaimed late. */
const AT_ONCE = 1000;

interface FollowedRow {
  readonly line: string;
  readonly sample: Sample;
}

/** The rows that there are by now and were not read yet, piece by piece. */
async function* readRows(cursor: LogCursor): AsyncGenerator<FollowedRow[]> {
  for await (const rows of cursor.read()) {
    yield rows.flatMap((row) => {
      const sample = sampleOf(row);
      return sample === undefined ? [] : [{ line: row.line, sample }];
    });
  }
}

function sampleOf({ line, columns }: LogRow): Sample | undefined {
  return parseRow(splitRow(line), columns);
}

/** Prints the newest of what there was already, then what came. */
interface Printer {
  readonly begin: () => void;
  readonly add: (rows: readonly FollowedRow[]) => void;
}

async function rawPrinter(args: Arguments, cursor: LogCursor, count: number): Promise<Printer> {
  const rows = (await Array.fromAsync(readRows(cursor))).flat();
  cursor.skippedFiles.forEach(warn);
  const window = windowOf(args, Date.now() / 1000);
  const includes = liveFilterOf(args, rows.map(({ sample }) => sample), { ofRows: true });
  const show = (shown: readonly FollowedRow[]): void => {
    if (shown.length > 0) writeToReader(shown.map(({ line }) => line + "\n").join(""));
  };
  const isAsked = ({ sample }: FollowedRow): boolean => includes(sample);
  const newest = rows
    .filter((row) => isAsked(row) && isWithin(row.sample.timestamp, window)).slice(-count);
  return {
    begin: () => show(newest),
    add: (added) => show(added.filter(isAsked)),
  };
}

async function callPrinter(
  args: Arguments,
  format: OutputFormat,
  cursor: LogCursor,
  count: number,
): Promise<Printer> {
  const window = windowOf(args, Date.now() / 1000);
  const follower = new CallFollower({ isAlive });
  // Which session is the last one is known in the end; else no call is kept that is not shown.
  const early = args.text("session") === "last" ? undefined : liveFilterOf(args, []);
  let before: Call[] = [];
  for await (const rows of readRows(cursor)) {
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const samples = rows.slice(from, from + AT_ONCE).map(({ sample }) => sample);
      before = before.concat(follower.add(samples));
      if (early !== undefined) before = newest(before, early);
    }
  }
  cursor.skippedFiles.forEach(warn);
  const includes = early ?? liveFilterOf(args, before);
  const { header, show } = writerOf(args, format);
  const first = newest(before, includes);
  return {
    begin: () => {
      header();
      show(first);
    },
    add: (added) => {
      if (added.length > 0) show(follower.add(added.map(({ sample }) => sample)).filter(includes));
    },
  };

  function newest(calls: readonly Call[], isAsked: typeof includes): Call[] {
    return calls.filter((call) => isAsked(call) && isWithin(timeOf(call), window)).slice(-count);
  }
}

interface Writer {
  readonly header: () => void;
  readonly show: (calls: readonly Call[]) => void;
}

function writerOf(args: Arguments, format: OutputFormat): Writer {
  if (format === "csv") {
    return {
      header: () => writeToReader(callsCsv([])),
      show: (calls) => writeToReader(callRows(calls)),
    };
  }
  if (format === "json") {
    const show = (calls: readonly Call[]): void => writeToReader(calls.map(callJsonLine).join(""));
    return { header: () => {}, show };
  }
  const target = screen(args);
  const text = new FollowText(target.width, args.has("utc"), {
    params: args.has("params"),
    style: target.style,
  });
  const print = (lines: string): void => writeToReader(inCharset(lines, target));
  return {
    header: () => print(target.style.strong(text.header()) + "\n"),
    show: (calls) => print(calls.map((call) => text.line(call) + "\n").join("")),
  };
}
