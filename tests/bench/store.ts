/**
 * A log with its history as hooks and reading commands leave it: the rows of `big_log.ts`, moved by
 * perfmon's own rotation into segments of 501 rows (`--max-lines 1000 --keep 500`), which its own
 * maintenance compresses and merges. Run it with
 *
 *     deno run -A tests/bench/store.ts FOLDER [ROWS] [--days=N] [--calls=N] [--one-session] [--plain]
 *
 * 1,000,000 rows unless told, one session after the other, 500 calls each (`--calls`). With `--days` they
 * are the last so many days up to now; `--one-session` makes all calls one session's; `--plain` leaves the
 * segments as rotations do. The log is `FOLDER/performance.csv`.
 */
import type { Sample } from "../../src/row/sample.ts";
import { ensureFolder } from "../../src/files/folders.ts";
import { LogLock } from "../../src/log/log_lock.ts";
import type { LogLocation } from "../../src/log/location.ts";
import { resolveLog } from "../../src/log/resolve.ts";
import { maintainHistory } from "../../src/log/history/tidy_history.ts";
import { appendLocked, type AppendOptions } from "../../src/log/write/append.ts";
import { parseArgs } from "../../src/std/cli.ts";
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
  /** Calls of a session; 500 unless told. */
  readonly calls?: number | undefined;
  /** So many days up to now; all rows one after the other from a certain day on unless told. */
  readonly days?: number | undefined;
  /** Whether the segments stay uncompressed; false unless told. */
  readonly plain?: boolean;
}

/** Makes a store in a folder; where a log is there already, its rows are added. */
export async function makeStore(
  folder: string,
  { rows, calls, days, plain = false }: StoreOptions,
): Promise<LogLocation> {
  ensureFolder(folder);
  const location = resolveLog(`${folder}/performance.csv`);
  ensureFolder(location.folder);
  const now = Math.floor(Date.now() / 1000);
  const span = days === undefined ? undefined : [now - days * 86_400, now] as const;
  {
    using lock = await LogLock.acquire(location.folder);
    for (const samples of batches(bigSamples(rows, { calls, span }))) {
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
  const { _: [folder, rows = 1_000_000], ...flags } = parseArgs(Deno.args, {
    boolean: ["one-session", "plain"],
  });
  if (folder === undefined) throw new Error("usage: store.ts FOLDER [ROWS] [FLAG…]");
  const isOne = flags["one-session"] === true;
  await makeStore(String(folder), {
    rows: Number(rows),
    calls: isOne ? Number(rows) / 2 : Number(flags["calls"] ?? CALLS_PER_SESSION),
    days: flags["days"] === undefined ? undefined : Number(flags["days"]),
    plain: flags["plain"] === true,
  });
}
