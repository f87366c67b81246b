/** `perfmon show`: one call, its whole command out of the client's transcript, or a session. */
import { walkSync } from "@std/fs";
import { logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { call, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

const SESSION = "084eaac8-8a67-4e97-9b13-49511b9e047f";
const HOUR_AGO = Math.floor(Date.now() / 1000) - 3600;
const COMMAND = "cd api && TOKEN=hunter2hunter2 npm test -- --password hunter2 \\\n  --runInBand";

const ROWS = [
  ...call("toolu_1", HOUR_AGO, HOUR_AGO + 90, {
    sessionId: SESSION,
    command: "npm test",
    project: "api",
  }),
  ...call("toolu_2", HOUR_AGO + 100, HOUR_AGO + 101, { sessionId: SESSION, toolName: "Read" }),
  ...call("toolu_3", HOUR_AGO + 110, HOUR_AGO + 112, { sessionId: "other", command: "git push" }),
];

/** A folder of Claude Code with a log and a transcript of its first session, and perfmon run with it. */
function homeWith(folder: string): (...args: string[]) => Promise<RunResult> {
  const use = (id: string, name: string, input: unknown): string =>
    JSON.stringify({
      type: "assistant",
      sessionId: SESSION,
      timestamp: new Date(HOUR_AGO * 1000).toISOString(),
      message: { content: [{ type: "tool_use", id, name, input }] },
    });
  const lines = [
    use("toolu_1", "Bash", { command: COMMAND }),
    "{ broken toolu_1",
    use("toolu_2", "Read", { file_path: "/home/ada/api/notes.txt" }),
  ];
  Deno.mkdirSync(`${folder}/projects/p`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/projects/p/${SESSION}.jsonl`, lines.join("\n") + "\n");
  writeLog(folder, logText(ROWS));
  return (...args) => perfmon(args, { env: { CLAUDE_CONFIG_DIR: folder, LANG: "C.UTF-8" } });
}

Deno.test("show ID: the whole command, redacted, out of the transcript, and stored nowhere", async () => {
  using folder = temporaryFolder();
  const run = homeWith(folder.path);
  const [slowest] = JSON.parse((await run("top", "--json")).stdout).calls;
  const { stdout, stderr } = expectExit(await run("show", slowest.id), 0);
  assertEquals(stderr, "");
  assertMatch(stdout, /^Bash npm test, ok, in api \(session 084e\)/);
  assertStringIncludes(
    stdout,
    "Command   cd api && TOKEN=[redacted] npm test -- --password [redacted] \\\n            --runInBand\n" +
      "          (from the client's transcript, redacted)\n",
  );
  assertMatch(stdout, /^Ran .*: 1m30s$/m);
  for (const id of ["toolu_1", slowest.id.toUpperCase(), "worst"]) {
    assertEquals((await run("show", id)).stdout, stdout, id);
  }
  const table = expectExit(await run("tail"), 0).stdout;
  assertStringIncludes(table, slowest.id);
  const files = Array.from(walkSync(folder.path, { includeDirs: false }), ({ path }) => path)
    .filter((path) => !path.includes("/projects/"));
  for (const path of files) assert(!Deno.readTextFileSync(path).includes("runInBand"), path);
});

Deno.test("show SESSION of which no call fits says so, and tells no story of none", async () => {
  using folder = temporaryFolder();
  const { stdout } = expectExit(
    await homeWith(folder.path)("show", "084e", "--status", "error"),
    1,
  );
  assertEquals(stdout, "No calls fit error, session 084e; the log holds 3 calls\n");
});

Deno.test("show: --no-transcript, a transcript that is gone, another tool, JSON", async () => {
  using folder = temporaryFolder();
  const run = homeWith(folder.path);
  const without = expectExit(await run("show", "worst", "--no-transcript"), 0).stdout;
  assertMatch(without, /^Command +npm test$/m);
  const last = expectExit(await run("show", "last"), 0).stdout;
  assertMatch(last, /^Bash git push, ok/);
  assertMatch(last, /^Command +git push \(the whole is not known: no transcript of it here\)$/m);
  assertMatch((await run("show", "toolu_2")).stdout, /^Asked +\/home\/ada\/api\/notes\.txt$/m);
  const json = JSON.parse((await run("show", "worst", "--json")).stdout);
  assertEquals([json.command, json.tool_use_id, json.left_behind], ["npm test", "toolu_1", []]);
  assertStringIncludes(json.asked, "npm test -- --password [redacted]");
  assertEquals(
    JSON.parse((await run("show", "last", "--json")).stdout).asked_unknown,
    "no transcript of it here",
  );
});

Deno.test("show TURN: where its time went, what was asked, its calls", async () => {
  using folder = temporaryFolder();
  const run = homeWith(folder.path);
  const row = { ...ROWS[0]!, toolName: "unknown", toolUseId: undefined, command: undefined };
  writeLog(
    folder.path,
    logText([
      { ...row, event: "prompt", timestamp: HOUR_AGO - 20 },
      { ...row, event: "stop", status: "ok", timestamp: HOUR_AGO - 15 },
      { ...row, event: "prompt", timestamp: HOUR_AGO - 10 },
      { ...row, event: "permission", toolName: "Bash", command: "npm test" },
      ...ROWS.map((each) => each.event === "end" ? { ...each, durationMs: 1000 } : each),
      { ...row, event: "stop", status: "ok", timestamp: HOUR_AGO + 120 },
    ]),
  );
  const { stdout } = expectExit(await run("show", "084e.2"), 0);
  assertMatch(stdout, /^Turn 2 of session 084e, api\n/);
  assertMatch(stdout, /^Ran .*: 2m10s$/m);
  assertMatch(stdout, /^Time +█ model 39\.0s, ▓ tools 2\.0s, ▒ prompts 1m29s$/m);
  assertMatch(stdout, /^Prompts +Bash npm test at .*: 1m29s, then it ran$/m);
  assertMatch(stdout, /^\w{5} +[\d:]+ +1\.0s +0ms .* Bash npm test$/m);
  assertMatch(stdout, /^Calls +2 calls$/m);
  const table = expectExit(await run("report", "--by", "turn"), 0).stdout;
  assertMatch(table, /^084e\.2 /m);
  const json = JSON.parse(expectExit(await run("show", "084e.2", "--json"), 0).stdout);
  assertEquals([json.turn.turn, json.calls.length, json.permissions.length], [2, 2, 1]);
  assertEquals(json.turn.prompts_seconds, 89);
  const none = expectExit(await run("show", "084e.3"), 1);
  assertStringIncludes(none.stderr, 'Cannot find turn 3 of session "084e": its newest is 2');
  const filtered = expectExit(await run("show", "084e.2", "--tool", "Bash"), 64);
  assertStringIncludes(filtered.stderr, "Cannot use --tool with a turn: it is for calls");
  assertStringIncludes(
    expectExit(await run("show", "084e.2", "--since", "1m"), 1).stderr,
    "no prompt of it is recorded that fits --since",
  );
  assertStringIncludes(
    expectExit(await run("show", "other.1"), 1).stderr,
    "no prompt of it is recorded\n",
  );
});

Deno.test("show SESSION: its story; what is neither is refused with the way out", async () => {
  using folder = temporaryFolder();
  const run = homeWith(folder.path);
  const story = expectExit(await run("show", "084e"), 0).stdout;
  assertEquals(story, (await run("report", "084e")).stdout);
  const nobody = expectExit(await run("show", "zzzzz"), 1);
  assertStringIncludes(
    nobody.stderr,
    'Cannot find a call or a session "zzzzz" in the log: take an ID',
  );
  expectExit(await run("show"), 64);
  expectExit(await run("show", "last", "--tool", "Nothing"), 1);
  using empty = temporaryFolder();
  expectExit(await perfmon(["show", "last"], { env: { CLAUDE_CONFIG_DIR: empty.path } }), 66);
});

Deno.test("show: a command in the background took until the model was told at most; its end is in the transcript", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/projects/p`;
  Deno.mkdirSync(path, { recursive: true });
  const queued = (seconds: number, id: string): string =>
    JSON.stringify({
      type: "queue-operation",
      operation: "enqueue",
      timestamp: new Date(1000 * (HOUR_AGO + seconds)).toISOString(),
      content: `<task-notification>\n<tool-use-id>${id}</tool-use-id>\n<status>failed</status>\n`,
    });
  // An id may come again, and other work ends meanwhile.
  const lines = [queued(-50, "toolu_b"), queued(3, "toolu_x"), queued(4, "toolu_b")];
  Deno.writeTextFileSync(`${path}/${SESSION}.jsonl`, lines.join("\n") + "\n");
  const rest = { sessionId: SESSION, toolUseId: "toolu_b" };
  const prompt = start(HOUR_AGO - 1, { sessionId: SESSION, toolName: "unknown" });
  const rows = [
    { ...prompt, event: "prompt" } as const,
    ...call("toolu_b", HOUR_AGO, HOUR_AGO + 1, {
      ...rest,
      status: "background",
      durationMs: 500,
    }),
    { ...call("toolu_b", HOUR_AGO, HOUR_AGO + 60, rest)[1]!, event: "done", exitCode: 3 } as const,
  ];
  writeLog(folder.path, logText(rows));
  const env = { CLAUDE_CONFIG_DIR: folder.path, LANG: "C.UTF-8" };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(args, { env }), 0).stdout;
  // 60 s and 4 s after its request, of which 0.5 s were the gate.
  assertMatch(await run("tail"), / ≤59\.5s .*background 3/);
  assertStringIncludes(await run("tail"), "≤ until the model was told of its end");
  assertMatch(await run("show", "toolu_b"), /background: 3\.5s, by the client's transcript, exit/);
  assertMatch(await run("show", "toolu_b", "--no-transcript"), /background: 59\.5s at most, exit/);
  const turn = await run("show", `${SESSION}.1`);
  assertMatch(turn, / ≤59\.5s .*background 3/);
  assertStringIncludes(turn, "≤ in the background, until the model was told of its end");
  const json = JSON.parse(await run("show", "toolu_b", "--json"));
  assertEquals([json.duration_at_most, json.work_end_timestamp], [true, HOUR_AGO + 4]);
});

Deno.test("show worst: the slowest of those that took their own time; a denied call never ran", async () => {
  using folder = temporaryFolder();
  const rest = { sessionId: SESSION, toolName: "Write" };
  const [denied] = call("toolu_w", HOUR_AGO + 1300, HOUR_AGO + 1300, rest);
  const rows = [
    ...call("toolu_q", HOUR_AGO, HOUR_AGO + 900, { ...rest, toolName: "AskUserQuestion" }),
    ...call("toolu_a", HOUR_AGO + 900, HOUR_AGO + 1200, { ...rest, toolName: "Agent" }),
    ...call("toolu_b", HOUR_AGO + 1200, HOUR_AGO + 1202, { ...rest, toolName: "Bash" }),
    denied!,
    { ...denied!, event: "permission", toolUseId: undefined, timestamp: HOUR_AGO + 1301 } as const,
    ...call("toolu_c", HOUR_AGO + 1400, HOUR_AGO + 1401, { ...rest, toolName: "Bash" }),
  ];
  writeLog(folder.path, logText(rows));
  const env = { CLAUDE_CONFIG_DIR: folder.path, LANG: "C.UTF-8" };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(["show", ...args], { env }), 0).stdout;
  assertMatch(await run("worst"), /^Bash, ok(.*\n)+Ran .*: 2\.0s$/m);
  assertMatch(await run("worst", "--tool", "Ask*"), /^AskUserQuestion, ok/);
  assertMatch(await run("toolu_w"), /^Prompt +shown at [\d:]+, the tool never ran$/m);
});
