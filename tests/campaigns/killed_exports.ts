/**
 * `perfmon export prometheus` is killed again and again beside hooks that rotate the log and prune its
 * history, and each call is counted once, never fewer than before:
 * `deno run -A tests/campaigns/killed_exports.ts [CALLS] [--seed N]`, so many calls of each of three sessions.
 */
import { existsSync } from "@std/fs";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { random } from "./random.ts";

const SESSIONS = 3;
const LIMITS = ["--max-lines", "10", "--keep", "5", "--history", "1KiB"];
/** Kills come within so many milliseconds of an export's start. */
const LONGEST_MS = 50;

/** Records the calls of one session, one after the other. */
async function recordCalls(file: string, session: number, calls: number): Promise<void> {
  for (let number = 0; number < calls; number++) {
    const id = `toolu_${session}_${number}`;
    const stdin = `{"session_id":"s${session}","tool_name":"Bash","tool_use_id":"${id}"}\n`;
    for (const event of ["start", "end"]) {
      expectExit(await perfmon(["rec", event, "--file", file, ...LIMITS], { stdin }), 0);
    }
  }
}

/** The calls that the exported file counts; none where there is no file yet. */
function countedCalls(output: string): number {
  if (!existsSync(output)) return 0;
  return Deno.readTextFileSync(output).split("\n")
    .filter((line) => line.startsWith("perfmon_tool_calls_total"))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

async function killExports(calls: number, seed: number): Promise<string> {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  const output = `${folder.path}/perfmon.prom`;
  const args = ["export", "prometheus", "--file", file, "--output", output];
  const next = random(seed);
  const tally = { exports: 0, killed: 0 };
  let isDone = false;
  const exportAll = async (): Promise<void> => {
    for (let last = 0; !isDone; tally.exports++) {
      const child = new Deno.Command(binary, { args, stderr: "null" }).spawn();
      const after = tally.exports % 3 === 0 ? undefined : next() * LONGEST_MS;
      const timer = after === undefined ? undefined : setTimeout(() => kill(child), after);
      if ((await child.status).signal === "SIGKILL") tally.killed++;
      clearTimeout(timer);
      const now = countedCalls(output);
      assert(now >= last, `${last}, then ${now} (seed ${seed})`);
      last = now;
    }
  };
  await recordCalls(file, 0, calls);
  const exporting = exportAll();
  const others = Array.from({ length: SESSIONS - 1 }, (_, index) => index + 1);
  try {
    await Promise.all(others.map((session) => recordCalls(file, session, calls)));
  } finally {
    isDone = true;
    await exporting;
  }
  expectExit(await perfmon(args), 0);
  assertEquals(countedCalls(output), SESSIONS * calls, `seed ${seed}`);
  return `${tally.exports} exports, ${tally.killed} of them killed: ` +
    `${SESSIONS * calls} calls, each counted once, never fewer than before`;
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has just ended
  }
}

export const campaigns: Record<string, Campaign> = {
  killed_exports: { usual: 200, run: killExports },
};

if (import.meta.main) await runByHand(campaigns);
