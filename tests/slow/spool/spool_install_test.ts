/** Hooks that record by the spool, from their installation to their removal. */
import { existsSync } from "@std/fs";
import { bashEvent, runLine } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

Deno.test("spool: install, record, switch off and on, remove", async () => {
  using folder = temporaryFolder();
  const [home, bin] = [`${folder.path}/home`, `${folder.path}/bin`];
  Deno.mkdirSync(`${home}/.claude`, { recursive: true });
  Deno.mkdirSync(bin);
  Deno.symlinkSync(binary, `${bin}/perfmon`);
  const settings = `${home}/.claude/settings.json`;
  const spool = `${home}/.claude/performance.d/spool`;
  Deno.writeTextFileSync(settings, '{"model": "x"}\n');
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
  const run = (...args: string[]) => perfmon(args, { env, cwd: folder.path });

  expectExit(await run("hooks", "install", "--via", "spool", "--params"), 0);
  assertEquals((Deno.statSync(spool).mode ?? 0) & 0o777, 0o700);
  const { hooks } = JSON.parse(Deno.readTextFileSync(settings));
  assertEquals(Object.keys(hooks), [
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "SubagentStart",
    "SubagentStop",
    "UserPromptSubmit",
    "PermissionRequest",
    "SessionStart",
    "Stop",
    "SessionEnd",
  ]);
  const entry = (event: string) => hooks[event][0].hooks[0];
  assertEquals(["SessionStart", "Stop", "SessionEnd"].map((event) => entry(event).async), [
    true,
    undefined,
    undefined,
  ]);
  const stdin = (event: "start" | "end") => JSON.stringify(bashEvent(event, "t1")) + "\n";
  await runLine(entry("PreToolUse").command, stdin("start"), env);
  await runLine(entry("PostToolUse").command, stdin("end"), env);
  assertEquals([...Deno.readDirSync(spool)].length, 2);
  await runLine(entry("Stop").command, '{"session_id":"s","hook_event_name":"Stop"}\n', env);
  assertEquals([...Deno.readDirSync(spool)].length, 0);
  const rows = recordsOf(`${home}/.claude/performance.csv`);
  // The turn's end is recorded at once, what waited behind it.
  assertEquals(rows.map(({ event, params }) => [event, params]), [
    ["stop", ""],
    ["start", "echo hi"],
    ["end", "echo hi"],
  ]);

  const status = expectExit(await run("status"), 0).stdout;
  assertStringIncludes(status, "on: user settings, by the spool");
  assertMatch(status, /^Spool +~\/\.claude\/performance\.d\/spool +empty$/m);
  const doctor = expectExit(await run("doctor"), 0).stdout;
  assertMatch(doctor, /^pass +Spool +empty$/m);
  assertMatch(doctor, /^pass +Trial +start and end recorded through the hook of sh/m);

  await runLine(entry("PreToolUse").command, stdin("start"), env);
  expectExit(await run("hooks", "disable"), 0);
  assertEquals([...Deno.readDirSync(spool)].length, 0);
  expectExit(await run("hooks", "enable"), 0);
  Deno.removeSync(spool);
  assertMatch((await run("doctor")).stdout, /^fail +Spool [^→>]* is missing/m);
  // A hook that finds no spool loses its row and nothing else; the next drain makes it again.
  await runLine(entry("PreToolUse").command, stdin("start"), env);
  await runLine(entry("SessionStart").command, "{}\n", env);
  await runLine(entry("PostToolUse").command, stdin("end"), env);
  const removed = expectExit(await run("hooks", "remove"), 0).stderr;
  assertStringIncludes(removed, `Took 1 record of "${spool}" into the log\nRemoved "${spool}"`);
  assertEquals(Deno.readTextFileSync(settings), '{"model": "x"}\n');

  // Back to the binary: the spool goes, too.
  expectExit(await run("hooks", "install", "--via", "spool"), 0);
  await runLine(entry("PreToolUse").command, stdin("start"), env);
  expectExit(await run("hooks", "install", "--via", "binary"), 0);
  assertEquals(Object.keys(JSON.parse(Deno.readTextFileSync(settings)).hooks).length, 9);
  assertEquals(existsSync(`${home}/.claude/performance.d/spool`), false);
  const refused = await run("hooks", "install", "--via", "spool", "--alert-cpu", "90");
  assertStringIncludes(expectExit(refused, 64).stderr, "Cannot use --alert-cpu with --via spool");
});

Deno.test("spool: a log behind a link has its spool where the log is", async () => {
  using folder = temporaryFolder();
  const home = folder.path;
  Deno.mkdirSync(`${home}/.claude`);
  Deno.symlinkSync(`${home}/real log.csv`, `${home}/.claude/performance.csv`);
  const env = { HOME: home };
  expectExit(await perfmon(["hooks", "install", "--via", "spool"], { env, cwd: home }), 0);
  const { hooks } = JSON.parse(Deno.readTextFileSync(`${home}/.claude/settings.json`));
  const stdin = JSON.stringify(bashEvent("start", "t1")) + "\n";
  await runLine(hooks.PreToolUse[0].hooks[0].command, stdin, env);
  assertEquals([...Deno.readDirSync(`${home}/real log.d/spool`)].length, 1);
  assertStringIncludes(expectExit(await perfmon(["tail"], { env }), 0).stdout, "Bash");
  assertEquals(recordsOf(`${home}/real log.csv`).length, 1);
});
