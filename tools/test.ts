/**
 * Builds the binary, then checks formatting, lint and types and runs the tests:
 * `deno task test [PATH…] [OPTION OF deno test…]`. The last line counts them, each check being one
 * test. Exit status 0 all passed, 1 not; with PERFMON_NO_SKIPS=1 a skipped test fails it, too.
 */
import { build } from "./build.ts";
import { countTests, describeSkips, type TestCounts } from "./junit.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/..`);
const CHECKS = [["fmt", "--check"], ["lint"], ["check"]];

async function main(args: string[]): Promise<number> {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: [] };
  if (await build()) {
    for (const check of CHECKS) {
      if (await runDeno(check) === 0) counts.passed++;
      else counts.failed++;
    }
    const tests = await runTests(args);
    counts.passed += tests.passed;
    counts.failed += tests.failed;
    counts.skipped = tests.skipped;
  } else {
    counts.failed++;
  }
  return report(counts);
}

/** Runs `deno test`; a run that ends badly without a failed test, or without any, is a failure. */
async function runTests(args: string[]): Promise<TestCounts> {
  const folder = await Deno.makeTempDir({ prefix: "perfmon_test_" });
  try {
    const path = `${folder}/report.xml`;
    const paths = hasPath(args) ? [] : ["tests/"];
    const code = await runDeno(["test", "-A", `--junit-path=${path}`, ...args, ...paths]);
    const counts = countTests(await readIfPresent(path));
    if (counts.failed === 0 && code !== 0) {
      console.error(`The test runner failed with exit status ${code}`);
      counts.failed++;
    } else if (counts.failed === 0 && counts.passed === 0) {
      console.error("No test ran");
      counts.failed++;
    }
    return counts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether the arguments name files or folders; that of `--filter` is none. */
function hasPath(args: string[]): boolean {
  const options = args.slice(0, args.includes("--") ? args.indexOf("--") : args.length);
  return options.some((arg, index) => !arg.startsWith("-") && options[index - 1] !== "--filter");
}

async function runDeno(args: string[]): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" });
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
  for (const line of describeSkips(skipped)) console.log(line);
  const forbidsSkips = Deno.env.get("PERFMON_NO_SKIPS") === "1";
  if (forbidsSkips && skipped.length > 0) {
    console.log("PERFMON_NO_SKIPS=1 allows no skipped test: install what is missing");
  }
  const ending = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  console.log(`${passed} passed, ${failed} failed${ending}`);
  return failed > 0 || forbidsSkips && skipped.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
