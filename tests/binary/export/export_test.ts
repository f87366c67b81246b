import { FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { CALL_COLUMNS } from "../../../src/summary/records.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("export csv: the log's rows, byte for byte, also older ones", async () => {
  using folder = temporaryFolder();
  const text = logText(RECENT);
  const file = writeLog(folder.path, text);
  const result = expectExit(await perfmon(["export", "csv", "--file", file]), 0);
  assertEquals([result.stdout, result.stderr], [text, ""]);
});

Deno.test("export csv: history and log as one, rows that stand twice once, no digit lost", async () => {
  using folder = temporaryFolder();
  const row = (number: number): string => `179535386${number}.827464581,5.4,38860,Read,start\n`;
  const file = writeLog(folder.path, row(2) + row(3) + row(4));
  Deno.mkdirSync(`${folder.path}/performance.d/history`, { recursive: true });
  Deno.writeTextFileSync(`${folder.path}/performance.d/history/00000001.csv`, row(0) + row(1));
  Deno.writeTextFileSync(`${folder.path}/performance.d/history/00000002.csv`, row(1) + row(2));
  const all = [0, 1, 2, 3, 4].map(row).join("");
  const basic = ["export", "csv", "--layout", "basic", "--file", file];
  assertEquals((await perfmon(basic)).stdout, all);
  assertEquals((await perfmon([...basic, "--no-history"])).stdout, row(2) + row(3) + row(4));
  const full = (await perfmon(["export", "csv", "--file", file])).stdout.split("\n");
  assertEquals([full[0], full[1]], [
    FULL_HEADER,
    row(0).trimEnd() + ",".repeat(FULL_COLUMNS.length - 5),
  ]);
});

Deno.test("export csv: rows of the old shell hooks become regular ones, formulas are defused", async () => {
  using folder = temporaryFolder();
  const file = writeLog(
    folder.path,
    `1795353869.5,  5.4, 38860,,start\n1795353870.5,0,1,"=1+1,""x""",end\n`,
  );
  const result = await perfmon(["export", "csv", "--layout", "basic", "--file", file]);
  assertEquals(
    result.stdout,
    `1795353869.5,5.4,38860,unknown,start\n1795353870.5,0,1,"'=1+1,""x""",end\n`,
  );
});

Deno.test("export json: one object with the columns as keys, null where nothing is known", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const { stdout } = expectExit(await perfmon(["export", "json", "--file", file]), 0);
  const { version, log, samples } = JSON.parse(stdout);
  assertEquals([version, log, samples.length], [1, file, RECENT.length]);
  assertEquals(Object.keys(samples[0]).join(","), FULL_HEADER);
  assertEquals([samples[5].exit_code, samples[5].status, samples[0].exit_code], [7, "error", null]);
  const none = await perfmon(["export", "json", "--file", writeLog(folder.path, "")]);
  assertEquals(JSON.parse(none.stdout).samples, []);
});

const SELECTIONS: readonly (readonly [flags: string[], rows: number])[] = [
  [[], 8],
  [["--since", "7d"], 6],
  [["--until", "2d"], 2],
  [["--tool", "r*"], 4],
  [["--project", "web"], 2],
  [["--session", "aaaa"], 4],
  [["--session", "last"], 2],
];

for (const [flags, count] of SELECTIONS) {
  Deno.test(`export csv ${flags.join(" ")}: ${count} rows`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const result = expectExit(await perfmon(["export", "csv", "--file", file, ...flags]), 0);
    assertEquals(result.stdout.trimEnd().split("\n").length, count + 1);
  });
}

Deno.test("export --calls: the keys of the other commands, in CSV and JSON", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const csv = (await perfmon(["export", "csv", "--calls", "--file", file])).stdout.split("\n");
  assertEquals([csv[0], csv.length], [CALL_COLUMNS.join(","), 6]);
  const json = JSON.parse((await perfmon(["export", "json", "--calls", "--file", file])).stdout);
  assertEquals(
    json.calls.map((call: { duration_seconds: number }) => call.duration_seconds),
    [9, 1, 4, 2],
  );
});

Deno.test("export --output: replaces the file in one step, or leaves it as it is", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const output = `${folder.path}/out.csv`;
  Deno.writeTextFileSync(output, "before");
  const run = (...flags: string[]) => perfmon(["export", "csv", "-o", output, ...flags]);
  expectExit(await run("--file", `${folder.path}/no.csv`), 66);
  expectExit(await run("--file", file, "--tool", "Bsh"), 1);
  assertEquals(Deno.readTextFileSync(output), "before");
  assertEquals(expectExit(await run("--file", file), 0).stdout, "");
  assertEquals(Deno.readTextFileSync(output), logText(RECENT));
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "out.csv",
    "performance.csv",
  ]);
});

const REFUSED: readonly (readonly [args: string[], code: number, message: string])[] = [
  [[], 64, "Cannot export without a format: give csv, json, prometheus"],
  [
    ["xml"],
    64,
    `Unknown format "xml": give csv, json, prometheus, otlp, grafana, rules, trace; see`,
  ],
  [["cvs"], 64, `Unknown format "cvs": did you mean "perfmon export csv"? All are csv, json, `],
  [["csv", "--calls", "--layout", "basic"], 64, "Cannot use --layout with --calls"],
  [["csv", "--output", "performance.csv"], 64, "it is the log itself"],
  [["csv", "--output", "no/such/folder"], 74, `Cannot write "no/such/folder": `],
  [["csv", "--output", "/dev/null"], 74, `Cannot write "/dev/null": it is no regular file`],
  [["csv", "--tool", "Bsh"], 1, `did you mean "Bash"?`],
];

for (const [args, code, message] of REFUSED) {
  Deno.test(`export ${args.join(" ")}: is refused with the reason`, async () => {
    using folder = temporaryFolder();
    writeLog(folder.path, logText(RECENT));
    const options = { cwd: folder.path, env: { PERFMON_FILE: "performance.csv" } };
    const result = expectExit(await perfmon(["export", ...args], options), code);
    assertEquals(result.stdout, "");
    assertStringIncludes(result.stderr, message);
    assertEquals(result.stderr.trimEnd().split("\n").length, 1);
  });
}

Deno.test("export: broken rows are counted on stderr, an empty log is a header", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT) + "torn\nx,y,z\n");
  const result = expectExit(await perfmon(["export", "csv", "--file", file]), 0);
  assertEquals(result.stdout, logText(RECENT));
  assertStringIncludes(result.stderr, `2 bad rows skipped, the first at ${file}:10`);
  const empty = await perfmon(["export", "csv", "--file", writeLog(folder.path, "")]);
  assertEquals(empty.stdout, FULL_HEADER + "\n");
});
