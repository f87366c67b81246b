/**
 * Somebody else, such as the client, writes a settings file again and again while `perfmon hooks install`
 * and `remove` change it, and next to none of those writes is undone:
 * `deno run -A tests/campaigns/settings_race.ts [WRITES] [--seed N]`.
 */
import { perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { random } from "./random.ts";

/** Milliseconds between two writes, at most. */
const LONGEST_MS = 10;
/** One write of so many may be undone: perfmon can't look and replace in one step. */
const WRITES_PER_LOSS = 5000;

/** What the settings say of the last write, besides hooks. */
interface Settings {
  env?: { WRITES?: number };
  [key: string]: unknown;
}

async function raceSettings(writes: number, seed: number): Promise<string> {
  using folder = temporaryFolder();
  const path = `${folder.path}/.claude/settings.json`;
  Deno.mkdirSync(`${folder.path}/.claude`);
  Deno.writeTextFileSync(path, "{}");
  const next = random(seed);
  const tally = { runs: 0, refused: 0, lost: 0 };
  let isDone = false;
  const change = async (): Promise<void> => {
    while (!isDone) {
      const command = tally.runs++ % 2 === 0 ? "install" : "remove";
      const { code, stderr } = await perfmon(["hooks", command], { env: { HOME: folder.path } });
      if (code === 0) continue;
      assert(/something else changed it meanwhile|Invalid JSON/.test(stderr), stderr);
      tally.refused++;
    }
  };
  const running = change();
  for (let write = 1; write <= writes; write++) {
    await new Promise((resolve) => setTimeout(resolve, next() * LONGEST_MS));
    const { env, ...rest }: Settings = JSON.parse(Deno.readTextFileSync(path));
    if ((env?.WRITES ?? 0) !== write - 1) tally.lost++;
    writeAnew(path, JSON.stringify({ ...rest, env: { WRITES: write } }, null, 2), next() < 0.5);
  }
  isDone = true;
  await running;
  const { env }: Settings = JSON.parse(Deno.readTextFileSync(path));
  if (env?.WRITES !== writes) tally.lost++;
  assert(tally.lost <= Math.max(1, writes / WRITES_PER_LOSS), `${tally.lost} writes were undone`);
  assertEquals([...Deno.readDirSync(folder.path)].length, 1);
  return `${tally.lost} of ${writes} writes were undone by ${tally.runs} runs, of which ${tally.refused} stood back`;
}

/** Writes as one editor or another does: in place, or a new file over the old one. */
function writeAnew(path: string, text: string, inPlace: boolean): void {
  if (inPlace) return Deno.writeTextFileSync(path, text);
  Deno.writeTextFileSync(`${path}.new`, text);
  Deno.renameSync(`${path}.new`, path);
}

export const campaigns: Record<string, Campaign> = {
  settings_race: { usual: 5000, run: raceSettings },
};

if (import.meta.main) await runByHand(campaigns);
