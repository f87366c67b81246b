import { temporaryFolder } from "../../cli/ending.ts";
import { variable } from "../../files/environment.ts";
import { hasEnded } from "../../calls/call.ts";
import { quantile } from "../../stats/quantiles.ts";
import {
  DEFAULT_OPTIONS,
  type Moment,
  optionsAt,
  readCommand,
  writeCommand,
} from "../../agents/claude/hooks/command_line.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import { programPath } from "../../agents/claude/hooks/programs.ts";
import { programsOnPath } from "../../files/programs.ts";
import { reasonOf } from "../../files/file_error.ts";
import { keepHookCost } from "../../log/cost_file.ts";
import { statIfThere } from "../../files/if_there.ts";
import type { LogLocation } from "../../log/location.ts";
import { resolveLog } from "../../log/resolve.ts";
import { ensureSpool } from "../../log/spool.ts";
import {
  type BenchFigures,
  benchRecord,
  benchText,
  hookCost,
  type Measurement,
} from "./bench_text.ts";
import { measureSampler } from "./bench_sampler.ts";
import { recordJson } from "../../summary/json.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { type HookLines, hookLines, runHook } from "../../agents/claude/hooks/hook_trial.ts";
import { OUTPUT_FLAGS, outputFormat, screen, warn, write, writeText } from "../../cli/output.ts";
import { Waiting } from "../../cli/progress.ts";
import { locate, readIfThere } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { readStat, TICKS } from "../../sampler/linux.ts";
import { SEED_RECIPES } from "../../agents/claude/hooks/inspect/recipes.ts";
import { toCalls } from "../../calls/to_calls.ts";
import { ledgerPath, surroundings } from "../../query/surroundings.ts";
import { plural } from "../../text/units.ts";

const DEFAULT_ROUNDS = 30;
/** Rounds before the first that counts: files come into memory. */
const WARM_UP = 3;
const WEEK_SECONDS = 7 * 86_400;

export const command: Command = {
  name: "bench",
  readsLog: true,
  summary: "What the hooks cost here: their own command lines, beside the shell recipe",
  flags: [
    { name: "rounds", short: "n", value: "N", help: `Runs of each; default ${DEFAULT_ROUNDS}` },
    FILE_FLAG,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "Runs the installed hooks' own command lines under sh, as Claude Code does, in turn with those of " +
    "the other way to record (binary or spool), /bin/true and the shell recipe that perfmon replaces, all into logs of their own in a temporary folder. " +
    "The times are what a call waits for hooks that are waited for; of those that nobody waits for " +
    "(the default) it waits for the start alone, about as long as for /bin/true, and the CPU is used " +
    'beside it. The result is kept for "perfmon status" and the last lines of "perfmon report". On a busy machine it says what hooks cost then.',
    "MEDIAN, LONGEST and HALF OF THEM (the middle half) are times from the start of a command line to its end, CPU what " +
    "it and its processes used. Where the hooks start the sampler, it watches a call of three seconds, and " +
    "its own CPU and memory are told, too (Linux).",
  ],
  examples: [["bench", "how long does each tool call wait for the hooks?"]],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const rounds = args.count("rounds", DEFAULT_ROUNDS, 1);
  const location = locate(args);
  const figures = await measure(location, rounds);
  keep(location, figures);
  if (format === "json") write(recordJson(benchRecord(figures)));
  else if (format === "csv") {
    const { recordCsv } = await import("../../summary/csv.ts");
    write(recordCsv(benchRecord(figures)));
  } else {
    const target = screen(args);
    writeText(benchText(figures, target.width), target);
  }
  return EXIT.ok;
}

/** Where there is a log, or perfmon's folder beside it, as after an install; for others nothing is created. */
function keep(location: LogLocation, figures: BenchFigures): void {
  const cost = hookCost(figures, Date.now() / 1000);
  const isThere = [location.path, location.folder].some((each) => statIfThere(each) !== undefined);
  if (cost === undefined || !isThere) return;
  try {
    keepHookCost(location, cost);
  } catch (error) {
    warn(`The result can't be kept for perfmon status: ${reasonOf(error)}`);
  }
}

/** One command, run once: returns milliseconds. */
type Run = () => Promise<number>;

async function measure(location: LogLocation, rounds: number): Promise<BenchFigures> {
  using _waiting = new Waiting(`Measuring ${plural(rounds, "round")} of each command`);
  const hooks = inspectHooks(surroundings(), ledgerPath());
  using temporary = temporaryFolder("perfmon-bench-");
  const folder = temporary.path;
  const log = `${folder}/performance.csv`;
  const program = programPath(Deno.execPath(), variable("PATH") ?? "");
  const lines = hookLines(hooks, program, log);
  ensureSpool(resolveLog(log));
  const runs = commands(lines, otherWay(lines, program, log), folder, log);
  const measurements = await inTurn(runs, rounds);
  return {
    rounds,
    isAsync: [lines.start, lines.end].every((each) => readCommand(each)?.isAsync === true),
    line: hookLines(hooks, program, undefined).start,
    isInstalled: lines.isInstalled,
    records: lines.spools ? "spool" : "binary",
    measurements,
    sampler: await measureSampler(lines, log, (start) => cpuOf(start, rounds)),
    ...await typicalCall(location),
  };
}

interface Candidate extends Pick<Measurement, "name" | "side"> {
  /** `undefined` where it can't be run here. */
  readonly run: Run | undefined;
}

/** What `hooks install --via` the way that is not installed would write, into the same log. */
function otherWay(lines: HookLines, program: string, log: string): HookLines {
  const via = lines.spools ? {} : { via: "spool" as const };
  const { watch, ...others } = DEFAULT_OPTIONS;
  const options = { ...others, ...(lines.spools ? { watch } : {}), file: log };
  const line = (moment: Moment): string =>
    writeCommand({ moment, program, isAsync: true, options: optionsAt(moment, options), ...via });
  return { ...lines, start: line("start"), end: line("end"), spools: !lines.spools };
}

function commands(
  lines: HookLines,
  other: HookLines,
  folder: string,
  log: string,
): Candidate[] {
  const hook = (line: string, moment: "start" | "end", shell = "sh"): Run => async () => {
    const { code, took } = await runHook(line, moment, log, [shell], { HOME: folder });
    if (code === 0) return took;
    throw new CommandError(`Cannot measure: "${line}" exited with ${code}`, EXIT.no);
  };
  const way = other.spools ? "spool" : "binary";
  const hasBash = programsOnPath("bash", variable("PATH") ?? "").length > 0;
  Deno.mkdirSync(`${folder}/.claude`);
  const recipe = (moment: "start" | "end"): Run | undefined =>
    hasBash ? hook(SEED_RECIPES[moment], moment, "bash") : undefined;
  return [
    { name: "perfmon, start", side: "perfmon", run: hook(lines.start, "start") },
    { name: "perfmon, end", side: "perfmon", run: hook(lines.end, "end") },
    { name: `via ${way}, start`, side: "other way", run: hook(other.start, "start") },
    { name: `via ${way}, end`, side: "other way", run: hook(other.end, "end") },
    { name: "shell recipe, start", side: "recipe", run: recipe("start") },
    { name: "shell recipe, end", side: "recipe", run: recipe("end") },
    { name: "/bin/true", side: "none", run: hook("exec /bin/true", "start") },
  ];
}

/** Runs all in turn, so that what else the machine does meets each alike. */
async function inTurn(candidates: readonly Candidate[], rounds: number): Promise<Measurement[]> {
  const seconds = candidates.map((): number[] => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [index, { run }] of candidates.entries()) {
      if (run === undefined) continue;
      const took = await run();
      if (round >= 0) seconds[index]?.push(took / 1000);
    }
  }
  const measurements: Measurement[] = [];
  for (const [index, { name, side, run }] of candidates.entries()) {
    const sorted = (seconds[index] ?? []).sort((a, b) => a - b);
    const cpuSeconds = run === undefined ? undefined : await cpuOf(run, rounds);
    measurements.push({ name, side, seconds: sorted, cpuSeconds });
  }
  return measurements;
}

/**
 * CPU seconds of one run, its children's with it; `undefined` where nothing tells. The kernel counts them in
 * hundredths of a second, so it takes the runs one after the other, and their mean.
 */
async function cpuOf(run: Run, rounds: number): Promise<number | undefined> {
  const before = waitedForCpu();
  for (let round = 0; round < rounds; round++) await run();
  const after = waitedForCpu();
  return before === undefined || after === undefined ? undefined : (after - before) / rounds;
}

/** CPU seconds of all children that this process has waited for. */
function waitedForCpu(): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const { childUserTicks, childSystemTicks } = readStat(Deno.pid, "/proc");
  return (childUserTicks + childSystemTicks) / TICKS;
}

async function typicalCall(
  location: LogLocation,
): Promise<Pick<BenchFigures, "calls" | "callSeconds">> {
  const contents = await readIfThere(location);
  const since = Date.now() / 1000 - WEEK_SECONDS;
  const durations = toCalls(contents?.rowList ?? [], {})
    .filter((call) => hasEnded(call) && (call.endTime ?? 0) >= since)
    .flatMap(({ durationSeconds }) => durationSeconds ?? []);
  return { calls: durations.length, callSeconds: quantile(durations.sort((a, b) => a - b), 0.5) };
}
