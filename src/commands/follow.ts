import { CallFollower } from "../core/follow.ts";
import { type Call, timeOf } from "../core/call.ts";
import { parseRow, splitRow } from "../core/parse_row.ts";
import type { Sample } from "../core/sample.ts";
import type { LogCursor } from "../log/cursor.ts";
import type { LogRow } from "../log/row_splitter.ts";
import { callRows, callsCsv } from "../report/csv.ts";
import { FollowText } from "../report/follow_text.ts";
import { callJsonLine } from "../report/json.ts";
import { isAlive } from "./alive.ts";
import { type Arguments, CommandError, EXIT } from "./command.ts";
import { liveFilterOf } from "./filter.ts";
import { goneReader } from "./gone_reader.ts";
import { Interrupt } from "./interrupt.ts";
import { type OutputFormat, screen, warn, write, writeText } from "./output.ts";
import { cursorOf, requireLog } from "./rows.ts";
import { isWithin, locate, windowOf } from "./selection.ts";
import { drainQuietly } from "./tidy.ts";

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
  requireLog(location);
  using cursor = cursorOf(args, location);
  const rows = await readSamples(cursor);
  cursor.skippedFiles.forEach(warn);
  const show = args.has("raw")
    ? rawPrinter(args, rows, count)
    : callPrinter(args, format, rows, count);
  const isReaderGone = goneReader();
  using interrupt = new Interrupt();
  while (!interrupt.isRaised && !isReaderGone()) {
    await drainQuietly(location);
    show(await readSamples(cursor));
    await interrupt.pause(PAUSE_MS);
  }
  return EXIT.ok;
}

interface FollowedRow {
  readonly line: string;
  readonly sample: Sample;
}

async function readSamples(cursor: LogCursor): Promise<FollowedRow[]> {
  const found: FollowedRow[] = [];
  for await (const rows of cursor.read()) {
    for (const row of rows) {
      const sample = sampleOf(row);
      if (sample !== undefined) found.push({ line: row.line, sample });
    }
  }
  return found;
}

function sampleOf({ line, columns }: LogRow): Sample | undefined {
  return parseRow(splitRow(line), columns);
}

/** Takes the rows that came. */
type Printer = (rows: readonly FollowedRow[]) => void;

function rawPrinter(args: Arguments, rows: readonly FollowedRow[], count: number): Printer {
  const window = windowOf(args, Date.now() / 1000);
  const includes = liveFilterOf(args, rows.map(({ sample }) => sample));
  const show = (shown: readonly FollowedRow[]): void => {
    if (shown.length > 0) write(shown.map(({ line }) => line + "\n").join(""));
  };
  const isAsked = ({ sample }: FollowedRow): boolean => includes(sample);
  show(
    rows.filter((row) => isAsked(row) && isWithin(row.sample.timestamp, window)).slice(-count),
  );
  return (added) => show(added.filter(isAsked));
}

function callPrinter(
  args: Arguments,
  format: OutputFormat,
  rows: readonly FollowedRow[],
  count: number,
): Printer {
  const window = windowOf(args, Date.now() / 1000);
  const follower = new CallFollower({ isAlive });
  const before = follower.add(rows.map(({ sample }) => sample));
  const includes = liveFilterOf(args, before);
  const { header, show } = writerOf(args, format);
  header();
  show(before.filter((call) => includes(call) && isWithin(timeOf(call), window)).slice(-count));
  return (added) => {
    if (added.length > 0) show(follower.add(added.map(({ sample }) => sample)).filter(includes));
  };
}

interface Writer {
  readonly header: () => void;
  readonly show: (calls: readonly Call[]) => void;
}

function writerOf(args: Arguments, format: OutputFormat): Writer {
  if (format === "csv") {
    return { header: () => write(callsCsv([])), show: (calls) => write(callRows(calls)) };
  }
  if (format === "json") {
    const show = (calls: readonly Call[]): void => write(calls.map(callJsonLine).join(""));
    return { header: () => {}, show };
  }
  const target = screen(args);
  const text = new FollowText(target.width, args.has("utc"));
  return {
    header: () => writeText(target.style.strong(text.header()) + "\n", target),
    show: (calls) => writeText(calls.map((call) => text.line(call) + "\n").join(""), target),
  };
}
