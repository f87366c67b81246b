import { hookCostJson } from "../../../src/log/hook_cost.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

const UTF8 = { LANG: "C.UTF-8" };

Deno.test("report: the last 7 days by tool, on stdout alone", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["report", "--file", file], { env: UTF8 }), 0);
  assertEquals(result.stderr, "");
  assertStringIncludes(result.stdout, "Last 7 days: 3 calls, 2 sessions, 2 projects");
  assertStringIncludes(result.stdout, "(--since 30d for more)");
  assertMatch(result.stdout, /^Bash +1 +1 +4\.0s +– +4\.0s +4\.0s/m);
  assertMatch(result.stdout, /^Read +2 +0 +1\.5s +– +2\.0s +3\.0s/m);
});

Deno.test("report: what the hooks cost, where perfmon bench has measured it", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  await Deno.mkdir(`${folder.path}/performance.d`);
  const cost = hookCostJson({ time: 1_793_000_000, startSeconds: 0.0115, endSeconds: 0.0125 });
  await Deno.writeTextFile(`${folder.path}/performance.d/cost.json`, cost);
  const { stdout } = await perfmon(["report", "--utc", "--file", file], { env: UTF8 });
  assertStringIncludes(
    stdout.replaceAll("\n  ", " "),
    "perfmon itself cost 24ms a call, as measured 2026-10-26 (perfmon bench): 72ms",
  );
});

Deno.test("report: a bare perfmon reports on the log of the environment", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const byVariable = await perfmon([], { env: { PERFMON_FILE: file } });
  const byFolder = await perfmon([], { env: { CLAUDE_CONFIG_DIR: folder.path } });
  assertEquals(byVariable.stdout, byFolder.stdout);
  assertStringIncludes(byVariable.stdout, "Last 7 days: 3 calls");
});

const SELECTIONS: readonly (readonly [flags: string[], headline: string])[] = [
  [["--all"], "Whole log: 4 calls"],
  [["--since", "60d"], "Last 60d: 4 calls"],
  [["--until", "2d"], "Until 2d ago: 1 call,"],
  [["--tool", "r*"], "Last 7 days, r*: 2 calls"],
  [["--project", "web"], "Last 7 days, project web: 1 call,"],
  [["--session", "aaaa", "--by", "tool"], "Whole log, session aaaa: 2 calls"],
  [["--session", "last", "--wide"], "Whole log, session bbbb: 1 call,"],
  [["--no-history"], "Last 7 days: 3 calls"],
];

for (const [flags, headline] of SELECTIONS) {
  Deno.test(`report: ${flags.join(" ")} covers what it says`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const result = expectExit(await perfmon(["report", "--file", file, ...flags]), 0);
    assertStringIncludes(result.stdout, headline);
  });
}

Deno.test("report: a session's beginning that could be a time is read as such with a note", async () => {
  using folder = temporaryFolder();
  const text = logText(RECENT).replaceAll("bbbb2222", "7d1f2222");
  const file = writeLog(folder.path, text);
  const { stdout, stderr } = expectExit(await perfmon(["report", "--file", file, "7d"]), 0);
  assertStringIncludes(stdout, "7d1f");
  assertStringIncludes(stderr, `as a time it is --since 7d`);
  assertEquals(expectExit(await perfmon(["report", "--file", file, "aaaa"]), 0).stderr, "");
});

const REFUSED: readonly (readonly [flags: string[], code: number, message: string])[] = [
  [["--tool", "Bsh"], 1, `Cannot find the tool "Bsh" in the log: did you mean "Bash"?`],
  [["--session", "aaab"], 1, `Cannot find the session "aaab" in the log: did you mean "aaaa"?`],
  [["--project", "wep"], 1, `Cannot find the project "wep" in the log: did you mean "web"?`],
  [["--since", "soon"], 64, `Cannot read "soon" as the time for --since: give 2h, 7d, today`],
  [["--since", "1d", "--until", "2d"], 64, "Cannot use --since: it is not before --until"],
  [["--all", "--since", "1d"], 64, "Cannot use --all with --since or --until: give one"],
  [["--json", "--csv"], 64, "Cannot print both JSON and CSV: give --json or --csv"],
  [["--sort", "maximum"], 64, `Cannot sort by "maximum": did you mean "max"?`],
  [["--by", "hour"], 64, `Cannot use "hour" for --by: choose tool, command, session, project`],
  [["aaaa", "--session", "last"], 64, `Cannot report on "aaaa" with --session besides`],
  [["zzzz"], 1, `Cannot find the session "zzzz" in the log: there is "bbbb", "aaaa"`],
  [["2h"], 1, `Cannot find the session "2h" in the log: did you mean --since 2h?`],
  [["today"], 1, `Cannot find the session "today" in the log: did you mean --since today?`],
  [["web"], 1, `Cannot find the session "web" in the log: did you mean --project web?`],
  [["--by", "turns"], 64, `Cannot use "turns" for --by: did you mean "turn"?`],
  [["--color", "red"], 64, `Cannot use "red" for --color: choose auto, always, never`],
];

for (const [flags, code, message] of REFUSED) {
  Deno.test(`report: ${flags.join(" ")} is refused with the way out`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const result = expectExit(await perfmon(["report", "--file", file, ...flags]), code);
    assertEquals(result.stdout, "");
    assertStringIncludes(result.stderr, message);
    assertEquals(result.stderr.trimEnd().split("\n").length, 1);
  });
}

Deno.test("report: no log of that name is one sentence with its path and what to do, exit 66", async () => {
  using folder = temporaryFolder();
  const result = expectExit(await perfmon(["report", "--file", `${folder.path}/no.csv`]), 66);
  assertEquals(result.stdout, "");
  assertStringIncludes(result.stderr, `Cannot find the log "${folder.path}/no.csv"`);
  assertStringIncludes(result.stderr, "name another with --file");
});

Deno.test("report: a folder as the log, or no HOME, is exit 66", async () => {
  using folder = temporaryFolder();
  const result = expectExit(await perfmon(["report", "--file", folder.path]), 66);
  assertStringIncludes(result.stderr, "it is a folder");
  const homeless = expectExit(await perfmon(["report"], { env: { HOME: "" } }), 66);
  assertStringIncludes(homeless.stderr, "HOME is not set; name it with --file");
});

Deno.test("report: an empty log is a sentence, exit 0", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, "");
  const result = expectExit(await perfmon(["report", "--file", file]), 0);
  assertStringIncludes(result.stdout.replace(/\n +/g, " "), "holds no calls yet");
  assertEquals(result.stdout.split("\n").some((line) => line.length > 80), false);
});

Deno.test("a log that holds calls, but none of the status that is asked for, is not called empty", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  for (const command of ["report", "top", "tail"]) {
    const { stdout } = await perfmon([command, "--status", "background", "--file", file]);
    assertEquals(stdout, "No calls fit background; the log holds 4 calls\n");
  }
  const args = ["profile", "save", "x", "--status", "running", "--tool", "Bash", "--file", file];
  const { stderr } = expectExit(await perfmon(args), 1);
  assertStringIncludes(
    stderr,
    'Cannot save "x": no calls fit Bash, running; the log holds 4 calls',
  );
});

Deno.test("report: what filled the context, with --wide and in JSON, where it is known of any call", async () => {
  using folder = temporaryFolder();
  const known = RECENT.map((row) =>
    row.event === "end" && row.toolName === "Bash" ? { ...row, outputBytes: 2048 } : row
  );
  const run = async (rows: typeof RECENT, ...flags: string[]): Promise<string> => {
    const file = writeLog(folder.path, logText(rows));
    return expectExit(await perfmon(["report", "--file", file, ...flags]), 0).stdout;
  };
  const { all, groups } = JSON.parse(await run(known, "--json"));
  const bytes = groups.map((each: Record<string, unknown>) => [each["name"], each["output_bytes"]]);
  assertEquals(bytes, [["Bash", 2048], ["Read", null]]);
  assertEquals(all.output_bytes, 2048);
  assertMatch(await run(known, "--wide"), /^TOOL .* OUTPUT$/m);
  assertMatch(await run(known, "--sort", "output"), /^TOOL +OUTPUT .*\nBash +2\.0 K /m);
  assertEquals((await run(RECENT, "--wide")).includes("OUTPUT"), false);
});

Deno.test("report: only older calls: they are shown, and that none is newer, unless a time is asked for", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT.slice(0, 2)));
  const result = expectExit(await perfmon(["report", "--file", file]), 0);
  assertStringIncludes(result.stdout, "Whole log (nothing in the last 7 days): 1 call");
  const asked = await perfmon(["report", "--since", "7d", "--file", file]);
  assertStringIncludes(
    expectExit(asked, 0).stdout,
    "No calls in the last 7d; the log holds 1 call,",
  );
  const fitting = await perfmon(["report", "--since", "7d", "--status", "ok", "--file", file]);
  assertStringIncludes(
    expectExit(fitting, 0).stdout.replace(/\n +/g, " "),
    "No calls in the last 7d fit ok; the log holds 1 call that does, the newest of",
  );
});

Deno.test("report: broken lines are counted, the first one named", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT) + "torn\nx,y,z\n");
  const text = await perfmon(["report", "--file", file], { env: { COLUMNS: "200" } });
  assertStringIncludes(expectExit(text, 0).stdout, `2 bad rows skipped, the first at ${file}:10`);
  const json = JSON.parse((await perfmon(["report", "--file", file, "--json"])).stdout);
  assertEquals([json.bad_rows, json.first_bad_row], [2, `${file}:10`]);
  const csv = await perfmon(["report", "--file", file, "--csv"]);
  assertStringIncludes(csv.stderr, "2 bad rows skipped");
});

Deno.test("report: --json and --csv say the same", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const json = JSON.parse((await perfmon(["report", "--file", file, "--json"])).stdout);
  assertEquals(json.groups.map((group: { name: string }) => group.name), ["Bash", "Read"]);
  assertEquals([json.all.calls, json.all.failed, json.all.total_seconds], [3, 1, 7]);
  const csv = await perfmon(["report", "--file", file, "--csv"]);
  assertMatch(
    csv.stdout,
    /^name,kind,calls,failed,.*\nBash,tool,1,1,.*\nRead,tool,2,0,.*\nAll,all,3,1,/,
  );
});

Deno.test("report: colour only when asked for, signs in ASCII without UTF-8", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const run = async (flags: string[], env: Record<string, string> = {}): Promise<string> =>
    (await perfmon(["report", "--file", file, ...flags], { env })).stdout;
  const plain = await run([]);
  // deno-lint-ignore no-control-regex -- ASCII is what is to be shown
  assertMatch(plain, /^[\x0a\x20-\x7e]*$/);
  assertStringIncludes(plain, "- not known");
  assertStringIncludes(await run([], UTF8), "– not known");
  assertStringIncludes(await run(["--color", "always"], { NO_COLOR: "1" }), "\x1b[1mTOOL");
  assertEquals(
    (await run([], { COLUMNS: "60" })).split("\n").some((line) => line.length > 60),
    false,
  );
});

testWith("sh", "report: a closed pipe is no error, a full disk is exit 74", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const shell = async (script: string): Promise<{ out: string; err: string }> => {
    const output = await new Deno.Command("sh", {
      args: ["-c", script, binary, file],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    return { out: decoder.decode(output.stdout), err: decoder.decode(output.stderr) };
  };
  const closed = await shell(`{ "$0" report --file "$1"; echo "code $?" >&2; } | head -n 1`);
  assertEquals(closed.err, "code 0\n");
  const full = await shell(`"$0" report --file "$1" >/dev/full; echo "code $?"`);
  assertEquals(full.out, "code 74\n");
  assertMatch(full.err, /^perfmon: Cannot write the output: No space left on device.*\n$/);
});

Deno.test("report: reading compresses the history, and every row is still there", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  for (let row = 0; row < 9; row++) {
    const args = ["rec", "end", "--tool", "T", "--file", file, "--max-lines", "4", "--keep", "1"];
    expectExit(await perfmon(args), 0);
  }
  const segments = (): string[] =>
    [...Deno.readDirSync(`${folder.path}/performance.d/history`)].map(({ name }) => name).sort();
  assertEquals(segments(), ["00000001.csv", "00000002.csv"]);
  for (let reading = 0; reading < 2; reading++) {
    const { stdout } = expectExit(await perfmon(["report", "--json", "--file", file]), 0);
    assertEquals(JSON.parse(stdout).all.calls, 9);
    // The newest stays as it is: a writer may still have it open.
    assertEquals(segments(), ["00000001.csv.gz", "00000002.csv"]);
  }
});
