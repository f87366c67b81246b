import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import type { Sample } from "../../../src/row/sample.ts";

/** Twenty calls of Bash, each a little longer than the one before, from `seconds` on. */
function bash(seconds: number, from = HOUR_AGO): Sample[] {
  return Array.from(
    { length: 20 },
    (_, index) =>
      call(`b${from + index}`, from + 9 * index, from + 9 * index + seconds + index / 100),
  ).flat();
}

/** When later calls begin. */
const LATER = HOUR_AGO + 1800;

Deno.test("profile save, show, compare: what became slower since", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(bash(1)));
  const run = (...args: string[]) => perfmon([...args, "--file", file]);
  const saved = expectExit(await run("profile", "save", "may"), 0);
  const path = `${folder.path}/performance.d/profiles/may.json`;
  assertEquals(saved.stdout, `Saved "${path}": 20 calls of 1 tool\n`);
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  assertStringIncludes((await run("profile", "show")).stdout, "may: last 7 days: 20 calls, saved ");
  assertMatch((await run("profile", "show", "may")).stdout, /^Bash +20 +0% +1\.1s +1\.2s/m);

  // What the baseline is of is no part of what came after it.
  const none = expectExit(await run("profile", "compare", "may"), 0);
  assertMatch(none.stdout, /^After {3}now: since the end of may, \S+ \S+: 0 calls$/m);
  assertMatch(none.stderr, /^perfmon: No calls since the end of may, /);
  const overlapping = expectExit(await run("profile", "compare", "may", "--since", "2h"), 0);
  assertStringIncludes(overlapping.stdout, "The two are of one time in part");
  assertMatch(overlapping.stdout, /^Bash +20 > 20 +1\.1s > 1\.1s +- +- +-$/m);

  writeLog(folder.path, logText([...bash(1), ...bash(2, LATER)]));
  const text = expectExit(await run("profile", "compare", "may"), 0).stdout;
  assertMatch(text, /^Bash +20 > 20 +1\.1s > 2\.1s +\+9\d% +\+\d+% to \+\d+% {2}slower$/m);
  const json = JSON.parse((await run("profile", "compare", path, "--json")).stdout);
  assertEquals([json.tools[0].tool, json.tools[0].verdict, json.overlap], [
    "Bash",
    "slower",
    false,
  ]);
  const csv = (await run("profile", "compare", "may", "may", "--csv")).stdout.split("\n");
  assertMatch(csv[0] ?? "", /^tool,calls_before,calls_after,p50_seconds_before,.*,verdict,/);
  assertMatch(csv[1] ?? "", /^Bash,20,20,1\.095,1\.095,/);
});

Deno.test("profile save --no-command: a profile names no command, and is not of some", async () => {
  using folder = temporaryFolder();
  const samples = bash(1).map((sample) => ({ ...sample, command: "npm test" }));
  const file = writeLog(folder.path, logText(samples));
  const save = (name: string, ...flags: string[]) =>
    perfmon(["profile", "save", name, ...flags, "--file", file]);
  const textOf = (name: string): string =>
    Deno.readTextFileSync(`${folder.path}/performance.d/profiles/${name}.json`);
  expectExit(await save("some", "--command", "npm *"), 0);
  assertStringIncludes(textOf("some"), "npm");
  expectExit(await save("silent", "--no-command"), 0);
  assert(!textOf("silent").includes("npm"));
  const both = expectExit(await save("both", "--no-command", "--command", "npm *"), 64);
  assertStringIncludes(both.stderr, "--no-command");
  assertEquals((await perfmon(["profile", "show", "both", "--file", file])).code, 66);
});

Deno.test("report --compare: the comparison below the report, and in its JSON", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(bash(2)));
  await perfmon(["profile", "save", "may", "--file", file]);
  writeLog(folder.path, logText([...bash(2), ...bash(1, LATER)]));
  const run = (...flags: string[]) =>
    perfmon(["report", "--compare", "may", "--file", file, ...flags]);
  const text = expectExit(await run(), 0).stdout;
  assertMatch(
    text,
    /^Since the end of may, \S+ \S+: 20 calls[^]*\nBefore {2}may: [^]*\nBash .* faster$/m,
  );
  const json = JSON.parse((await run("--json")).stdout);
  assertEquals([json.all.calls, json.comparison.tools[0].verdict], [20, "faster"]);
  assertStringIncludes(expectExit(await run("--csv"), 64).stderr, "profile compare may --csv");
});

Deno.test("profile save: a profile is replaced only where that is told", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const save = (...flags: string[]) => perfmon(["profile", "save", "a", "--file", file, ...flags]);
  expectExit(await save(), 0);
  assertStringIncludes(expectExit(await save("--tool", "Read"), 1).stderr, "give --replace");
  assertStringIncludes(expectExit(await save("--tool", "Read", "--replace"), 0).stdout, "2 calls");
});

testWith(
  "mkfifo",
  "profile: a FIFO or a device at a profile's name is refused at once",
  async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    expectExit(await perfmon(["profile", "save", "may", "--all", "--file", file]), 0);
    const profiles = `${folder.path}/performance.d/profiles`;
    must("mkfifo", [`${profiles}/fifo.json`]);
    Deno.symlinkSync("/dev/zero", `${profiles}/zero.json`);
    for (const name of ["fifo", "zero", `${profiles}/fifo.json`]) {
      const args = ["profile", "compare", name, "--file", file];
      const { stderr } = expectExit(await perfmon(args), 65);
      assertStringIncludes(stderr, "it is no regular file");
    }
  },
);

const REFUSED: readonly (readonly [args: string[], code: number, message: string])[] = [
  [["save"], 64, "Missing NAME"],
  [["save", "../x"], 64, `Cannot use "../x" as the name of a profile`],
  [["save", "none", "--since", "1m"], 1, "no calls in the last 1m"],
  [["show", "mya"], 66, `Cannot find the profile "mya": did you mean "may"?`],
  [["compare"], 64, "Missing BEFORE"],
  [["compare", "no/such.json"], 66, `Cannot find the profile "no/such.json"`],
  [["compare", "broken"], 65, "it is not JSON"],
  [["compare", "may", "may", "--tool", "Bash"], 64, "Cannot use --tool with two profiles"],
  [["sow"], 64, `did you mean "perfmon profile show"?`],
  [[], 64, "Missing subcommand"],
];

for (const [args, code, message] of REFUSED) {
  Deno.test(`profile ${args.join(" ")}: is refused with the way out`, async () => {
    using folder = temporaryFolder();
    const env = { PERFMON_FILE: writeLog(folder.path, logText(RECENT)) };
    await perfmon(["profile", "save", "may"], { env });
    Deno.writeTextFileSync(`${folder.path}/performance.d/profiles/broken.json`, "{");
    const result = expectExit(await perfmon(["profile", ...args], { env }), code);
    assertEquals(result.stdout, "");
    assertStringIncludes(result.stderr, message);
    assertEquals(result.stderr.trimEnd().split("\n").length, 1);
  });
}
