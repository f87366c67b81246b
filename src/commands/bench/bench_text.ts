import type { HookCost } from "../../log/hook_cost.ts";
import { quantile } from "../../stats/quantiles.ts";
import { formatBytes, formatDuration, formatPercent, plural } from "../../text/units.ts";
import type { FlatRecord } from "../../summary/records.ts";
import { type Column, layOut, wrap } from "../../text/table.ts";

/** One command that was measured. */
export interface Measurement {
  readonly name: string;
  /** Whose hooks it is one of: perfmon's, the same installed the other way, or the recipe's. */
  readonly side: "perfmon" | "other way" | "recipe" | "none";
  /** Seconds of each run, ascending; empty where the command can't be run here. */
  readonly seconds: readonly number[];
  /** CPU seconds of one run, its children's with it; `undefined` where nothing tells. */
  readonly cpuSeconds?: number | undefined;
}

/** What the sampler uses while it watches a call of one process. */
export interface SamplerCost {
  /** CPU seconds in a second. */
  readonly cpuShare: number;
  /** Resident set, KiB. */
  readonly memoryRss: number | undefined;
  /** How long the call was, seconds. */
  readonly seconds: number;
  /** CPU seconds of the hook of a start while the sampler runs. */
  readonly start: number | undefined;
}

/** What `perfmon bench` found out. */
export interface BenchFigures {
  readonly rounds: number;
  /** The hook's command line of a start. */
  readonly line: string;
  /** Whether it stands so in a settings file; otherwise it is what `hooks install` would write. */
  readonly isInstalled: boolean;
  /** Whether nobody waits for the hooks. */
  readonly isAsync: boolean;
  /** By what it records. */
  readonly records: "binary" | "spool";
  readonly measurements: readonly Measurement[];
  /** `undefined` where the hooks start none. */
  readonly sampler?: SamplerCost | undefined;
  /** Median duration of the calls of the last 7 days, seconds; `undefined` where there are none. */
  readonly callSeconds: number | undefined;
  readonly calls: number;
}

/**
 * Seconds that a call waits for one side's hooks where it waits for them: the sum of their medians;
 * `undefined` where one is not known.
 */
export function costOf(figures: BenchFigures, side: Measurement["side"]): number | undefined {
  return sumOf(figures, side, medianOf);
}

/** CPU seconds that one side's hooks use a call; `undefined` where that of one is not known. */
export function cpuOf(figures: BenchFigures, side: Measurement["side"]): number | undefined {
  return sumOf(figures, side, ({ cpuSeconds }) => cpuSeconds);
}

function sumOf(
  { measurements }: BenchFigures,
  side: Measurement["side"],
  valueOf: (measurement: Measurement) => number | undefined,
): number | undefined {
  return measurements.filter((each) => each.side === side).map(valueOf).reduce(
    (sum, each) => sum === undefined || each === undefined ? undefined : sum + each,
    0,
  );
}

/** The median of a command's runs, seconds. */
export function medianOf({ seconds }: Measurement): number | undefined {
  return quantile(seconds, 0.5);
}

const COLUMNS: readonly Column<Measurement>[] = [
  { header: "COMMAND", cell: ({ name }) => name, isText: true },
  { header: "MEDIAN", cell: (each) => milliseconds(medianOf(each)) },
  { header: "HALF OF THEM", cell: ({ seconds }) => middleHalf(seconds) },
  { header: "LONGEST", cell: ({ seconds }) => milliseconds(seconds.at(-1)) },
  { header: "CPU", cell: ({ cpuSeconds }) => milliseconds(cpuSeconds) },
];

/** The table, and in words what a call waits. */
export function benchText(figures: BenchFigures, width: number): string {
  const { line, isInstalled, rounds, measurements } = figures;
  const source = isInstalled ? "as installed" : "not installed; as install would write it";
  const head = `${plural(rounds, "round")} of each, in turn. The hook (${source}): ${line}`;
  return [
    ...wrap(head, width, ""),
    "",
    ...layOut(COLUMNS, measurements, width).lines,
    "",
    ...wrap(conclusion(figures) + samplerText(figures), width, ""),
  ].join("\n") + "\n";
}

function conclusion(figures: BenchFigures): string {
  const { callSeconds, calls, isAsync } = figures;
  const cost = costOf(figures, "perfmon");
  const share = cost === undefined || callSeconds === undefined
    ? "no call is recorded yet to compare with"
    : `${formatPercent(cost / callSeconds)} of a typical one (median of ${
      plural(calls, "call")
    } in 7 days: ${formatDuration(callSeconds)})`;
  const waited = `${milliseconds(cost)} for both hooks, ${share}`;
  const [valueOf, what] = isAsync ? [cpuOf, " of CPU"] as const : [costOf, ""] as const;
  const recipe = valueOf(figures, "recipe");
  const otherWay = figures.records === "spool" ? "binary" : "spool";
  const beside =
    `; with --via ${otherWay} it would be ${milliseconds(valueOf(figures, "other way"))}${what}` +
    (recipe === undefined ? "" : `, with the shell recipe ${milliseconds(recipe)}${what}`);
  if (!isAsync) return `A call waits ${waited}${beside}`;
  return `Nobody waits for the hooks: Claude Code starts them and goes on. They use ${
    milliseconds(cpuOf(figures, "perfmon"))
  } of CPU beside a call${beside}. With --wait a call would wait ${waited}`;
}

function samplerText({ line, sampler }: BenchFigures): string {
  if (!/--watch\b/.test(line)) return "";
  if (sampler === undefined) {
    return ". Not counted: the sampler, which watches calls of Bash (perfmon status has its CPU while it runs)";
  }
  const { cpuShare, memoryRss, seconds, start } = sampler;
  const held = memoryRss === undefined ? "" : ` and ${formatBytes(1024 * memoryRss)} of memory`;
  return `. Beside that the sampler, which watches calls of Bash, used ${
    formatPercent(cpuShare)
  } of a core${held} in a call of ${
    formatDuration(seconds)
  } (less in a longer one); a hook of a start that found it running, ${milliseconds(start)} of CPU`;
}

function milliseconds(seconds: number | undefined): string {
  return seconds === undefined ? "–" : `${(1000 * seconds).toFixed(1)}ms`;
}

function middleHalf(seconds: readonly number[]): string {
  const [low, high] = [quantile(seconds, 0.25), quantile(seconds, 0.75)];
  return low === undefined || high === undefined
    ? "–"
    : `${(1000 * low).toFixed(1)} to ${milliseconds(high)}`;
}

/** The figures as a flat record, seconds. */
export function benchRecord(figures: BenchFigures): FlatRecord {
  const medians = figures.measurements.map((each): [string, number | null] => [
    `${keyOf(each)}_seconds`,
    medianOf(each) ?? null,
  ]);
  const cpu = figures.measurements.map((each): [string, number | null] => [
    `${keyOf(each)}_cpu_seconds`,
    each.cpuSeconds ?? null,
  ]);
  return {
    rounds: figures.rounds,
    command: figures.line,
    installed: figures.isInstalled,
    waited_for: !figures.isAsync,
    ...Object.fromEntries([...medians, ...cpu]),
    call_hooks_seconds: costOf(figures, "perfmon") ?? null,
    call_hooks_cpu_seconds: cpuOf(figures, "perfmon") ?? null,
    call_other_way_seconds: costOf(figures, "other way") ?? null,
    call_recipe_seconds: costOf(figures, "recipe") ?? null,
    sampler_cpu_share: figures.sampler?.cpuShare ?? null,
    sampler_rss_kib: figures.sampler?.memoryRss ?? null,
    start_with_sampler_cpu_seconds: figures.sampler?.start ?? null,
    call_median_seconds: figures.callSeconds ?? null,
    calls: figures.calls,
  };
}

function keyOf({ name }: Measurement): string {
  return name.replace(/\W+/g, "_").replace(/^_/, "");
}

/** The cost as it is kept for `perfmon status`; `undefined` where a hook could not be measured. */
export function hookCost(figures: BenchFigures, time: number): HookCost | undefined {
  const [start, end] = figures.measurements.filter(({ side }) => side === "perfmon").map(medianOf);
  if (start === undefined || end === undefined) return undefined;
  const cost = { time, startSeconds: start, endSeconds: end };
  const cpuSeconds = cpuOf(figures, "perfmon");
  return figures.isAsync && cpuSeconds !== undefined ? { ...cost, cpuSeconds } : cost;
}
