/** What the commands say of the sample log, to the character: it ends long ago, so that nothing in it changes. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { expectText } from "../../kit/snapshot.ts";

const EXAMPLES = Deno.realPathSync(`${import.meta.dirname}/../../../examples`);

const LINES: readonly (readonly [line: string, code?: number])[] = [
  ["report --all"],
  ["report --all --wide"],
  ["report --all --by session"],
  ["report --all --by project"],
  ["report --all --by day"],
  ["report --all --by version"],
  ["report 7d1f"],
  ["report a02c --tool Bash"],
  ["top --all"],
  ["top --all --by gate -n 5"],
  ["top --all --by cpu -n 5"],
  ["top --all --by memory -n 5"],
  ["tail --all -n 12"],
  ["running --all"],
  ["check --all --max-duration 10s --max-failures 5% --max-p95 2s", 1],
];

for (const [line, code = 0] of LINES) {
  Deno.test(`perfmon ${line}: of the sample log`, async (t) => {
    await expectText(t, await say(line, "performance.csv", code));
  });
}

Deno.test("perfmon report --all: of the sample log in the basic layout", async (t) => {
  await expectText(t, await say("report --all", "performance_basic.csv", 0));
});

Deno.test("perfmon --help: the commands and how they exit", async (t) => {
  await expectText(
    t,
    expectExit(await perfmon(["--help"], { env: { LANG: "C.UTF-8" } }), 0).stdout,
  );
});

async function say(line: string, log: string, code: number): Promise<string> {
  const args = [...line.split(" "), ...line.startsWith("check") ? [] : ["--utc"]];
  const run = await perfmon([...args, "--file", log], { env: { LANG: "C.UTF-8" }, cwd: EXAMPLES });
  return expectExit(run, code).stdout;
}
