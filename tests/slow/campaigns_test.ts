/** Each campaign with a count of three, or of more where a try costs nothing: that it works, and finds nothing. */
import { assertEquals } from "../std/std_assert.ts";
import type { Campaign } from "../campaigns/campaign.ts";
import { campaigns as fuzz } from "../campaigns/fuzz.ts";
import { campaigns as fuzzBinary } from "../campaigns/fuzz_binary.ts";
import { campaigns as interruptedDrains } from "../campaigns/interrupted_drains.ts";
import { campaigns as killedDrains } from "../campaigns/killed_drains.ts";
import { campaigns as killedExports } from "../campaigns/killed_exports.ts";
import { campaigns as killedInstalls } from "../campaigns/killed_installs.ts";
import { campaigns as killedSamplers } from "../campaigns/killed_samplers.ts";
import { campaigns as killedWriters } from "../campaigns/killed_writers.ts";
import { campaigns as largePayload } from "../campaigns/large_payload.ts";
import { campaigns as manyWriters } from "../campaigns/many_writers.ts";
import { campaigns as settingsRace } from "../campaigns/settings_race.ts";
import { testWith } from "../kit/tools.ts";

const COUNT = 3;

/** The campaigns by script. */
const SCRIPTS: Readonly<Record<string, Readonly<Record<string, Campaign>>>> = {
  fuzz,
  fuzz_binary: fuzzBinary,
  interrupted_drains: interruptedDrains,
  killed_drains: killedDrains,
  killed_exports: killedExports,
  killed_installs: killedInstalls,
  killed_samplers: killedSamplers,
  killed_writers: killedWriters,
  large_payload: largePayload,
  many_writers: manyWriters,
  settings_race: settingsRace,
};

/** Scripts whose tries take next to no time. */
const MORE: Readonly<Record<string, number>> = {
  fuzz: 400,
  fuzz_binary: 25,
  interrupted_drains: 2500,
};

for (const [script, campaigns] of Object.entries(SCRIPTS)) {
  for (const [name, campaign] of Object.entries(campaigns)) {
    const count = MORE[script] ?? COUNT;
    testWith(campaign.needs ?? [], `campaign ${script}, ${name}: ${count} tries`, async () => {
      await campaign.run(count, Date.now() % 1e6);
    });
  }
}

/** Scripts that take minutes and a network whatever the count: by hand only. */
const BY_HAND = ["user_lands.ts"];

Deno.test("each campaign is tried", () => {
  const folder = `${import.meta.dirname}/../campaigns`;
  const scripts = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts") && !BY_HAND.includes(name))
    .filter((name) => Deno.readTextFileSync(`${folder}/${name}`).includes("if (import.meta.main)"));
  assertEquals(scripts.toSorted(), Object.keys(SCRIPTS).map((name) => `${name}.ts`));
});
