/**
 * Calls of Bash, one after the other, while the process that watches them is killed, or stopped for a while, at
 * random moments; in the end each hook's row is there, and nothing else is left:
 * `deno run -A tests/campaigns/killed_samplers.ts [killed|stopped] [BURSTS] [--seed N]`.
 */
import { recordsOf } from "../kit/log_files.ts";
import { expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { WatchedCalls } from "../slow/sampler/watched_calls.ts";
import { waitFor } from "../kit/waits.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { random } from "./random.ts";

/** A call takes about so long, milliseconds, its hooks included; the signal comes at some moment of it. */
const CALL_MS = 300;
/** A stopped sampler goes on after at most so many milliseconds. */
const STOPPED_MS = 1500;
/** No hook takes longer, milliseconds: it waits for no sampler. */
const LATE_MS = 5000;
/** With fewer bursts, on a machine that may be busy with other tests, times are no measure. */
const BURSTS = 10;

/** What the bursts came to. */
interface Outcome {
  signals: number;
  peaks: number;
  slowest: number;
}

async function burst(
  calls: WatchedCalls,
  id: string,
  outcome: Outcome,
  disturb: () => Promise<boolean>,
): Promise<void> {
  const command = "sleep 0.1";
  const timed = async (moment: "start" | "end"): Promise<void> => {
    const begin = performance.now();
    await calls.rec(moment, id, command);
    outcome.slowest = Math.max(outcome.slowest, performance.now() - begin);
  };
  const call = async (): Promise<void> => {
    await timed("start");
    await calls.shell(command).spawn().output();
    await timed("end");
  };
  const [, isDone] = await Promise.all([call(), disturb()]);
  if (isDone) outcome.signals++;
  // Of two that began at once one ends by itself.
  await waitFor(() => calls.samplers().length <= 1, "one sampler at most");
}

async function bursts(count: number, seed: number, isKilled: boolean): Promise<string> {
  const next = random(seed);
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  const outcome: Outcome = { signals: 0, peaks: 0, slowest: 0 };
  const disturb = async (): Promise<boolean> => {
    await pause(next() * CALL_MS);
    const [pid] = calls.samplers();
    if (pid === undefined || !signal(pid, isKilled ? "SIGKILL" : "SIGSTOP")) return false;
    if (isKilled) return true;
    await pause(next() * STOPPED_MS);
    return signal(pid, "SIGCONT");
  };
  for (let number = 0; number < count; number++) await burst(calls, `t${number}`, outcome, disturb);
  await burst(calls, "last", outcome, () => Promise.resolve(false));
  // Of log and history: there are more rows than a log keeps.
  const exported = expectExit(await perfmon(["export", "csv", "--file", calls.log]), 0).stdout;
  Deno.writeTextFileSync(`${folder.path}/all.csv`, exported);
  const rows = recordsOf(`${folder.path}/all.csv`);
  const ids = (event: string): string[] =>
    rows.filter((row) => row["event"] === event).map((row) => row["tool_use_id"] ?? "");
  const wanted = [...Array.from({ length: count }, (_, number) => `t${number}`), "last"];
  assertEquals(ids("start"), wanted, `starts (seed ${seed})`);
  assertEquals(ids("end"), wanted, `ends (seed ${seed})`);
  const peaks = ids("peak");
  assertEquals(peaks.length, new Set(peaks).size, `a call has one peak (seed ${seed})`);
  if (count < BURSTS) await calls.end();
  else assert(outcome.slowest < LATE_MS, `a hook took ${outcome.slowest} ms (seed ${seed})`);
  await waitFor(() => calls.samplers().length === 0, "the last sampler to end");
  assertEquals(calls.lockFiles(), [], "no lock is left");
  return `${count} calls, ${outcome.signals} signals; each row there, ${peaks.length} peaks; ` +
    `the slowest hook ${outcome.slowest.toFixed(0)} ms; nothing left`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function signal(pid: number, name: Deno.Signal): boolean {
  try {
    Deno.kill(pid, name);
    return true;
  } catch {
    return false; // ended meanwhile
  }
}

export const campaigns: Readonly<Record<string, Campaign>> = {
  killed: { usual: 1000, run: (count, seed) => bursts(count, seed, true) },
  stopped: { usual: 200, run: (count, seed) => bursts(count, seed, false) },
};

if (import.meta.main) await runByHand(campaigns);
