/**
 * A log with its history as hooks and reading commands leave it: the rows of `big_log.ts`, moved by
 * perfmon's own rotation into segments of 501 rows (`--max-lines 1000 --keep 500`), all but the newest
 * compressed. Run it with
 * `deno run -A tests/bench/store.ts FOLDER [ROWS] [--one-session] [--plain]`; 1,000,000 rows unless told,
 * `--one-session` makes all calls one session's, `--plain` leaves the segments uncompressed. The log is
 * `FOLDER/performance.csv`.
 */
import type { Sample } from "../../src/row/sample.ts";
import { ensureFolder } from "../../src/files/folders.ts";
import { LogLock } from "../../src/log/log_lock.ts";
import type { LogLocation } from "../../src/log/location.ts";
import { resolveLog } from "../../src/log/resolve.ts";
import { maintainHistory } from "../../src/log/tidy_history.ts";
import { appendLocked, type AppendOptions } from "../../src/log/write/append.ts";
import { bigSamples, CALLS_PER_SESSION } from "./big_log.ts";

const MAX_LINES = 1000;
const KEEP = 500;

/** A limit that no store of a benchmark reaches: none of its rows is pruned. */
const OPTIONS: AppendOptions = {
  layout: "full",
  history: "36500d,64GiB",
  rotation: { maxLines: MAX_LINES, keep: KEEP },
};

/** What a store is made of. */
export interface StoreOptions {
  /** A multiple of 1,000. */
  readonly rows: number;
  /** Whether all calls are of one session; false unless told. */
  readonly oneSession?: boolean;
  /** Whether the segments stay uncompressed; false unless told. */
  readonly plain?: boolean;
}

/** Makes a store in a folder; where a log is there already, its rows are added. */
export async function makeStore(
  folder: string,
  { rows, oneSession = false, plain = false }: StoreOptions,
): Promise<LogLocation> {
  ensureFolder(folder);
  const location = resolveLog(`${folder}/performance.csv`);
  ensureFolder(location.folder);
  const calls = oneSession ? rows / 2 : CALLS_PER_SESSION;
  {
    using lock = await LogLock.acquire(location.folder);
    for (const samples of batches(bigSamples(rows, calls))) {
      const problem = await appendLocked(location, lock, () => samples, OPTIONS);
      if (problem !== undefined) throw new Error(problem);
    }
  }
  if (!plain) await maintainHistory(location);
  return location;
}

/** Batches of which each makes a rotation due with its last row, as if rows were appended one by one. */
function* batches(groups: Iterable<readonly Sample[]>): Generator<Sample[]> {
  let batch: Sample[] = [];
  let size = MAX_LINES + 1;
  for (const group of groups) {
    for (const sample of group) {
      if (batch.push(sample) < size) continue;
      yield batch;
      batch = [];
      size = MAX_LINES + 1 - KEEP;
    }
  }
  if (batch.length > 0) yield batch;
}

if (import.meta.main) {
  const names = Deno.args.filter((each) => !each.startsWith("--"));
  const [folder, rows = "1000000"] = names;
  if (folder === undefined) {
    throw new Error("usage: store.ts FOLDER [ROWS] [--one-session] [--plain]");
  }
  await makeStore(folder, {
    rows: Number(rows),
    oneSession: Deno.args.includes("--one-session"),
    plain: Deno.args.includes("--plain"),
  });
}
