import { exposureOf } from "../../files/ground.ts";
import { variable } from "../../files/environment.ts";
import config from "../../../deno.json" with { type: "json" };
import { IMPORTED, isEnded } from "../../calls/call_state.ts";
import type { Sample } from "../../row/sample.ts";
import { hookPrograms } from "../../agents/claude/hooks/inspect/hook_programs.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import { sentenceOf } from "../../agents/claude/hooks/inspect/obstacles.ts";
import { readHookCost } from "../../log/cost_file.ts";
import type { LogLocation } from "../../log/location.ts";
import { leftBehind } from "../../query/left_behind.ts";
import { hasImported } from "../../log/read/read.ts";
import { spoolStatus } from "../../log/spool.ts";
import { logStatus } from "../../log/status.ts";
import { samplerObstacle } from "../../sampler/watch/sampler_lock.ts";
import { samplerUsage } from "../../sampler/watch/sampler_usage.ts";
import { recordJson } from "../../summary/json.ts";
import { type StatusFigures, statusRecord, statusText } from "./status_text.ts";
import { isAlive } from "../../query/alive.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  OUTPUT_FLAGS,
  outputFormat,
  screen,
  UTC_FLAG,
  write,
  writeText,
} from "../../cli/output.ts";
import { locate, readIfThere } from "../../query/asked_log.ts";
import { otherLogs } from "../../query/recorded_logs.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { Processes } from "../../calls/processes.ts";
import { toCallList } from "../../calls/to_calls.ts";
import { ledgerPath, surroundings } from "../../query/surroundings.ts";

export const command: Command = {
  name: "status",
  readsLog: true,
  summary: "Whether calls are recorded, where to, how much, and what went wrong",
  flags: [FILE_FLAG, UTC_FLAG, ...OUTPUT_FLAGS],
  notes: [
    "Recording says whether hooks are installed, into which other log they record, and when the newest row came; Hooks where they are looked for; Log and " +
    "History what lies there, and what of it is kept how long; Spool what waits to become rows. Covers is the time and " +
    "the calls in them, a start without an end one that runs or was abandoned; Health what could not be read or " +
    "written, and whether the lock is free; Cost what perfmon bench measured; Sampler the process that watches calls of Bash; Parameters whether redacted lines are " +
    "recorded; Network what ever sends anything; Versions perfmon's, its hooks' and Claude Code's.",
  ],
  examples: [["status", "log, history, health and versions"]],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const figures = await statusFigures(locate(args));
  if (format === "json") write(recordJson(statusRecord(figures)));
  else if (format === "csv") {
    const { recordCsv } = await import("../../summary/csv.ts");
    write(recordCsv(statusRecord(figures)));
  } else {
    const target = screen(args);
    const now = Date.now() / 1000;
    const home = variable("HOME");
    writeText(
      statusText(figures, { width: target.width, now, utc: args.has("utc"), home }),
      target,
    );
  }
  return EXIT.ok;
}

async function statusFigures(location: LogLocation): Promise<StatusFigures> {
  const status = await logStatus(location);
  const recorded = await readIfThere(location);
  const rows = rowFigures(recorded?.rowList ?? []);
  const all = !hasImported(location)
    ? recorded
    : await readIfThere(location, { history: true, imported: true });
  const list = toCallList(all?.rowList ?? [], { isAlive });
  const { time, status: statuses, flags } = list.columns;
  const ended = statuses.reduce((count, each) => isEnded(each) ? count + 1 : count, 0);
  const hooks = inspectHooks(surroundings(), ledgerPath());
  const { settings, obstacles, isRecording } = hooks;
  const running = { path: Deno.execPath(), version: config.version };
  const exposure = exposureOf(location.folder);
  const exposed = exposure === undefined
    ? []
    : [`Nothing is recorded: ${exposure.message}: ${exposure.remedy}`];
  return {
    ...status,
    isRecording: isRecording && exposure === undefined,
    hooks: settings,
    otherLogs: otherLogs(hooks, location),
    obstacles: [...obstacles.map(sentenceOf), ...exposed, ...leftBehind(location)],
    spool: spoolStatus(location),
    badRows: recorded?.badRows ?? 0,
    errors: status.errorLines,
    lastError: status.lastError,
    calls: ended,
    imported: flags.reduce((count, each) => (each & IMPORTED) !== 0 ? count + 1 : count, 0),
    open: list.size - ended,
    liveSessions: rows.liveSessions,
    // In order of time.
    firstTime: list.size === 0 ? rows.first : Math.min(rows.first ?? Infinity, time[0]!),
    lastTime: rows.last,
    lastCallTime: time.at(-1),
    rowsWithParams: rows.withParams,
    cost: readHookCost(location),
    sampler: samplerUsage(location.folder),
    samplerObstacle: samplerObstacle(location.folder),
    version: config.version,
    hookPrograms: await hookPrograms(hooks, running, variable("PATH") ?? ""),
    clientVersion: rows.clientVersion,
  };
}

/** What the recorded rows come to. */
interface RowFigures {
  /** The least and the greatest time, seconds since the epoch; `undefined` of no rows. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly withParams: number;
  /** Of Claude Code, as in the newest row that says it. */
  readonly clientVersion: string | undefined;
  /** Sessions whose newest row is of a process that lives: a client can leave a session and begin another. */
  readonly liveSessions: number;
}

/** Goes through the rows once: of a long history an array of them takes as long as all else. */
function rowFigures(rows: Iterable<Sample>): RowFigures {
  let [first, last, withParams] = [Infinity, -Infinity, 0];
  let clientVersion: string | undefined;
  const processes = new Processes();
  const newest = new Map<number, Sample>();
  for (const row of rows) {
    first = Math.min(first, row.timestamp);
    last = Math.max(last, row.timestamp);
    if (row.params !== undefined) withParams++;
    clientVersion = row.clientVersion ?? clientVersion;
    if (row.pid === undefined || row.sessionId === undefined) continue;
    newest.set(processes.of(row.pid, row.processStart ?? NaN), row);
  }
  const live = [...newest.values()].filter(({ pid = 0, processStart }) =>
    isAlive(pid, processStart)
  );
  return {
    first: first === Infinity ? undefined : first,
    last: last === -Infinity ? undefined : last,
    withParams,
    clientVersion,
    liveSessions: new Set(live.map(({ sessionId }) => sessionId)).size,
  };
}
