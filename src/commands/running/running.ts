import { explain } from "../../cli/words.ts";
import type { LiveProcess } from "../../sampler/live_process.ts";
import { childrenOf, findLeftBehind } from "../../live/left_behind.ts";
import { type Looks, type RunningReport, runningReport } from "../../live/running_report.ts";
import { runningCsv, runningJson } from "../../live/running_data.ts";
import { runningText } from "../../live/running_text.ts";
import { readCourses } from "../../sampler/watch/sampler_lock.ts";
import { liveProcesses } from "../../sampler/live.ts";
import { liveClients } from "../../query/alive.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  LINES_FLAG,
  linesOf,
  OUTPUT_FLAGS,
  outputFormat,
  PARAMS_FLAG,
  screen,
  warn,
  write,
  writeText,
} from "../../cli/output.ts";
import { select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { shortener } from "../../text/shortener.ts";

export const command: Command = {
  name: "running",
  readsLog: true,
  summary: "Calls that have not ended, what they do now, and what ended calls left behind",
  flags: [
    { name: "abandoned", help: "List the starts that will have no end, too" },
    LINES_FLAG,
    PARAMS_FLAG,
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "A call runs while its client lives and its session has not moved on; else its start was " +
    "abandoned: denied, cancelled or killed. NOW is the busiest of the processes that began below the " +
    "client since the call did, how many others there are, and the CPU % (of one core, over 0.3 s) " +
    "and resident memory of all of them; what processes share counts in each. RSS TREND is that memory " +
    "since the call is watched, where the sampler does.",
    "The log holds no pids of children, so time tells what a call left behind: processes that live " +
    "below the client, began during the call, and are of a call that had more children at its end " +
    "than at its start; and those with another parent by now whose environment names the session " +
    "(Linux; of it only CLAUDE_PID and CLAUDE_CODE_SESSION_ID are looked at). What a daemon such as " +
    "docker runs for a call, or what cleared its environment, is not found.",
    explain("id", "age", "session", "project", "pid", "left", "signs"),
  ],
  examples: [
    ["running", "is anything hanging?"],
    ["running --abandoned --since today", "with the calls denied or cancelled today"],
  ],
  run,
};

/** Long enough for CPU that the kernel counts in hundredths of a second, short enough to wait for. */
const LOOK_SECONDS = 0.3;

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const selection = await select(args, { reach: "window" });
  const { badRows, context } = selection;
  const report = await look(selection);
  const listsAbandoned = args.has("abandoned");
  if (format === "json") write(runningJson(report, listsAbandoned, context));
  else if (format === "csv") {
    write(runningCsv(report, listsAbandoned));
    if (badRows !== undefined) warn(badRows);
  } else printText(args, report, selection);
  return EXIT.ok;
}

/** Looks at the processes once, and where there are any of interest once more. */
async function look({ calls, location }: Selection): Promise<RunningReport> {
  const wanted = {
    clients: liveClients(calls),
    orphansSince: calls[0]?.startTime,
  };
  const first = await liveProcesses(wanted);
  const began = performance.now();
  const running = calls.filter(({ status }) => status === "running");
  const isWorthMore = findLeftBehind(calls, first).length > 0 ||
    running.some((call) => childrenOf(call, first).length > 0);
  let second: readonly LiveProcess[] = first;
  if (isWorthMore) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * LOOK_SECONDS));
    second = await liveProcesses(wanted);
  }
  const seconds = (performance.now() - began) / 1000;
  const looks: Looks = { first, second, seconds, courses: readCourses(location.folder) };
  return runningReport(calls, findLeftBehind(calls, second), looks, Date.now() / 1000);
}

function printText(args: Arguments, report: RunningReport, selection: Selection): void {
  const { badRows, covers, now, sessionIds, utc } = selection;
  const target = screen(args);
  const { width, style } = target;
  const text = runningText(report, {
    width,
    style,
    now,
    utc,
    covers,
    session: shortener(sessionIds()),
    params: args.has("params"),
    listsAbandoned: args.has("abandoned"),
    count: linesOf(args),
    notes: badRows === undefined ? [] : [badRows],
  });
  writeText(text, target);
}
