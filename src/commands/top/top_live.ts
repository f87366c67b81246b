import { variable } from "../../files/environment.ts";
import type { CallList } from "../../calls/call_list.ts";
import { LiveCalls } from "../../live/live_calls.ts";
import { parseRow, splitRow } from "../../row/parse_row.ts";
import type { LiveProcess } from "../../sampler/live_process.ts";
import type { Sample } from "../../row/sample.ts";
import type { LogCursor } from "../../log/read/log_cursor.ts";
import { type LiveReport, LiveReporter } from "./live_report.ts";
import { afterKey, AT_FIRST, keysIn } from "./live_keys.ts";
import { callsOf, liveText, type LiveTextOptions } from "./live_text.ts";
import type { Call } from "../../calls/call.ts";
import type { Looks } from "../../live/running_report.ts";
import { toAscii } from "../../text/table.ts";
import { readCourses } from "../../sampler/watch/sampler_lock.ts";
import { liveProcesses } from "../../sampler/live.ts";
import { isAlive } from "../../query/alive.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { liveFilterOf } from "../../query/filter.ts";
import { FullScreen } from "../../cli/full_screen.ts";
import { screen, warn } from "../../cli/output.ts";
import { followingCursor, requireLog } from "../../query/rows.ts";
import { locate } from "../../query/asked_log.ts";
import { windowOf } from "../../query/window.ts";
import { drainQuietly } from "../../query/tidy.ts";
import { shortener } from "../../text/shortener.ts";

/** How long a screen stands, milliseconds: as in top's kin, long enough to be read. */
const REFRESH_MS = 1000;
/** Between the first two looks, milliseconds: CPU counts in hundredths of a second. */
const FIRST_LOOK_MS = 300;

/**
 * Shows live sessions, running calls and the figures of the calls since it began, until it is told to
 * end. Throws a `CommandError`: 64 where there is no terminal, or for flags that make no sense here,
 * 66 where there is no log.
 */
export async function topLive(args: Arguments): Promise<number> {
  refuseFlags(args);
  refuseOtherThanTerminals();
  const location = locate(args);
  await requireLog(location);
  using cursor = followingCursor(args, location);
  await show(args, cursor);
  cursor.skippedFiles.forEach(warn);
  return EXIT.ok;
}

async function show(args: Arguments, cursor: LogCursor): Promise<void> {
  let state = AT_FIRST;
  let shown: LiveReport | undefined;
  let shownFilter = "";
  using terminal = new FullScreen((text) => {
    for (const key of keysIn(text)) {
      state = afterKey(state, key, shown === undefined ? 0 : callsOf(shown).length);
    }
    if (state.isClosed) terminal.close();
  });
  terminal.draw(["Reading the log"]);
  const view = await LiveView.begin(args, cursor, () => terminal.isClosed);
  const { style, isUtf8 } = screen(args);
  const draw = (report: LiveReport): void => {
    const { filter } = view.textOptions;
    const asked = [filter, state.filter].filter((each) => each !== "").join(", ");
    const options = { ...view.textOptions, filter: asked, state };
    const lines = liveText(report, { ...options, ...terminal.size, style });
    terminal.draw(isUtf8 ? lines : lines.map(toAscii));
  };
  while (!terminal.isClosed) {
    const began = performance.now();
    const { filter } = state;
    const stands = state.isPaused && shown !== undefined && shownFilter === filter;
    const report: LiveReport = stands ? shown! : await view.report(filter);
    [shown, shownFilter] = [report, filter];
    const ready = performance.now();
    // Of a very long log the figures take a while: it is looked at less often then.
    const until = ready + Math.max(REFRESH_MS, 3 * (ready - began));
    while (!terminal.isClosed && performance.now() < until && state.filter === filter) {
      draw(report); // again, where the terminal has another size, or a key was pressed
      await terminal.pause(until - performance.now());
    }
  }
}

function refuseFlags(args: Arguments): void {
  for (const flag of ["json", "csv", "by", "lines", "until"]) {
    if (args.has(flag) || args.text(flag) !== undefined) {
      const instead = flag === "json" || flag === "csv" ? `; see perfmon tail -f --${flag}` : "";
      throw new CommandError(
        `Cannot use --${flag} with --live: it is a screen of all figures${instead}`,
        EXIT.usage,
      );
    }
  }
}

function refuseOtherThanTerminals(): void {
  const isDumb = variable("TERM") === "dumb";
  if (Deno.stdout.isTerminal() && !isDumb) return;
  throw new CommandError(
    `Cannot show a live view: ${
      isDumb ? 'the terminal is "dumb"' : "the output is no terminal"
    }; see perfmon tail -f`,
    EXIT.usage,
  );
}

/** The newest of the log and of the processes. */
class LiveView {
  readonly #since: number | undefined;
  readonly #calls: LiveCalls;
  readonly #reporter: LiveReporter;
  #includes: ReturnType<typeof liveFilterOf> = () => true;
  #includesSession: ReturnType<typeof liveFilterOf> = () => true;
  #asked: { all: CallList; list: CallList; filter: string } | undefined;
  #session = (id: string): string => id;
  #processes: readonly LiveProcess[] = [];
  #lookedAt = 0;

  private constructor(
    private readonly args: Arguments,
    private readonly cursor: LogCursor,
    private readonly isClosed: () => boolean,
  ) {
    const now = Date.now() / 1000;
    const isTold = args.text("since") !== undefined || args.has("all");
    this.#since = isTold ? windowOf(args, now).since : now;
    this.#calls = new LiveCalls(this.#since, isAlive);
    this.#reporter = new LiveReporter(this.#since);
  }

  /** Reads what there is, and looks at the processes for the first time. */
  static async begin(
    args: Arguments,
    cursor: LogCursor,
    isClosed: () => boolean,
  ): Promise<LiveView> {
    const view = new LiveView(args, cursor, isClosed);
    await view.#read();
    const known = [...view.#calls.list().calls, ...view.#calls.clients()];
    view.#includes = liveFilterOf(args, known);
    view.#includesSession = liveFilterOf(args, known, { anyTool: true });
    await view.#look();
    await new Promise((resolve) => setTimeout(resolve, FIRST_LOOK_MS));
    return view;
  }

  get textOptions(): Pick<LiveTextOptions, "since" | "session" | "filter" | "utc"> {
    const { args } = this;
    const filter = ["tool", "project", "session"].flatMap((flag) => args.text(flag) ?? []);
    return {
      since: this.#since,
      session: this.#session,
      filter: filter.join(", "),
      utc: args.has("utc"),
    };
  }

  /** `filter`: what calls have in the names of tool, command, session or project. */
  async report(filter: string): Promise<LiveReport> {
    await this.#read();
    const looks = await this.#look();
    const all = this.#calls.list();
    const clients = this.#calls.clients();
    if (this.#asked?.all !== all || this.#asked.filter !== filter) {
      const list = all.filter((index) => {
        const call = all.columns.call(index);
        return this.#includes(call) && hasInNames(call, filter);
      });
      this.#asked = { all, list, filter };
      this.#session = shortener(
        [...all.calls, ...clients].flatMap(({ sessionId }) => sessionId ?? []),
      );
    }
    return this.#reporter.report({
      list: this.#asked.list,
      clients: clients.filter(this.#includesSession),
      looks,
      now: Date.now() / 1000,
    });
  }

  async #read(): Promise<void> {
    await drainQuietly(this.cursor.location);
    for await (const rows of this.cursor.read()) {
      this.#calls.add(rows.flatMap(({ line, columns }): Sample[] => {
        const sample = parseRow(splitRow(line), columns);
        return sample === undefined ? [] : [sample];
      }));
      await new Promise((resolve) => setTimeout(resolve)); // lets keys and signals through
      if (this.isClosed()) return;
    }
  }

  async #look(): Promise<Looks> {
    const clients = this.#calls.clients();
    const before = this.#processes;
    const second = await liveProcesses({ clients, orphansSince: undefined, withClients: true });
    const lookedAt = performance.now();
    const seconds = (lookedAt - this.#lookedAt) / 1000;
    const first = withUnseen(before, second, Date.now() / 1000 - seconds);
    this.#processes = second;
    this.#lookedAt = lookedAt;
    const courses = readCourses(this.cursor.location.folder);
    return { first, second, seconds, courses };
  }
}

function hasInNames({ toolName, command, sessionId, project }: Call, text: string): boolean {
  const names = [toolName, command, sessionId, project].join("\n").toLowerCase();
  return text === "" || names.includes(text.toLowerCase());
}

/** What was there at the first look, too, but was not looked at: of a client that was not known yet. Its CPU is not of now. */
function withUnseen(
  first: readonly LiveProcess[],
  second: readonly LiveProcess[],
  firstTime: number,
): LiveProcess[] {
  const seen = new Set(first.map(({ pid }) => pid));
  return [
    ...first,
    ...second.filter(({ pid, processStart }) => !seen.has(pid) && processStart < firstTime),
  ];
}
