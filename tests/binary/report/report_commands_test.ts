/** Which command it was, in reports: grouped, folded, filtered, in every form. */
import type { Sample } from "../../../src/row/sample.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { commandSamples } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

/** Runs perfmon on a log of calls that say their commands, all of the last days. */
async function run(...args: string[]): Promise<RunResult> {
  using folder = temporaryFolder();
  const shift = Math.floor(Date.now() / 1000) - 90_000;
  const recent = commandSamples().map((row): Sample => ({
    ...row,
    timestamp: row.timestamp + shift,
  }));
  const file = writeLog(folder.path, logText(recent));
  return await perfmon([...args, "--file", file], { env: { LANG: "C.UTF-8" } });
}

const rowsOf = (csv: string): string[][] =>
  csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));

Deno.test("report: commands in the text, tools with --by tool, in JSON and in CSV", async () => {
  const text = expectExit(await run("report"), 0).stdout;
  assertMatch(text, /^WHAT +CALLS/m);
  assertMatch(text, /^npm test +8 +2 /m);
  assertMatch(text, /^other Bash \(2\) +5 /m);
  const byTool = expectExit(await run("report", "--by", "tool"), 0).stdout;
  assertMatch(byTool, /^TOOL +CALLS/m);
  assertMatch(byTool, /^Bash +28 +2 /m);
  const json = JSON.parse((await run("report", "--json")).stdout);
  const named = (groups: { name: string; calls: number }[]): unknown[] =>
    groups.map(({ name, calls }) => [name, calls]);
  assertEquals(named(json.groups).slice(0, 2), [["Bash", 28], ["Agent", 1]]);
  assertEquals(named(json.commands).slice(0, 3), [["npm test", 8], ["cargo build", 3], [
    "Agent Explore",
    1,
  ]]);
  assertEquals(json.commands[0].kind, "command");
  const csv = rowsOf((await run("report", "--csv")).stdout);
  const all = csv.findIndex(([name]) => name === "All");
  assertEquals(csv[0]!.slice(0, 3), ["Bash", "tool", "28"]);
  assertEquals(csv[all + 1]!.slice(0, 3), ["npm test", "command", "8"]);
});

Deno.test("report: a log that says no commands reports as before, with no command in JSON", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const { stdout } = expectExit(await perfmon(["report", "--file", file]), 0);
  assertMatch(stdout, /^TOOL +CALLS/m);
  assertEquals(stdout, (await perfmon(["report", "--by", "tool", "--file", file])).stdout);
  const json = JSON.parse((await perfmon(["report", "--json", "--file", file])).stdout);
  assertEquals(json.commands, []);
});

Deno.test("--command and --status say which calls are meant, everywhere", async () => {
  const head = expectExit(await run("report", "--command", "npm *", "--status", "error"), 0).stdout;
  assertStringIncludes(head, "Last 7 days, npm *, error: 2 calls");
  const top = rowsOf(
    (await run("top", "--command", "npm test", "--status", "error", "--csv")).stdout,
  );
  assertEquals(top.map(([tool, , status]) => [tool, status]), [["Bash", "error"], [
    "Bash",
    "error",
  ]]);
  const rows = rowsOf((await run("export", "csv", "--command", "git *")).stdout);
  assertEquals(rows.length, 18);
  const running = JSON.parse(
    (await run("running", "--status", "abandoned", "--abandoned", "--json")).stdout,
  );
  assertEquals(running.abandoned_calls.map((call: { command: string }) => call.command), [
    "npm run dev",
  ]);
  const unknown = expectExit(await run("tail", "--command", "npm tset"), 1);
  assertStringIncludes(
    unknown.stderr,
    'Cannot find the command "npm tset" in the log: did you mean "npm test"?',
  );
  assertStringIncludes(
    expectExit(await run("report", "--command", "npm"), 1).stderr,
    'Cannot find the command "npm" in the log: did you mean "npm *"?',
  );
  expectExit(await run("report", "--status", "bad"), 64);
});
