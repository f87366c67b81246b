import type { Call } from "../calls/call.ts";
import type { CallList } from "../calls/call_list.ts";
import { CLIENT, SESSION_ID } from "../row/row_view.ts";
import type { Sample } from "../row/sample.ts";
import { plural } from "../text/units.ts";
import type { LogLocation } from "../log/location.ts";
import { leftBehind } from "./left_behind.ts";
import { hasImported, type LogContents } from "../log/read/read.ts";
import type { JsonContext } from "../summary/json.ts";
import { wrap } from "../text/table.ts";
import { isAlive } from "./alive.ts";
import { type Arguments, CommandError, EXIT } from "../cli/command.ts";
import { locate, missingLog, readIfThere } from "./asked_log.ts";
import {
  callFilter,
  clientFilter,
  type Filter,
  filterOf,
  isFiltered,
  type Names,
  unknownName,
} from "./filter.ts";
import { warn } from "../cli/output.ts";
import { badRowsText, emptiness } from "./selection_words.ts";
import {
  holdsWindow,
  INSTEAD,
  isWithin,
  notEmpty,
  type Reach,
  sinceFor,
  type Window,
  windowBefore,
  windowOf,
  type WindowOptions,
} from "./window.ts";
import { toCallList } from "../calls/to_calls.ts";

/** How calls are selected besides the flags. */
export interface SelectOptions extends WindowOptions {
  /**
   * What of the log is enough, where a time is asked for: that time, or also as long a one before it. Sessions
   * that are older have as their project that of the first row that is read, and their ids are shortened among
   * those that are. All of the log unless told.
   */
  readonly reach?: Reach | undefined;
  /** Whether the client's transcripts are read where nothing was recorded or imported; nothing of them is stored. */
  readonly orTranscripts?: boolean;
}

/** The calls that a command is about. */
export interface Selection {
  readonly location: LogLocation;
  readonly contents: LogContents;
  /** All calls of the log, in order of time. */
  readonly all: readonly Call[];
  /** The calls of the names that the flags ask for, whenever they were. */
  readonly matching: readonly Call[];
  /** The calls that the flags ask for. */
  readonly calls: readonly Call[];
  /** The calls that the flags ask for, without an object for each: of a large log there are many. */
  readonly list: CallList;
  /**
   * The recorded rows of no call, such as prompts, of the sessions that the flags ask for, from the log's beginning
   * to the end of the time that they do: turns are counted by them. None where they ask for tools, commands or a
   * status, because a turn has calls of all kinds.
   */
  readonly events: () => readonly Sample[];
  /** The same, of the imported ones. */
  readonly importedEvents: () => readonly Sample[];
  /** The ids of all sessions in the log. */
  readonly sessionIds: () => string[];
  /** Which calls are asked for, for people: `Last 7 days, Bash`. */
  readonly covers: string;
  /** Whether it is the whole log because the last 7 days hold nothing. */
  readonly isInstead: boolean;
  /** The hint how to see more, where there is more. */
  readonly more: string | undefined;
  /** Why there are none, and what to do; empty where there are some. */
  readonly emptiness: string;
  /** The sentence on rows that were skipped, clients left out, and transcripts in place of a log; else `undefined`. */
  readonly badRows: string | undefined;
  /** Whether a row or a call is asked for, by its names and time. */
  readonly includes: (named: Names, timestamp: number) => boolean;
  /** The calls of the same names in as long a time before; none where the time asked for has no beginning. */
  readonly before: () => readonly Call[];
  /** What `before` gives, without an object for each call. */
  readonly listBefore: () => CallList;
  /** What the time of `before` is called: `the week before`. */
  readonly beforeCovers: string;
  readonly context: JsonContext;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly utc: boolean;
}

/**
 * Reads the log and picks the calls that the flags ask for. Throws a `CommandError`: 66 where there is no
 * log, 64 for a time that can't be read, 1 for a tool, session or project that is not in the log.
 */
export async function select(
  args: Arguments,
  options: SelectOptions = {},
): Promise<Selection> {
  const now = Date.now() / 1000;
  const asked = windowOf(args, now, options);
  const location = locate(args);
  const contents = await read(args, location, asked, options);
  const everyone = toCallList(contents.rowList, { isAlive });
  if (contents.unread > 0 && !holdsWindow(everyone, asked)) {
    return await select(args, { ...options, reach: undefined });
  }
  contents.skippedFiles.forEach(warn);
  const picked = pick(
    args,
    everyone,
    asked,
    options.orWhole === true || contents.source !== undefined,
  );
  const { all, filter, matching, window, list } = picked;
  const listBefore = (): CallList => callsBefore(picked, now);
  const events = eventsOf(args, picked);
  return {
    location,
    contents,
    events: () => events(() => contents.events),
    importedEvents: () => events(() => contents.importedEvents),
    get all() {
      return all.calls;
    },
    get calls() {
      return list.calls;
    },
    get matching() {
      return matching.calls;
    },
    list,
    sessionIds: () => all.texts(SESSION_ID),
    includes: (named, timestamp) =>
      (filter === undefined || filter.matches(named)) && isWithin(timestamp, window),
    before: () => listBefore().calls,
    listBefore,
    ...wordsOf(picked, contents),
    emptiness: list.size > 0 ? "" : await emptiness(
      location.path,
      { ...picked, isWhole: contents.unread === 0 },
      window,
      args.has("utc"),
    ),
    context: {
      log: location.path,
      since: window.since,
      until: window.until,
      badRows: contents.badRows,
      firstBad: contents.firstBad,
    },
    now,
    utc: args.has("utc"),
  };
}

/** What the flags pick of a log's calls, step by step. */
interface Picked {
  /** All calls of the log, those of other clients too. */
  readonly everyone: CallList;
  readonly all: CallList;
  readonly filter: Filter | undefined;
  /** What the filter asks for, in words for people. */
  readonly labels: readonly string[];
  readonly matching: CallList;
  readonly window: Window;
  readonly list: CallList;
}

function pick(args: Arguments, everyone: CallList, asked: Window, orWhole: boolean): Picked {
  const all = ofClient(args, everyone);
  const filter = isFiltered(args) ? filterOf(args, all.calls) : undefined;
  const matching = filter === undefined
    ? all
    : all.filter((index) => filter.matches(all.columns.call(index)));
  const window = orWhole ? notEmpty(asked, matching) : asked;
  const list = matching.within(window.since, window.until);
  return { everyone, all, filter, labels: filter?.labels ?? [], matching, window, list };
}

function callsBefore({ matching, window }: Picked, now: number): CallList {
  const earlier = windowBefore(window, now);
  return earlier === undefined
    ? matching.filter(() => false)
    : matching.within(earlier.since, earlier.until);
}

/** Picks rows of no call, which are asked for only where they are needed. */
function eventsOf(
  args: Arguments,
  { filter, window }: Picked,
): (rows: () => readonly Sample[]) => readonly Sample[] {
  if (callFilter(args) !== undefined) return () => [];
  const isOfClient = clientFilter(args);
  return (rows) =>
    rows().filter((row) =>
      isOfClient(row.client) && (filter === undefined || filter.matches(row)) &&
      isWithin(row.timestamp, { since: undefined, until: window.until })
    );
}

/** What is said of the calls that were picked. */
function wordsOf(
  { everyone, all, labels, matching, window, list }: Picked,
  contents: LogContents,
): Pick<Selection, "covers" | "isInstead" | "more" | "badRows" | "beforeCovers"> {
  const hasMore = window.isDefault && (list.size < matching.size || contents.unread > 0);
  const notes = [contents.source, badRowsText(contents), othersText(everyone, all)];
  return {
    covers: [window.covers, ...labels].join(", "),
    isInstead: window === INSTEAD,
    more: hasMore ? "--since 30d for more" : undefined,
    badRows: notes.filter(Boolean).join("; ") || undefined,
    beforeCovers: window.isDefault ? "the week before" : "the time before",
  };
}

async function read(
  args: Arguments,
  location: LogLocation,
  window: Window,
  { orTranscripts = false, reach }: SelectOptions,
): Promise<LogContents> {
  const history = !args.has("no-history");
  // Which names there are, and which not, only all of the log tells.
  const isNamed = isFiltered(args) || args.text("client") !== undefined;
  const since = isNamed ? undefined : sinceFor(reach, window, Date.now() / 1000);
  const contents = await readIfThere(location, { history, imported: history, since });
  if (contents === undefined) {
    if (orTranscripts && history && args.text("file") === undefined) {
      const { transcriptContents } = await import("./transcript_contents.ts");
      const found = transcriptContents(window, Date.now() / 1000);
      if (found !== undefined) return found;
    }
    throw await missingLog(location.path);
  }
  if (contents.badRows > 0 && contents.badRows === contents.rows && !hasImported(location)) {
    throw new CommandError(
      `Cannot read "${location.path}" as a log: none of its ${
        plural(contents.rows, "line")
      } is a row of perfmon's`,
      EXIT.data,
    );
  }
  if (history) leftBehind(location).forEach(warn);
  return contents;
}

/** The calls of the client that is asked for; throws a `CommandError` (1) where the log has none of it. */
function ofClient(args: Arguments, everyone: CallList): CallList {
  const isAsked = clientFilter(args);
  const { numbers, names } = everyone.columns.texts(CLIENT);
  const wanted = new Map(
    Array.from(new Set(numbers), (client) => [client, isAsked(names.text(client))]),
  );
  if (wanted.values().every((isWanted) => isWanted)) return everyone;
  const list = everyone.filter((call) => wanted.get(numbers[call]!) === true);
  const asked = args.text("client");
  if (asked !== undefined && list.size === 0 && everyone.size > 0) {
    throw unknownName("client", asked, clientsOf(everyone));
  }
  return list;
}

function clientsOf(list: CallList): string[] {
  return [...new Set(list.texts(CLIENT))].filter((name) => name !== "");
}

function othersText(everyone: CallList, all: CallList): string | undefined {
  const left = everyone.size - all.size;
  if (left === 0) return undefined;
  const kept = new Set(clientsOf(all));
  const others = clientsOf(everyone).filter((name) => !kept.has(name)).sort();
  return `${plural(left, "call")} of ${others.join(", ")} left out (--client all)`;
}

/**
 * Says why there are no calls to show, and that rows were skipped, where it is so; in lines of at
 * most `width`.
 */
export function emptinessText({ emptiness, badRows }: Selection, width: number): string {
  return [emptiness, badRows ?? ""].filter((text) => text !== "")
    .map((text) => wrap(text, width, "  ").join("\n") + "\n").join("");
}
