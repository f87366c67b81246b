/**
 * `perfmon report` and other commands on a store as hooks leave it (`store.ts`): on 1,000 rows and on 120,000 of 90
 * days against an empty program compiled the same way, on 1,000,000 against DuckDB and pandas on the same rows as
 * one CSV file. Paired, interleaved runs, medians, peak memory. Run it on a quiet machine with
 * `deno run -A tests/bench/big_report.ts [RUNS [ROWS]]`.
 * Needs /usr/bin/python3 with pandas, and /usr/bin/time (GNU); fetches `@duckdb/node-api` from npm.
 */
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { writeBigLog } from "./big_log.ts";
import { compileEmpty } from "./measure.ts";
import { makeStore } from "./store.ts";

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
}

interface Run {
  /** Wall time. */
  readonly milliseconds: number;
  /** Peak resident set, KiB, of the process itself. */
  readonly peak: number;
}

/** Runs a command with its output thrown away. */
async function run(command: readonly string[]): Promise<Run> {
  using folder = temporaryFolder();
  const report = `${folder.path}/time`;
  const started = performance.now();
  const { success } = await new Deno.Command("/usr/bin/time", {
    args: ["-f", "%M", "-o", report, ...command],
    env: { HOME: folder.path, DENO_DIR: Deno.env.get("DENO_DIR") ?? DENO_DIR },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn().status;
  const milliseconds = performance.now() - started;
  if (!success) throw new Error(`Failed: ${command.join(" ")}`);
  return { milliseconds, peak: Number(await Deno.readTextFile(report)) };
}

const DENO_DIR = `${Deno.env.get("HOME")}/.cache/deno`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Prints the medians; the ratio is to the first contender's. */
async function compare(contenders: readonly Contender[], runs: number): Promise<void> {
  const results: Run[][] = contenders.map(() => []);
  for (let round = -1; round < runs; round++) { // the first round warms up the caches
    for (const [index, { command }] of contenders.entries()) {
      const result = await run(command);
      if (round >= 0) results[index]?.push(result);
    }
  }
  const medians = results.map((each) => median(each.map(({ milliseconds }) => milliseconds)));
  for (const [index, { name }] of contenders.entries()) {
    const time = medians[index] ?? NaN;
    const peak = Math.max(...results[index]?.map((each) => each.peak) ?? []) / 1024;
    console.log(
      `${name.padEnd(36)} ${time.toFixed(1).padStart(9)} ms  x${
        (time / (medians[0] ?? NaN)).toFixed(3)
      }  peak ${peak.toFixed(0).padStart(4)} MiB`,
    );
  }
}

const [runs = "5", rows = "1000000"] = Deno.args;
using folder = temporaryFolder();
const perfmon = `${folder.path}/perfmon`;
await Deno.copyFile(binary, perfmon); // fresh copies, so that no file's place in the cache favours one
const empty = { name: "empty program", command: [await compileEmpty(folder.path)] };
const contender = (log: string, ...args: readonly string[]): Contender => ({
  name: `perfmon ${args.join(" ")}`,
  command: [perfmon, ...args, "--file", log],
});

const small = `${folder.path}/small.csv`;
await writeBigLog(small, 1000);
console.log("1,000 rows");
await compare([empty, contender(small, "report", "--all")], 8 * Number(runs));

const { path: busy } = await makeStore(`${folder.path}/busy`, {
  rows: 120_000,
  calls: 50,
  days: 90,
});
console.log("120,000 rows of 90 days");
await compare([empty, contender(busy, "report"), contender(busy, "report", "--all")], Number(runs));

const large = `${folder.path}/large.csv`;
await writeBigLog(large, Number(rows));
const { path: store } = await makeStore(`${folder.path}/store`, { rows: Number(rows) });
console.log(`${rows} rows, ${((await Deno.stat(large)).size / 1e6).toFixed(0)} MB`);
const duckdb = `${import.meta.dirname}/big_report_duckdb.ts`;
await compare([
  { name: "DuckDB", command: [Deno.execPath(), "run", "-A", "--no-config", duckdb, large] },
  contender(store, "report", "--all"),
  contender(store, "top", "--all"),
  contender(store, "tail"),
  contender(store, "check", "--all", "--max-duration", "10h"),
  contender(store, "status"),
  {
    name: "pandas",
    command: ["/usr/bin/python3", `${import.meta.dirname}/big_report_pandas.py`, large],
  },
], Number(runs));
