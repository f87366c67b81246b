/** What the scripts of this folder share: a campaign tries one thing as often as it is told. */
import { parseArgs } from "node:util";
import type { Tool } from "../kit/tools.ts";

/** One thing that is tried many times by hand, and three times by the tests. */
export interface Campaign {
  /** How often it is tried by hand. */
  readonly usual: number;
  /** What may be missing on a machine. */
  readonly needs?: Tool[];
  /**
   * Tries it `count` times and returns in a line what was found; throws where a promise is broken. What
   * is random comes from the seed, though not the moments at which processes run.
   */
  run(count: number, seed: number): Promise<string>;
}

/**
 * Runs campaigns as a command line asks, `[NAME]… [COUNT] [--seed N]`: all of them unless it names some,
 * as often as usual unless it says a number. Prints what each found; a broken promise ends the script
 * with exit status 1.
 */
export async function runByHand(campaigns: Readonly<Record<string, Campaign>>): Promise<void> {
  const { positionals, values } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { seed: { type: "string" } },
  });
  const count = positionals.find((word) => /^\d+$/.test(word));
  const names = positionals.filter((word) => word !== count);
  const seed = Number(values.seed ?? Date.now() % 1e6);
  for (const name of names.length > 0 ? names : Object.keys(campaigns)) {
    const campaign = campaigns[name];
    if (campaign === undefined) throw new Error(`Unknown campaign "${name}"`);
    const before = performance.now();
    const found = await campaign.run(Number(count ?? campaign.usual), seed);
    const seconds = Math.round((performance.now() - before) / 1000);
    console.log(`${name}: ${found} (seed ${seed}, ${seconds} s)`);
  }
}
