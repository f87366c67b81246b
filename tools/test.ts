/**
 * Runs the tests by tier: `deno task test [unit|binary|slow]… [PATH…] [OPTION OF deno test…]`. Without a
 * tier or a path it runs all of them, after formatting, lint and types, each check being one test. The
 * binary is built first where a tier needs it. The last line counts the tests. Exit status 0 all passed,
 * 1 not; with PERFMON_NO_SKIPS=1 a skipped test fails it, too.
 */
import { build } from "./build.ts";
import { countTests, describeSkips, type TestCounts } from "./junit.ts";
import { makePlan, type Tier } from "./tiers.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/..`);

/** The packages of the tests, with those of the build among them. */
const LOCKED = ["--lock=tests/deno.lock", "--frozen"];
const CHECKS = [["fmt", "--check"], ["lint"], ["check", ...LOCKED]];

async function main(args: string[]): Promise<number> {
  const { runs, options, isAll } = makePlan(args);
  const counts: TestCounts = { passed: 0, failed: [], skipped: [] };
  const needsBinary = runs.some(({ tier }) => tier.needsBinary);
  if (needsBinary && !await build()) {
    counts.failed.push("the build");
    return report(counts);
  }
  for (const check of isAll ? CHECKS : []) {
    if (await runDeno(check) === 0) counts.passed++;
    else counts.failed.push(`deno ${check.join(" ")}`);
  }
  for (const { tier, paths } of runs) {
    const tests = await runTests(tier, [...options, ...paths]);
    counts.passed += tests.passed;
    counts.failed.push(...tests.failed);
    counts.skipped.push(...tests.skipped);
  }
  return report(counts);
}

/** Runs `deno test`; a run that ends badly without a failed test, or without any, is a failure. */
async function runTests(tier: Tier, args: readonly string[]): Promise<TestCounts> {
  const folder = await Deno.makeTempDir({ prefix: "perfmon_test_" });
  try {
    const path = `${folder}/report.xml`;
    // Types are for `deno check`.
    const flags = ["-A", ...LOCKED, "--no-check", "--parallel", `--junit-path=${path}`];
    // Texts that are kept elsewhere than in __snapshots__ are renewed by their tests, too.
    const update = args.includes("--update-snapshots") ? { UPDATE_EXAMPLES: "1" } : {};
    const env = { ...environmentOf(tier), ...update };
    const code = await runDeno(["test", ...flags, ...args], env);
    const counts = countTests(await readIfPresent(path));
    if (counts.failed.length === 0 && code !== 0) {
      counts.failed.push(`the test runner, with exit status ${code}`);
    } else if (counts.failed.length === 0 && counts.passed === 0) {
      counts.failed.push("the test runner: no test ran");
    }
    return counts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function environmentOf({ temporary }: Tier): Record<string, string> {
  if (temporary === undefined) return {};
  try {
    Deno.removeSync(Deno.makeTempFileSync({ dir: temporary }));
    return { TMPDIR: temporary };
  } catch {
    return {}; // not on this system
  }
}

async function runDeno(args: string[], env: Record<string, string> = {}): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args, env, cwd: ROOT, stdin: "null" });
  return (await command.spawn().status).code;
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function report({ passed, failed, skipped }: TestCounts): number {
  // Named once more beside the counts: of a long run only the end may be at hand.
  for (const name of failed) console.log(`failed: ${name}`);
  for (const line of describeSkips(skipped)) console.log(line);
  const forbidsSkips = Deno.env.get("PERFMON_NO_SKIPS") === "1";
  if (forbidsSkips && skipped.length > 0) {
    console.log("PERFMON_NO_SKIPS=1 allows no skipped test: install what is missing");
  }
  const ending = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  console.log(`${passed} passed, ${failed.length} failed${ending}`);
  return failed.length > 0 || forbidsSkips && skipped.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
