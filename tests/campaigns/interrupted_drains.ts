/**
 * A spool full of records, 50 of them bad, is drained by runs that are killed, told to end, or find the lock
 * taken; in the end each good record is one row and each bad one is named:
 * `deno run -A tests/campaigns/interrupted_drains.ts [RECORDS] [--seed N]`.
 */
import { readLog } from "../../src/log/read/read.ts";
import { resolveLog } from "../../src/log/resolve.ts";
import { errorLines } from "../../src/log/error_log.ts";
import { bashEvent } from "../kit/homes.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { ADA, ownAll } from "../kit/users.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { random } from "./random.ts";

const BAD = 50;
/** How drains are stopped, in turn. */
const WAYS = ["SIGKILL", "SIGTERM", "lock"] as const;
/** Root reads every file, so that where it runs this another user drains. */
const isRoot = Deno.uid() === 0;

/** What makes a record bad: its text, or that it may not be read. */
const FAULTS: readonly ((path: string, good: string) => void)[] = [
  (path, good) => Deno.writeTextFileSync(path, good.replace("\n", "\n1.5 1.0\n7 (claude) S 1\n")),
  (path, good) => {
    Deno.writeTextFileSync(path, good);
    if (isRoot) Deno.chownSync(path, 0, 0);
    Deno.chmodSync(path, isRoot ? 0o600 : 0);
  },
  (path, good) => {
    Deno.writeTextFileSync(path, good.slice(0, -9));
    const old = new Date(Date.now() - 3_600_000);
    Deno.utimeSync(path, old, old);
  },
];

/** Fills a spool; returns the names of the bad records. */
function fill(spool: string, records: number, next: () => number): string[] {
  const bad = new Set<number>();
  while (bad.size < Math.min(BAD, records / 2)) bad.add(Math.floor(next() * records));
  const faults = [...bad].map((number, index) => [number, FAULTS[index % FAULTS.length]!] as const);
  const path = (number: number): string => `${spool}/s.${number + 1}.1.${momentOf(number)}`;
  const text = (number: number): string =>
    `perfmon 1 ${number};;\n${JSON.stringify(bashEvent(momentOf(number), idOf(number)))}\n`;
  for (let number = 0; number < records; number++) {
    if (!bad.has(number)) Deno.writeTextFileSync(path(number), text(number));
  }
  if (isRoot) ownAll(ADA, spool);
  for (const [number, spoil] of faults) {
    spoil(path(number), text(number));
    if (isRoot && FAULTS.indexOf(spoil) !== 1) Deno.chownSync(path(number), ADA, ADA);
  }
  return [...bad].map((number) => path(number).slice(spool.length + 1));
}

function momentOf(number: number): "start" | "end" {
  return number % 2 === 0 ? "start" : "end";
}

function idOf(number: number): string {
  return `t${number >> 1}`;
}

/** As whoever owns the spool. */
const through = isRoot ? ["setpriv", `--reuid=${ADA}`, `--regid=${ADA}`, "--clear-groups"] : [];

/** Starts a drain and stops it in some way; false where it had ended before. */
async function interrupt(
  home: string,
  way: (typeof WAYS)[number],
  after: number,
): Promise<boolean> {
  using lock = way === "lock"
    ? Deno.openSync(lockOf(home), { write: true, create: true })
    : undefined;
  lock?.lockSync(true);
  const [program = binary, ...args] = [...through, binary, "rec", "drain"];
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { HOME: home, PATH: Deno.env.get("PATH") ?? "" },
    cwd: home,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = way === "lock" ? undefined : setTimeout(() => {
    try {
      child.kill(way);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has just ended
    }
  }, after);
  const { signal, code } = await child.status;
  clearTimeout(timer);
  if (way === "lock") assertEquals(code, 0, "a drain without the lock ends well");
  return way === "lock" || signal !== null;
}

function lockOf(home: string): string {
  return `${home}/.claude/performance.d/lock`;
}

export const campaigns: Record<string, Campaign> = {
  interrupted_drains: {
    usual: 30_000,
    ...(isRoot ? { needs: ["setpriv"] } : {}),
    async run(records, seed): Promise<string> {
      using folder = temporaryFolder();
      const home = `${folder.path}/home`;
      Deno.chmodSync(folder.path, 0o755);
      const spool = `${home}/.claude/performance.d/spool`;
      Deno.mkdirSync(spool, { recursive: true, mode: 0o700 });
      Deno.writeTextFileSync(lockOf(home), "");
      if (isRoot) ownAll(ADA, home);
      const next = random(seed);
      const bad = fill(spool, records, next);
      // A drain takes a thousand records at once.
      const rounds = Math.min(10, Math.ceil(records / 1000));
      let stopped = 0;
      for (let round = 0; round < rounds; round++) {
        for (const way of WAYS) if (await interrupt(home, way, next() * 1500)) stopped++;
      }
      const options = { env: { HOME: home }, through, cwd: home, timeout: 300_000 };
      expectExit(await perfmon(["rec", "drain"], options), 0);
      const left = [...Deno.readDirSync(spool)].map(({ name }) => name);
      assertEquals(left.sort(), bad.map((name) => `${name}.bad`).sort(), `seed ${seed}`);

      const { samples, badRows } = await readLog(resolveLog(`${home}/.claude/performance.csv`), {
        history: true,
      });
      assertEquals([samples.length, badRows], [records - bad.length, 0], `rows (seed ${seed})`);
      const found = new Set(samples.map(({ event, toolUseId }) => `${event} ${toolUseId}`));
      assertEquals(found.size, records - bad.length, `each once (seed ${seed})`);
      const errors = errorLines(`${home}/.claude/performance.d/errors.log`).join("\n");
      const unnamed = bad.filter((name) => !errors.includes(`"${name}"`));
      assertEquals(unnamed, [], `bad ones without a word (seed ${seed})`);
      assert(stopped >= rounds, "some drains were stopped");
      return `${records} records, ${bad.length} of them bad; ${stopped} of ${3 * rounds} drains ` +
        `stopped: ${samples.length} rows, each once, and each bad one named`;
    },
  },
};

if (import.meta.main) await runByHand(campaigns);
