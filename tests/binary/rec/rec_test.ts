import { capture, captureNames } from "../../kit/captures.ts";
import { HOOK, logOf, record, shell } from "../../kit/homes.ts";
import { perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "../../std/std_assert.ts";

Deno.test("the hook's JSON on stdin becomes one row, and nothing is printed", async () => {
  using home = temporaryFolder();
  const before = Date.now() / 1000;
  const { rows, stderr, errors } = await record(home.path, ["start"], { stdin: HOOK });
  assertEquals([stderr, errors], ["", []]);
  assertEquals(rows.length, 1);
  const { timestamp, tool_name, event, tool_use_id, session_id, pid, status } = rows[0]!;
  assertEquals([tool_name, event, tool_use_id, session_id], ["Bash", "start", "t1", "s"]);
  assertEquals([pid, status], [String(Deno.pid), ""]);
  assertMatch(timestamp!, /^\d{10}\.\d{9}$/);
  assert(Number(timestamp) >= before - 0.01 && Number(timestamp) <= Date.now() / 1000 + 0.01);
});

/** By the beginning of a capture's name, what it is recorded as. */
const EVENT_OF: readonly [beginning: RegExp, event: string][] = [
  [/^(Pre|SubagentStart)/, "start"],
  [/^(Post|SubagentStop)/, "end"],
  [/-done$/, "done"],
  [/^UserPromptSubmit/, "prompt"],
  [/^PermissionRequest/, "permission"],
  [/^(Stop|SessionEnd)/, "stop"],
];

Deno.test("every captured hook event is recorded as what it is, by its name or by the argument", async () => {
  using home = temporaryFolder();
  for (const [index, name] of captureNames.entries()) {
    const [, event] = EVENT_OF.find(([beginning]) => beginning.test(name)) ?? [];
    const args = event === undefined ? ["end"] : [];
    const { rows, stderr } = await record(home.path, args, { stdin: capture(name) });
    assertEquals(rows.length, index + 1, name);
    assertEquals(rows[index]?.["event"], event ?? "end", name);
    assertEquals(stderr === "", event !== undefined, name);
  }
});

Deno.test("the argument says what the row is, whatever the JSON says", async () => {
  using home = temporaryFolder();
  await record(home.path, ["end"], { stdin: capture("PreToolUse-echo") });
  const { rows } = await record(home.path, ["start"], {
    stdin: capture("PostToolUseFailure-exit3"),
  });
  assertEquals(rows.map((row) => row["event"]), ["end", "start"]);
  // A start says nothing of how the call ended.
  assertEquals([rows[1]?.["status"], rows[1]?.["exit_code"], rows[1]?.["duration_ms"]], [
    "",
    "",
    "",
  ]);
});

Deno.test("how a call ended stands in its end row", async () => {
  using home = temporaryFolder();
  await record(home.path, ["end"], { stdin: capture("PostToolUse-burn") });
  await record(home.path, ["end"], { stdin: capture("PostToolUse-background") });
  const { rows } = await record(home.path, ["end"], { stdin: capture("PostToolUseFailure-exit3") });
  assertEquals(rows.map((row) => [row["status"], row["exit_code"], row["duration_ms"]]), [
    ["ok", "", "1012"],
    ["background", "", "2023"],
    ["error", "3", "12"],
  ]);
});

Deno.test("with an unknown event, broken JSON or no stdin what is known is recorded and the error noted", async () => {
  const cases: [string, string | undefined, string, string][] = [
    ["unknown event", HOOK.replace("PreToolUse", "PreMeal"), "Bash", "unknown hook event"],
    ["broken JSON", HOOK.slice(0, 60), "Bash", "stdin is no JSON object"],
    ["rubbish", "sk-secret rubbish\n", "unknown", "stdin is no JSON object"],
    ["no stdin", undefined, "unknown", "no JSON came on stdin"],
    ["blank stdin", " \n\n", "unknown", "no JSON came on stdin"],
  ];
  for (const [what, stdin, tool, reason] of cases) {
    using home = temporaryFolder();
    const options = stdin === undefined ? {} : { stdin };
    const { rows, errors, stderr } = await record(home.path, ["start"], options);
    assertEquals(rows.map((row) => [row["tool_name"], row["event"]]), [[tool, "start"]], what);
    assertEquals(errors.length, 1, what);
    assertStringIncludes(errors[0]!, reason);
    assert(!(errors + stderr).includes("secret"), "the input is not quoted");
    assertEquals(stderr.trimEnd().split("\n").length, 1, what);
  }
});

Deno.test("without start or end, and without a known event, nothing is recorded", async () => {
  using home = temporaryFolder();
  for (const stdin of [HOOK.replace("PreToolUse", "PreMeal"), "rubbish"]) {
    const { rows, errors } = await record(home.path, [], { stdin });
    assertEquals(rows, []);
    assertStringIncludes(errors.at(-1)!, 'say "rec start" or "rec end"');
  }
});

Deno.test("an argument that can't be used is noted and ignored, the row is written", async () => {
  const cases: string[][] = [
    ["--bogus"],
    ["--bogus=1"],
    ["nonsense"],
    ["--layout", "square"],
    ["--pid", "0"],
    ["--pid=self"],
    ["--max-lines", "-5"],
    ["--keep", "many"],
    ["--keep", "1000"],
    ["--history", "for ever"],
    ["--tool="],
    ["--tool", ""],
    ["--tool"],
    ["__proto__", "constructor", "toString", "__defineGetter__"],
    [""],
    ["-"],
    ["--"],
    ["日本\n語"],
  ];
  for (const args of cases) {
    using home = temporaryFolder();
    const { rows, errors, stderr } = await record(home.path, ["start", ...args], { stdin: HOOK });
    assertEquals(rows.map((row) => [row["tool_name"], row["pid"]]), [["Bash", `${Deno.pid}`]]);
    assertEquals([errors.length, stderr.trimEnd().split("\n").length], [1, 1], stderr);
  }
});

Deno.test("--strict, for people, exits 1 where anything went wrong, and 0 where nothing did", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path };
  assertEquals((await perfmon(["rec", "start", "--strict"], { env, stdin: HOOK })).code, 0);
  const wrong = await perfmon(["rec", "start", "--strict", "--bogus"], { env, stdin: HOOK });
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
});

Deno.test("the tool is that of --tool, of the JSON, of $CLAUDE_TOOL_NAME, in this order", async () => {
  using home = temporaryFolder();
  const env = { CLAUDE_TOOL_NAME: "FromEnvironment" };
  await record(home.path, ["start"], { env });
  await record(home.path, ["start"], { env, stdin: HOOK });
  await record(home.path, ["start", "--tool", "build"], { env, stdin: HOOK });
  const { rows, errors } = await record(home.path, ["start", "--tool=x"], { stdin: "" });
  assertEquals(rows.map((row) => row["tool_name"]), ["FromEnvironment", "Bash", "build", "x"]);
  assertEquals(errors, []);
});

Deno.test("the client's version is read from $AI_AGENT", async () => {
  using home = temporaryFolder();
  for (const agent of ["claude-code_2-1-330_agent_x", "claude-code", "other_1-2", ""]) {
    await record(home.path, ["start"], { stdin: HOOK, env: { AI_AGENT: agent } });
  }
  const { rows } = await record(home.path, ["start"], { stdin: HOOK });
  assertEquals(rows.map((row) => row["client_version"]), ["2.1.330", "", "", "", ""]);
});

Deno.test("a CLAUDE_PID that is dead or no number is noted, and the first ancestor taken", async () => {
  for (const pid of ["999999999", "0", "-1", "me", "1e99"]) {
    using home = temporaryFolder();
    const options = { stdin: HOOK, env: { CLAUDE_PID: pid } };
    const { rows, errors } = await record(home.path, ["start"], options);
    assertEquals(rows.map((row) => row["pid"]), [String(Deno.pid)], pid);
    assertEquals(errors.length, 1, pid);
  }
});

Deno.test("--pid goes before CLAUDE_PID, and CLAUDE_PID before the ancestors", async () => {
  using home = temporaryFolder();
  const env = { CLAUDE_PID: String(Deno.ppid) };
  await record(home.path, ["start"], { stdin: HOOK, env });
  const args = ["start", "--pid", String(Deno.pid)];
  const { rows, errors } = await record(home.path, args, { stdin: HOOK, env });
  assertEquals(rows.map((row) => row["pid"]), [String(Deno.ppid), String(Deno.pid)]);
  assertEquals(errors, []);
});

testWith(
  [procfs, "sh"],
  "without CLAUDE_PID the first ancestor that is no shell is monitored",
  async () => {
    using home = temporaryFolder();
    // Two shells in between; the last command keeps them from becoming perfmon by exec.
    await shell(home.path, `sh -c '"$PERFMON" rec start --tool x; true'; true`);
    const { rows } = await record(home.path, ["end", "--tool", "x"]);
    assertEquals(rows.map((row) => row["pid"]), [String(Deno.pid), String(Deno.pid)]);
  },
);

Deno.test("the parameters are recorded only with --params, redacted", async () => {
  using home = temporaryFolder();
  const command = "curl -u admin:hunter2 https://example.com\nrm x";
  const stdin = JSON.stringify({ ...JSON.parse(HOOK), tool_input: { command } });
  await record(home.path, ["start"], { stdin });
  const { rows } = await record(home.path, ["start", "--params"], { stdin });
  const expected = ["", "curl -u admin:[redacted] https://example.com"];
  assertEquals(rows.map((row) => row["params"]), expected);
});

Deno.test("the file is that of --file or of the environment, and folders are made", async () => {
  using home = temporaryFolder();
  const path = (name: string): string => `${home.path}/${name}`;
  await record(home.path, ["start", "--file", path("a/b.csv")], { stdin: HOOK });
  await record(home.path, ["start"], { stdin: HOOK, env: { PERFMON_FILE: path("c.csv") } });
  await record(home.path, ["start"], { stdin: HOOK, env: { CLAUDE_CONFIG_DIR: path("d") } });
  await record(home.path, ["start", "--file=relative.csv"], { stdin: HOOK, cwd: home.path });
  for (const name of ["a/b.csv", "c.csv", "d/performance.csv", "relative.csv"]) {
    assert(Deno.statSync(path(name)).isFile, name);
  }
});

testWith(
  ["sh", "sleep"],
  "start and end alone give the duration of sleep 0.5 within 60 ms",
  async () => {
    const durations: number[] = [];
    // On a busy machine, with other tests beside this one, one of many tries is undisturbed.
    while (durations.length < 30 && !durations.some((each) => Math.abs(each - 0.5) < 0.06)) {
      using home = temporaryFolder();
      await shell(
        home.path,
        '"$PERFMON" rec start --tool x; sleep 0.5; "$PERFMON" rec end --tool x',
      );
      const [start, end] = (await record(home.path, ["end", "--tool", "y"])).rows;
      durations.push(Number(end?.["timestamp"]) - Number(start?.["timestamp"]));
    }
    assert(durations.every((each) => each >= 0.499), `never less than 0.5 s: ${durations}`);
    assertAlmostEquals(durations.at(-1)!, 0.5, 0.06, `seconds: ${durations}`);
  },
);

for (const [maxLines, keep] of [[1000, 500], [2000, 1000]] as const) {
  for (const header of [true, false]) {
    const what = header ? "with a header" : "without a header";
    Deno.test(`${maxLines + 1} rows ${what} become the newest ${keep}`, async () => {
      using home = temporaryFolder();
      const args = ["--max-lines", `${maxLines}`, "--keep", `${keep}`, "--tool", "last"];
      const layout = header ? "full" : "basic";
      await record(home.path, ["end", "--layout", layout, ...args]);
      const log = logOf(home.path);
      const [row = ""] = Deno.readTextFileSync(log).split("\n").slice(header ? 1 : 0);
      const older = Array.from({ length: maxLines - 2 }, (_, i) => row.replace("last", `t${i}`));
      Deno.writeTextFileSync(log, older.join("\n") + "\n", { append: true });
      const full = await record(home.path, ["end", ...args]);
      assertEquals(full.rows.length, maxLines);
      const { rows } = await record(home.path, [
        "end",
        ...(maxLines === 1000 ? ["--tool", "x"] : args),
      ]);
      assertEquals(rows.length, keep);
      assertEquals(rows[0]?.["tool_name"], `t${maxLines - keep}`);
      assertEquals(rows.at(-2)?.["tool_name"], "last");
    });
  }
}

Deno.test("--max-lines without --keep keeps half of them, 500 at most, and that is no error", async () => {
  for (const [maxLines, keep] of [[400, 200], [5, 2], [1, 0], [3000, 500]] as const) {
    using home = temporaryFolder();
    const args = ["--max-lines", `${maxLines}`, "--tool", "last"];
    await record(home.path, ["end", ...args]);
    const log = logOf(home.path);
    const [, row = ""] = Deno.readTextFileSync(log).split("\n");
    const older = Array.from({ length: maxLines - 1 }, (_, i) => row.replace("last", `t${i}`));
    Deno.writeTextFileSync(log, older.map((line) => line + "\n").join(""), { append: true });
    const { rows, errors, stderr } = await record(home.path, ["end", ...args]);
    assertEquals([rows.length, errors, stderr], [keep, [], ""]);
    if (keep > 1) assertEquals(rows.at(-1)?.["tool_name"], "last");
  }
});
