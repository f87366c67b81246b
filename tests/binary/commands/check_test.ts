import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { Validator } from "@cfworker/json-schema";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { call, seedRow, start } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { BASIC_COLUMNS, formatRow } from "../../../src/row/columns.ts";
import { parse as parseYaml } from "../../../src/std/yaml.ts";
import { rulesSchema } from "../../../examples/monitoring/check_schema.ts";

const EXAMPLES = `${import.meta.dirname}/../../../examples/monitoring`;

/** Runs `perfmon check` on the calls of `RECENT`: Read 1 s and 2 s, Bash 4 s and failed. */
async function checkRecent(
  args: string[],
  rules?: { name: string; text: string },
): Promise<RunResult> {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const path = `${folder.path}/${rules?.name}`;
  if (rules !== undefined) Deno.writeTextFileSync(path, rules.text);
  const given = rules === undefined ? [] : ["--rules", path];
  const result = await perfmon(["check", ...args, ...given, "--file", file]);
  return { ...result, stderr: result.stderr.replaceAll(`${folder.path}/`, "") };
}

Deno.test("check: a broken threshold exits 1 and says what and by how much", async () => {
  const { stdout } = expectExit(await checkRecent(["--max-duration", "3s"]), 1);
  assertStringIncludes(stdout, "Last 7 days: 3 calls, 1 of 1 threshold broken\n");
  assertStringIncludes(stdout, "fail    max-duration  Bash took 4.0s: 1.0s over 3.0s");
});

Deno.test("check: kept thresholds exit 0 and show the nearest; --quiet says nothing", async () => {
  const { stdout } = expectExit(await checkRecent(["--max-duration", "1m"]), 0);
  assertStringIncludes(stdout, "pass    max-duration  Bash took 4.0s; the limit is 1m0s");
  const quiet = expectExit(await checkRecent(["--max-duration", "1m", "-q"]), 0);
  assertEquals(quiet.stdout + quiet.stderr, "");
});

Deno.test("check: --quiet still says what is broken, and only that", async () => {
  const args = ["--max-duration", "3s", "--max-failures", "100%", "--quiet"];
  const { stdout } = expectExit(await checkRecent(args), 1);
  assertStringIncludes(stdout, "fail    max-duration");
  assert(!stdout.includes("pass"));
});

Deno.test("check: the filter's calls count, open ones whenever they began", async () => {
  expectExit(await checkRecent(["--max-duration", "3s", "--tool", "Read"]), 0);
  expectExit(await checkRecent(["--max-duration", "5s", "--since", "2h"]), 0);
  expectExit(await checkRecent(["--max-duration", "5s", "--all"]), 1);
  using folder = temporaryFolder();
  const file = writeLog(
    folder.path,
    logText([start(HOUR_AGO, { pid: Deno.pid, toolUseId: "a" })]
      .map((row) => ({ ...row, processStart: undefined }))),
  );
  const args = ["check", "--max-open", "10m", "--since", "5m", "--file", file];
  const { stdout } = expectExit(await perfmon(args), 1);
  assertStringIncludes(stdout, "Bash runs for 1h0m: 50m");
});

Deno.test("check: what a log can't tell is said, and exits 65", async () => {
  using folder = temporaryFolder();
  const rows = [seedRow(HOUR_AGO, "start", "Read"), seedRow(HOUR_AGO + 1, "end", "Read")];
  const file = writeLog(folder.path, rows.map((row) => formatRow(row, BASIC_COLUMNS)).join(""));
  const args = ["check", "--max-failures", "9%", "--max-cpu", "9", "--quiet", "--file", file];
  const { stdout } = expectExit(await perfmon(args), 65);
  assertStringIncludes(stdout, "2 not judged");
  assertStringIncludes(stdout, "unknown max-failures  no row says how a call ended");
  assertStringIncludes(stdout, "unknown max-cpu       no two rows of a process have cpu_seconds");
});

Deno.test("check: a tool that is not in the log is no broken threshold", async () => {
  const { stderr } = expectExit(await checkRecent(["--max-duration", "1s", "--tool", "Bsh"]), 65);
  assertStringIncludes(stderr, `did you mean "Bash"?`);
});

Deno.test("check: no calls in the time asked for break nothing", async () => {
  const { stdout } = expectExit(await checkRecent(["--max-duration", "1s", "--since", "1m"]), 0);
  assertStringIncludes(stdout, "few     max-duration  no call has ended");
  assertStringIncludes(stdout, "No calls in the last 1m; the log holds 4 calls");
});

Deno.test("check: no threshold, or a limit that is none, is wrong usage", async () => {
  assertStringIncludes(expectExit(await checkRecent([]), 64).stderr, "Nothing to check");
  const { stderr } = expectExit(await checkRecent(["--max-duration", "60"]), 64);
  assertStringIncludes(stderr, `Cannot use "60" for --max-duration: give a duration with its unit`);
});

Deno.test("check: no log, or no rules, is no such input", async () => {
  using folder = temporaryFolder();
  const args = ["check", "--max-duration", "1s", "--file"];
  expectExit(await perfmon([...args, `${folder.path}/none.csv`]), 66);
  expectExit(await perfmon(["check", "--rules", `${folder.path}/none.yaml`]), 66);
});

testWith(
  "mkfifo",
  "check: what can be no rules is 65 at once, and breaks no threshold",
  async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const texts = {
      "deep.json": "[".repeat(200_000),
      "deep.yaml": `tools: ${"{a: ".repeat(100_000)}1${"}".repeat(100_000)}\n`,
      "deep_lists.yaml": "tools: " + "[".repeat(200_000),
      "large.yaml": "max-duration: 1s\n" + "# \n".repeat(400_000),
      "many.json": `{${Array.from({ length: 30_000 }, (_, key) => `"${key}":\n 1`).join()}}`,
      "many.yaml": "a: &a [1]\n" +
        Array.from({ length: 9000 }, (_, key) => `k${key}: *a\n`).join(""),
      "merges.yaml": "x0: &x0 {a: 1}\n" + Array.from(
        { length: 2000 },
        (_, key) => `x${key + 1}: &x${key + 1} {<<: *x${key}, b${key}: *x${key}}\n`,
      ).join(""),
      "bytes.yaml": new Uint8Array([0x6d, 0xff, 0x3a]),
    };
    for (const [name, text] of Object.entries(texts)) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      Deno.writeFileSync(`${folder.path}/${name}`, bytes);
    }
    must("mkfifo", [`${folder.path}/fifo.yaml`]);
    Deno.symlinkSync("/dev/zero", `${folder.path}/zero.yaml`);
    for (const name of [...Object.keys(texts), "fifo.yaml", "zero.yaml", "."]) {
      const args = ["check", "--file", file, "--rules", `${folder.path}/${name}`];
      const { stderr } = expectExit(await perfmon(args), 65);
      assertStringIncludes(stderr, `${folder.path}/${name}`);
      assert(stderr.split("\n").length < 55, "not all of thousands of problems are named");
    }
  },
);

Deno.test("check: rules may come from a pipe that is open already", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const args = ["check", "--all", "--file", file, "--rules", "/dev/stdin"];
  expectExit(await perfmon(args, { stdin: "max-duration: 1s\n" }), 1);
});

Deno.test("check: --json has every value over its limit, base units named", async () => {
  const { stdout } = expectExit(await checkRecent(["--max-duration", "1s", "--json"]), 1);
  const { passed, checks } = JSON.parse(stdout);
  assertEquals(passed, false);
  assertEquals(checks.length, 2);
  assertEquals(checks[0], {
    threshold: "max-duration",
    state: "fail",
    value: 4,
    limit: 1,
    excess: 3,
    unit: "seconds",
    tool: "Bash",
    session_id: "aaaa1111",
    timestamp: HOUR_AGO + 6,
    reason: null,
  });
  const csv = expectExit(await checkRecent(["--max-duration", "1s", "--csv"]), 1);
  assertEquals(csv.stdout.split("\n").length, 4);
});

Deno.test("check: rules from YAML and JSON, flags winning over them", async () => {
  const yaml = { name: "r.yaml", text: "max-duration: 1s\ntools:\n  Bash: { max-duration: 3s }\n" };
  const { stdout } = expectExit(await checkRecent([], yaml), 1);
  assertStringIncludes(stdout, "Read took 2.0s: 1.0s over 1.0s");
  assertStringIncludes(stdout, "Bash took 4.0s: 1.0s over 3.0s");
  const json = {
    name: "r.json",
    text: `{"max-duration": "1s", "tools": {"Bash": {"max-duration": null}}}`,
  };
  expectExit(await checkRecent([], json), 1);
  expectExit(await checkRecent(["--max-duration", "9s"], json), 0);
});

const BROKEN_YAML = `max-duration: 60s
max-durations: 1s
max-cpu: lots
tools:
  Bash: { max-duration: 10m, max-rss: 1GiB }
  "mcp__*":
    max-failures: 20
min-calls: 0
max-open:
max-cpu: 90
`;

Deno.test("check: all mistakes of a rules file are named with their lines", async (t) => {
  const { stderr } = expectExit(await checkRecent([], { name: "r.yaml", text: BROKEN_YAML }), 65);
  await expectText(t, stderr);
});

Deno.test("check: rules that can't be parsed, or say nothing, are named with their line", async () => {
  const cases = [
    ["r.json", `{\n  "max-duration": "1s",\n}`, "r.json:3: Invalid JSON: "],
    ["r.json", `{"tools": []}`, `r.json:1: "tools" must be a map`],
    ["r.json", `{\n"max-duration": 60}`, `r.json:2: Cannot use "60" for "max-duration"`],
    ["r.yaml", "max-duration: [1s", "r.yaml:1: Invalid YAML: "],
    ["r.yaml", "max-cpu: 9\nmax-p95: 1s 2s: 3s\n", "r.yaml:2: Invalid YAML: "],
    ["r.yaml", "", "r.yaml:1: The rules must be a map"],
    ["r.yaml", "# nothing\ntools: {}\n", "r.yaml:2: No threshold: use max-duration, "],
  ];
  for (const [name = "", text = "", message = ""] of cases) {
    const { stderr } = expectExit(await checkRecent([], { name, text }), 65);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("check: the example rules and their schema fit each other and the command", async () => {
  assertEquals(Deno.readTextFileSync(`${EXAMPLES}/check.schema.json`), rulesSchema());
  const validator = new Validator(JSON.parse(rulesSchema()), "2020-12");
  const text = Deno.readTextFileSync(`${EXAMPLES}/check.yaml`);
  assertEquals(validator.validate(parseYaml(text)).errors, []);
  assert(!validator.validate(parseYaml(BROKEN_YAML, { allowDuplicateKeys: true })).valid);
  for (const wrong of ["max-duration: 60", "max-failures: 20", "tools: { Bash: { max-rss: 1 } }"]) {
    assert(!validator.validate(parseYaml(wrong)).valid, wrong);
  }
  const rules = ["--rules", `${EXAMPLES}/check.yaml`];
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(call("a", HOUR_AGO, HOUR_AGO + 2)));
  const { stderr } = await perfmon(["check", ...rules, "--file", file]);
  assertEquals(stderr, "");
});
