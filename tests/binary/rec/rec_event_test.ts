/** Events of no call: what is recorded of a prompt, a turn's end, a permission request, the end of background work. */
import { walkSync } from "@std/fs";
import { BASIC_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { captureWith } from "../../kit/captures.ts";
import { bashEvent, logOf, record, whatStandsIn } from "../../kit/homes.ts";
import { linesOf } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";

/** The captures of events of no call, changed so that they are of one session. */
function event(name: string, changes: Record<string, unknown> = {}): string {
  return new TextDecoder().decode(
    captureWith(name, { session_id: "s", cwd: "/w/api", ...changes }),
  );
}

const SECRETS = [
  "hunter2",
  "export TOKEN=hunter2; curl -u me:hunter2 https://hunter2@x/hunter2",
  `hunter2\n${"hunter2 ü \u0000 \" ' , \r\n".repeat(20_000)}`,
  "<task-notification> hunter2 </task-notification>",
  "<task-notification>\n<tool-use-id>my hunter2</tool-use-id>\n<status>hunter2</status>\n" +
  "<summary>hunter2 (exit code 4)</summary>",
];

/** All that the files below a folder hold, and their names. */
function everythingIn(folder: string): string {
  return Array.from(
    walkSync(folder),
    ({ path, isFile }) => isFile ? `${path}\n${Deno.readTextFileSync(path)}` : path,
  ).join("\n");
}

Deno.test("rec event: each event is a row of its own, with what it says", async () => {
  using home = temporaryFolder();
  const names = [
    "UserPromptSubmit",
    "PermissionRequest",
    "Stop",
    "UserPromptSubmit-background-done",
    "SessionEnd",
  ];
  for (const name of names) {
    await record(home.path, ["event", "--async", "--command"], { stdin: event(name) });
  }
  await record(home.path, ["event"], { stdin: event("Stop", { hook_event_name: "StopFailure" }) });
  const { rows, errors } = whatStandsIn(home.path);
  assertEquals(errors, []);
  assertEquals(
    rows.map(({ event, status, exit_code, tool_name, tool_use_id, command }) =>
      [event, status, exit_code, tool_name, tool_use_id, command].join(" ")
    ),
    [
      "prompt   unknown  ",
      "permission   WebFetch  127.0.0.1",
      "stop ok  unknown  ",
      "done ok 0 unknown toolu_01S001T000000000000000bg ",
      "stop   unknown  ",
      "stop error  unknown  ",
    ],
  );
  for (const row of rows) {
    assertEquals([row["session_id"], row["project"], row["client"]], ["s", "api", "claude"]);
    assertMatch(row["prompt_id"] ?? "", /^[0-9a-f-]{36}$/);
    assert(Number(row["memory_rss"]) > 0);
  }
});

Deno.test("rec: nothing of a prompt's text is in any file, whatever flags and line the hook has", async () => {
  const lines = [["event", "--async"], ["start", "--params", "--command"], ["end", "--strict"], []];
  for (const prompt of SECRETS) {
    using home = temporaryFolder();
    for (const args of lines) {
      await record(home.path, args, { stdin: event("UserPromptSubmit", { prompt }) });
    }
    await record(home.path, ["finish"], { stdin: event("UserPromptSubmit", { prompt }) });
    const { rows } = whatStandsIn(home.path);
    const kind = prompt.startsWith("<task-notification>") ? "done" : "prompt";
    assertEquals(rows.map(({ event }) => event), Array(5).fill(kind));
    assert(!everythingIn(home.path).includes("hunter2"), everythingIn(home.path));
  }
});

Deno.test("rec: what the model said last is in no file", async () => {
  using home = temporaryFolder();
  for (const hook_event_name of ["Stop", "StopFailure"]) {
    const json = { hook_event_name, last_assistant_message: "hunter2", error: "hunter2" };
    await record(home.path, ["event"], { stdin: event("Stop", json) });
  }
  assertEquals(whatStandsIn(home.path).rows.length, 2);
  assert(!everythingIn(home.path).includes("hunter2"));
});

Deno.test("rec event: the basic layout gets none of them, and none begins it", async () => {
  using home = temporaryFolder();
  const log = logOf(home.path);
  const prompt = event("UserPromptSubmit");
  await record(home.path, ["event", "--layout", "basic"], { stdin: prompt });
  await record(home.path, ["finish", "--layout", "basic"], { stdin: event("SessionEnd") });
  assertEquals(whatStandsIn(home.path).rows, []);
  for (const moment of ["start", "end"] as const) {
    const stdin = JSON.stringify(bashEvent(moment, "t1")) + "\n";
    await record(home.path, [moment, "--layout", "basic"], { stdin });
    // A hook that knows of no layout finds the log as it is.
    await record(home.path, ["event"], { stdin: prompt });
    await record(home.path, ["finish"], { stdin: event("SessionEnd") });
  }
  assertEquals(linesOf(log).map((line) => line.split(",").length), [5, 5]);
  assertEquals(BASIC_COLUMNS.length, 5);
  assertEquals(whatStandsIn(home.path).errors, []);
});

Deno.test("readers take rows of no call for rows, none for bad, and make no call of them", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(args, { env }), 0).stdout;
  await record(home.path, ["event"], { stdin: event("UserPromptSubmit") });
  for (const moment of ["start", "end"] as const) {
    await record(home.path, [moment], { stdin: JSON.stringify(bashEvent(moment, "t1")) + "\n" });
    await record(home.path, ["event"], { stdin: event("PermissionRequest") });
  }
  await record(home.path, ["event"], { stdin: event("UserPromptSubmit-subagent-done") });
  await record(home.path, ["event"], { stdin: event("Stop") });
  assertEquals(linesOf(logOf(home.path))[0], FULL_HEADER);
  const status = JSON.parse(await run("status", "--json"));
  assertEquals([status.rows, status.bad_rows, status.calls], [7, 0, 1]);
  const report = JSON.parse(await run("report", "--json"));
  assertEquals([report.all.calls, report.bad_rows], [1, 0]);
  assertEquals((await run("tail", "--csv")).trim().split("\n").length, 1 + 1);
  assertEquals((await run("tail", "--raw")).match(/,(prompt|stop|permission|done),/g)?.length, 5);
  assertEquals(JSON.parse(await run("export", "json")).samples.length, 7);
  assertEquals(JSON.parse(await run("export", "json", "--calls")).calls.length, 1);
  const metrics = await run("export", "prometheus");
  assertMatch(metrics, /^perfmon_tool_calls_total\{tool="Bash",status="ok"\} 1$/m);
  assert(!metrics.includes('tool="unknown"'));
  assertEquals(JSON.parse(await run("running", "--json")).running.length, 0);
});

Deno.test("rec: a log of turns without any call is rotated, too", async () => {
  using home = temporaryFolder();
  for (let turn = 0; turn < 4; turn++) {
    await record(home.path, ["event"], { stdin: event("UserPromptSubmit") });
    await record(home.path, ["event", "--max-lines", "4", "--keep", "2"], { stdin: event("Stop") });
  }
  assert(linesOf(logOf(home.path)).length <= 1 + 4);
  assertEquals(whatStandsIn(home.path).errors, []);
});
