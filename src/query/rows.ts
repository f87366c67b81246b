import { parseRow, splitRow } from "../row/parse_row.ts";
import { plural } from "../text/units.ts";
import type { Sample } from "../row/sample.ts";
import { LogCursor, type LogRow } from "../log/read/log_cursor.ts";
import { listSegments, type Span } from "../log/history/segments.ts";
import type { LogLocation } from "../log/location.ts";
import { RowCells } from "../row/row_cells.ts";
import type { Arguments } from "../cli/command.ts";
import { filterOf, isFiltered, type Named, rowClientFilter } from "./filter.ts";
import { warn } from "../cli/output.ts";
import { missingLog } from "./asked_log.ts";
import { followedSince, isWithin, type Window, windowOf } from "./window.ts";

/** One row that was asked for. */
export interface SelectedRow {
  /** The row as it stands in the log, without its line end. */
  readonly line: string;
  readonly sample: Sample;
  readonly cells: RowCells;
}

/**
 * Yields the rows of a log that the flags ask for, in order of sequence and each once, read as they are
 * taken: a log may be larger than memory. Says on stderr at its end what could not be read. Throws as
 * `select` does.
 */
export async function* selectRows(
  args: Arguments,
  location: LogLocation,
  window: Window,
): AsyncGenerator<SelectedRow> {
  await requireLog(location);
  const { names, projectOf } = await namesIn(args, location);
  const { matches } = filterOf(args, names);
  const isOfClient = rowClientFilter(args);
  const isByName = isFiltered(args);
  let badRows = 0;
  let firstBad = "";
  using cursor = cursorOf(args, location, window);
  for await (const { line, columns, file, number } of rowsOf(cursor)) {
    const cells = splitRow(line);
    const sample = parseRow(cells, columns);
    if (sample === undefined) {
      badRows++;
      firstBad ||= `${file}:${number}`;
    } else if (
      isWithin(sample.timestamp, window) && isOfClient(sample.client) &&
      (!isByName || matches({ ...sample, project: projectOf(sample) }))
    ) {
      yield { line, sample, cells: new RowCells(cells, columns) };
    }
  }
  cursor.skippedFiles.forEach(warn);
  if (badRows > 0) warn(`${plural(badRows, "bad row")} skipped, the first at ${firstBad}`);
}

/** Makes sure that there is a log or a history; throws a `CommandError` (66) where there is neither. */
export async function requireLog(location: LogLocation): Promise<void> {
  try {
    Deno.statSync(location.path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (listSegments(location).length === 0) throw await missingLog(location.path);
  }
}

/**
 * A cursor at the first row of the history, or of the log where `--no-history` is given; it leaves out files that
 * have no row of a time.
 */
function cursorOf(args: Arguments, location: LogLocation, within: Span = {}): LogCursor {
  return new LogCursor(location, { history: !args.has("no-history"), within });
}

/** The same for who follows the log: what of the history the time that is asked for does not need is left out. */
export function followingCursor(args: Arguments, location: LogLocation): LogCursor {
  const now = Date.now() / 1000;
  // Which names there are only all of the log tells.
  const isNamed = isFiltered(args) || args.text("client") !== undefined;
  const since = isNamed ? undefined : followedSince(windowOf(args, now), now);
  return cursorOf(args, location, { since });
}

async function* rowsOf(cursor: LogCursor): AsyncGenerator<LogRow> {
  for await (const rows of cursor.read()) yield* rows;
  yield* cursor.rest();
}

/** The names in a log, and what `--project` goes by. */
interface NamesOfLog {
  /** Each combination once, with its newest time. */
  readonly names: readonly Named[];
  /** The project of a row's session: that of its first row, as for calls. */
  readonly projectOf: (sample: Sample) => string | undefined;
}

/** Reads the whole log for the names in it, where the flags ask for any. */
async function namesIn(args: Arguments, location: LogLocation): Promise<NamesOfLog> {
  const found = new Map<string, Named & { endTime: number }>();
  const first = new Map<string, Sample>();
  const projectOf = ({ sessionId = "", project }: Sample): string | undefined =>
    first.get(sessionId)?.project ?? project;
  if (!isFiltered(args)) return { names: [], projectOf };
  const isByProject = args.text("project") !== undefined;
  for await (const sample of isByProject ? samplesOf(args, location) : []) {
    const { sessionId = "", project, timestamp } = sample;
    if (sessionId === "" || project === undefined) continue;
    if (timestamp < (first.get(sessionId)?.timestamp ?? Infinity)) first.set(sessionId, sample);
  }
  for await (const sample of samplesOf(args, location)) {
    const { toolName, sessionId, command, timestamp } = sample;
    const project = projectOf(sample);
    const key = [toolName, sessionId, project, command].join("\n");
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { toolName, sessionId, project, command, endTime: timestamp });
    } else known.endTime = Math.max(known.endTime, timestamp);
  }
  return { names: [...found.values()], projectOf };
}

async function* samplesOf(args: Arguments, location: LogLocation): AsyncGenerator<Sample> {
  using cursor = cursorOf(args, location);
  for await (const { line, columns } of rowsOf(cursor)) {
    const sample = parseRow(splitRow(line), columns);
    if (sample !== undefined) yield sample;
  }
}
