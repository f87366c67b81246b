import { walkSync } from "@std/fs";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { CAPTURED, SESSION, withTranscript } from "./transcripts.ts";

Deno.test("day zero: a bare perfmon without a log reads transcripts, says so and stores nothing", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  const files = (): string[] => Array.from(walkSync(folder.path), ({ path }) => path);
  const before = files();
  const { stdout, stderr } = expectExit(await run(), 0);
  assertEquals(stderr, "");
  assertMatch(stdout, /^Time +1 turn, .*: model \d+%, tools, prompts and gates \d+%/m);
  assertMatch(
    stdout,
    /^ +they are from transcripts, which tell tools, prompts and gates only\s+together$/m,
  );
  assertMatch(stdout, /^echo ° +3 +1 /m);
  assertMatch(
    stdout,
    /^Slow +echo: 3.0s of 8.2s in tools; longest 1.6s; prompts and gates\s+included/m,
  );
  const source =
    /Nothing is recorded yet: this is what Claude Code's transcripts\s+tell of 1\s+session/;
  assertMatch(stdout, source);
  for (const args of [["top"], ["tail"], ["report", "--by", "turn"], ["report", "last"]]) {
    const said = expectExit(await run(...args), 0).stdout;
    assertMatch(said, source, args.join(" "));
    assertEquals(said.split("\n").filter((line) => line.length > 80), [], args.join(" "));
  }
  assertMatch(
    expectExit(await run("top", "--by", "memory"), 0).stdout,
    /no call's memory is known/,
  );
  assertMatch(expectExit(await run("show", "worst"), 0).stdout, /^Command +.*echo burned$/m);
  assertMatch(expectExit(await run("show", "084e.1"), 0).stdout, /^Turn 1 of session 084e/);
  assertEquals(files(), before);
  const offer = `tell of 1 session before: run "perfmon import" to see them`;
  const joined = (text: string): string => text.replaceAll(/\s+/g, " ");
  assertStringIncludes(joined(stdout), '"perfmon hooks install" records CPU');
  expectExit(await run("hooks", "install"), 0);
  const after = joined(expectExit(await run(), 0).stdout);
  assertStringIncludes(after, "the hooks are on and record the next calls");
  assertEquals(after.includes("hooks install"), false, after);
  for (const args of [["--no-history"], ["profile", "save", "x"]]) {
    assertStringIncludes(expectExit(await run(...args), 66).stderr, offer, args.join(" "));
  }
});

Deno.test("import: then perfmon reports, and marks the calls", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  const imported = expectExit(await run("import"), 0);
  assertStringIncludes(
    imported.stdout,
    "Imported 12 new calls of 1 session, 1 prompt, from 1 transcript, 0 calls known before\n",
  );
  assertEquals(imported.stderr, "");
  assertStringIncludes(imported.stdout, "imported calls are marked there");
  const again = expectExit(await run("import"), 0).stdout;
  assertMatch(again, /^Imported 0 new calls of .*, 12 calls known before\n$/);
  const path = `${folder.path}/performance.d/imported.csv`;
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  const report = expectExit(await run("report", "--all"), 0).stdout;
  assertMatch(report, /^echo ° +3 +1 /m);
  assertStringIncludes(
    report,
    "12 calls imported from transcripts (°): wall time, the gate included",
  );
  for (const table of ["top", "tail"]) {
    const text = expectExit(await run(table, "--all"), 0).stdout;
    assertMatch(text, / Bash ° /);
    assertStringIncludes(text, "° imported: wall time, the gate included");
  }
  const json = JSON.parse((await run("report", "--all", "--json")).stdout);
  assertEquals([json.all.calls, json.all.imported], [12, 12]);
});

Deno.test("import: the calls say which command they were, unless that is left out", async () => {
  for (const [flags, isTold] of [[[], true], [["--no-command"], false]] as const) {
    using folder = temporaryFolder();
    expectExit(await withTranscript(folder.path)("import", ...flags), 0);
    const rows = Deno.readTextFileSync(`${folder.path}/performance.d/imported.csv`);
    assertEquals(/,echo,2,/.test(rows), isTold, rows);
  }
});

Deno.test("import: again adds what is new, and nothing else", async () => {
  using folder = temporaryFolder();
  const lines = CAPTURED.trimEnd().split("\n");
  const run = withTranscript(folder.path, lines.slice(0, 20).join("\n") + "\n");
  const counts = async (): Promise<number[]> => {
    const { new_calls, known_calls } = JSON.parse((await run("import", "--json")).stdout);
    return [new_calls, known_calls];
  };
  assertEquals(await counts(), [6, 0]);
  withTranscript(folder.path);
  assertEquals(await counts(), [6, 6]);
  const before = Deno.readTextFileSync(`${folder.path}/performance.d/imported.csv`);
  assertEquals(await counts(), [0, 12]);
  // Claude Code deletes old transcripts, and copies sessions that are resumed.
  Deno.removeSync(`${folder.path}/projects/-home-dev-project/${SESSION}.jsonl`);
  Deno.writeTextFileSync(
    `${folder.path}/projects/-home-dev-project/other.jsonl`,
    CAPTURED.replaceAll(SESSION, "other"),
  );
  assertEquals(await counts(), [0, 12]);
  assertEquals(Deno.readTextFileSync(`${folder.path}/performance.d/imported.csv`), before);
});

Deno.test("import: turns, once: model, and the rest together; more of a session that goes on adds its end", async () => {
  using folder = temporaryFolder();
  const lines = CAPTURED.trimEnd().split("\n");
  const run = withTranscript(folder.path, lines.slice(0, 20).join("\n") + "\n");
  const turns = async (): Promise<Record<string, unknown>[]> => {
    await run("import");
    return JSON.parse((await run("report", "--by", "turn", "--all", "--json")).stdout).turns;
  };
  const [going] = await turns();
  assertEquals([going?.["status"], going?.["calls"], going?.["imported"]], [null, 6, true]);
  withTranscript(folder.path);
  const [whole, ...more] = await turns();
  assertEquals(more, []);
  assertEquals([whole?.["status"], whole?.["calls"], whole?.["tools_seconds"]], ["ok", 12, null]);
  const [all, model, together] = ["seconds", "model_seconds", "tools_prompts_gates_seconds"]
    .map((name) => Number(whole?.[name]));
  assertEquals(Math.round(1000 * (model! + together!)), Math.round(1000 * all!));
  const rows = Deno.readTextFileSync(`${folder.path}/performance.d/imported.csv`);
  assertEquals(rows.match(/,(prompt|stop),/g), [",prompt,", ",stop,"]);
  // A copy of the session, and a second import, add none.
  Deno.writeTextFileSync(
    `${folder.path}/projects/-home-dev-project/other.jsonl`,
    CAPTURED.replaceAll(SESSION, "other"),
  );
  assertEquals((await turns()).length, 1);
  const text = expectExit(await run("report", "--by", "turn", "--all"), 0).stdout;
  assertMatch(text, /^TURN +WHEN +TIME +MODEL +TOGETHER +CALLS/m);
  assertMatch(text, /^084e\.1° /m);
  assertMatch(text, /only TOGETHER: they\s+are not split further/);
});

Deno.test("import: a turn that was recorded counts once, as recorded", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  const time = Date.parse("2026-11-22T07:37:54.500Z") / 1000;
  const names = { sessionId: SESSION, promptId: "0a30cb37-17db-4db1-8be4-126e09fa41fc" };
  const row = { ...call("x", time, time, names)[0]!, toolName: "unknown", toolUseId: undefined };
  writeLog(
    folder.path,
    logText([
      { ...row, event: "prompt" },
      { ...row, event: "stop", status: "ok", timestamp: time + 30 },
    ]),
  );
  assertStringIncludes(expectExit(await run("import"), 0).stdout, "1 session, 0 prompts, from 1 ");
  const { turns } = JSON.parse((await run("report", "--by", "turn", "--all", "--json")).stdout);
  assertEquals(turns.map((each: { imported: boolean }) => each.imported), [false]);
});

Deno.test("import: a call that was recorded counts once, as recorded", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  writeLog(
    folder.path,
    logText([
      ...call("toolu_01S000T0000000000000echo", HOUR_AGO, HOUR_AGO + 1, { sessionId: SESSION }),
      ...call("another", HOUR_AGO + 2, HOUR_AGO + 3),
    ]),
  );
  await run("import");
  const calls = async (...flags: string[]): Promise<number[]> => {
    const { all } = JSON.parse((await run("report", "--all", "--json", ...flags)).stdout);
    return [all.calls, all.imported];
  };
  assertEquals(await calls(), [13, 11]);
  assertEquals(await calls("--no-history"), [2, 0]);
  assertStringIncludes((await run("profile", "save", "a", "--all")).stdout, ": 2 calls of 1 tool");
});

Deno.test("import: a fork's copy of a recorded or imported session adds no call", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  const fork = `${folder.path}/projects/-home-dev-project/fork.jsonl`;
  // Its copy, changed before the session's own transcript.
  Deno.writeTextFileSync(fork, CAPTURED.replaceAll(SESSION, "fork"));
  Deno.utimeSync(fork, 1, 1);
  const ids = [...new Set(CAPTURED.match(/toolu_01S\w+/g))];
  writeLog(
    folder.path,
    logText(
      ids.slice(0, 3).flatMap((id) => call(id, HOUR_AGO, HOUR_AGO + 1, { sessionId: SESSION })),
    ),
  );
  const { new_calls, known_calls } = JSON.parse((await run("import", "--json")).stdout);
  assertEquals([new_calls, known_calls], [9, 15]);
  const { all } = JSON.parse((await run("report", "--all", "--json")).stdout);
  assertEquals([all.calls, all.imported], [12, 9]);
});

Deno.test("import: calls of older times count in status, and are shown where there are no newer ones", async () => {
  using folder = temporaryFolder();
  const old = CAPTURED.replaceAll('"timestamp":"2026-11', '"timestamp":"2026-01');
  const run = withTranscript(folder.path, old);
  await run("import");
  const status = expectExit(await run("status", "--utc"), 0).stdout;
  assertStringIncludes(status, "; no row yet\n");
  assertStringIncludes(status, "2026-01-22 to 2026-01-22; 12 calls (12 imported), 0 starts ");
  const { calls, imported_calls, last_timestamp } = JSON.parse(
    (await run("status", "--json")).stdout,
  );
  assertEquals([calls, imported_calls, last_timestamp], [12, 12, null]);
  const instead = "hole log (nothing in the last 7 days)";
  const top = expectExit(await run("top", "-n", "3"), 0).stdout;
  assertStringIncludes(top, `Slowest 3 of 12 calls, w${instead}`);
  const tail = expectExit(await run("tail", "-n", "3"), 0).stdout;
  assertMatch(
    tail,
    /^Whole log \(nothing in the last 7 days\)\n\nID +WHEN .*\n(\w+ +2026-01-22 .*\n){3}/,
  );
  assertEquals(JSON.parse((await run("top", "--json")).stdout).calls.length, 10);
  const page = `${folder.path}/page.html`;
  assertStringIncludes(expectExit(await run("dashboard", "-o", page), 0).stderr, ": 12 calls, ");
  // Whoever asks for a time gets that time.
  assertStringIncludes((await run("tail", "--since", "7d")).stdout, "No calls in the last 7d");
});

Deno.test("tail --raw: rows of older times where there are no newer ones", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, "1729876543.5,1,2,Read,start\n1729876544.5,1,2,Read,end\n");
  const { stdout, stderr } = expectExit(await perfmon(["tail", "--raw", "--file", file]), 0);
  assertEquals(stdout, Deno.readTextFileSync(file));
  assertEquals(stderr, "perfmon: Whole log (nothing in the last 7 days)\n");
});

Deno.test("import: a denied call is no failure of its tool", async () => {
  using folder = temporaryFolder();
  const entry = (content: object, rest: object): string =>
    JSON.stringify({
      sessionId: "s",
      timestamp: new Date(1000 * HOUR_AGO).toISOString(),
      message: { content: [content] },
      ...rest,
    }) + "\n";
  const words = "Permission to use Write has been denied.";
  const run = withTranscript(
    folder.path,
    entry({ type: "tool_use", id: "t1", name: "Write", input: {} }, {}) +
      entry({ type: "tool_result", tool_use_id: "t1", is_error: true, content: words }, {
        toolUseResult: `Error: ${words}`,
      }),
  );
  await run("import");
  const [write] = JSON.parse((await run("report", "--json")).stdout).groups;
  assertEquals([write.calls, write.failed, write.interrupted], [1, 0, 1]);
});

Deno.test("import: no transcripts is exit 66 with the folder that was looked at", async () => {
  using folder = temporaryFolder();
  const result = expectExit(
    await perfmon(["import"], { env: { CLAUDE_CONFIG_DIR: folder.path } }),
    66,
  );
  assertStringIncludes(result.stderr, `Cannot find transcripts in "${folder.path}/projects"`);
  assertStringIncludes(result.stderr, "--from");
});
