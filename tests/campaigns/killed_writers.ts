/**
 * Writers are killed at a random moment, with a rotation at every few rows, and nothing that was
 * acknowledged is missing: `deno run -A tests/campaigns/killed_writers.ts [KILLS] [--seed N]`.
 */
import { ensureDirSync, walkSync } from "@std/fs";
import { assert, assertEquals } from "../std/std_assert.ts";
import { toolsOf } from "../kit/log_files.ts";
import { binary, expectExit, exportedTools, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { random } from "./random.ts";
import { type Campaign, runByHand } from "./campaign.ts";

/** Processes at once. */
const WRITERS = 6;
/** Kills come up to so much later than a writer takes on average, so that some end before. */
const REACH = 1.4;
const LIMITS = ["--max-lines", "20", "--keep", "10"];

/** What became of the rows. */
interface Tally {
  /** Their process exited with 0. */
  readonly acknowledged: string[];
  killed: number;
  /** What a writer took that was not killed, milliseconds: a moving average. */
  typical: number;
}

async function recordAndKill(
  log: string,
  tool: string,
  after: number | undefined,
  tally: Tally,
): Promise<void> {
  const child = new Deno.Command(binary, {
    args: ["rec", "end", "--tool", tool, "--file", log, ...LIMITS],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const before = performance.now();
  const timer = after === undefined ? undefined : setTimeout(() => kill(child), after);
  const { code, signal, stdout } = await child.output();
  clearTimeout(timer);
  assertEquals(stdout.length, 0, "nothing on stdout");
  if (signal === "SIGKILL") tally.killed++;
  else {
    assertEquals(code, 0);
    tally.acknowledged.push(tool);
    if (after === undefined) tally.typical += (performance.now() - before - tally.typical) / 20;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has just ended
  }
}

function filesIn(folder: string): string[] {
  return Array.from(walkSync(folder, { includeDirs: false }))
    .map(({ path }) => path.slice(folder.length + 1)).toSorted();
}

/** Other programs' files beside the log, which nobody may touch. */
const FOREIGN = { "notes.txt": "mine", "performance.d/history/mine.csv.tmp": "mine, too" };

async function killWriters(kills: number, seed: number): Promise<string> {
  const next = random(seed);
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  ensureDirSync(`${folder.path}/performance.d/history`);
  for (const [name, text] of Object.entries(FOREIGN)) {
    Deno.writeTextFileSync(`${folder.path}/${name}`, text);
  }

  const tally: Tally = { acknowledged: [], killed: 0, typical: 60 };
  let started = 0;
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    while (tally.killed < kills) {
      // Every third is left alone: by these it is known how long a writer takes just now.
      const after = started % 3 === 0 ? undefined : next() * REACH * tally.typical;
      await recordAndKill(log, `t${started++}`, after, tally);
    }
  }));
  await recordOn(log, tally.acknowledged);
  const written = await expectWhole(log, tally.acknowledged, seed);
  expectNoLeftovers(folder.path);
  return `${started} writers, ${tally.killed} of them killed: ` +
    `${tally.acknowledged.length} rows acknowledged, none missing; ` +
    `${written - tally.acknowledged.length} more written before the kill; none torn or twice`;
}

/** Whoever comes next finishes what they left: by then nothing of theirs lies about. */
async function recordOn(log: string, acknowledged: string[]): Promise<void> {
  for (let more = 0; more < 45; more++) {
    const tool = `after${more}`;
    const args = ["rec", "end", "--tool", tool, "--file", log, ...LIMITS];
    assertEquals(expectExit(await perfmon(args), 0).stderr, "");
    acknowledged.push(tool);
  }
}

/** Each acknowledged row is there, once, and none is torn; returns how many rows there are. */
async function expectWhole(
  log: string,
  acknowledged: readonly string[],
  seed: number,
): Promise<number> {
  const tools = await exportedTools(log); // a row is written in one piece, or not at all
  const known = new Set(tools);
  assertEquals(known.size, tools.length, "no row twice");
  assertEquals(acknowledged.filter((tool) => !known.has(tool)), [], `seed ${seed}`);
  assert(toolsOf(log).length <= 20);
  expectExit(await perfmon(["report", "--file", log]), 0); // compresses the history
  return tools.length;
}

function expectNoLeftovers(folder: string): void {
  for (const [name, text] of Object.entries(FOREIGN)) {
    assertEquals(Deno.readTextFileSync(`${folder}/${name}`), text);
  }
  const left = filesIn(folder).filter((name) =>
    !(name in FOREIGN) && !/^performance\.(csv|d\/lock|d\/history\/\d{8}\.csv(\.gz)?)$/.test(name)
  );
  assertEquals(left, [], "no leftovers");
}

export const campaigns: Record<string, Campaign> = {
  killed_writers: { usual: 1000, run: killWriters },
};

if (import.meta.main) await runByHand(campaigns);
