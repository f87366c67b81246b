import { runHookLine } from "../../kit/hook_lines.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { writeProgram } from "../../kit/processes.ts";
import { place } from "./place.ts";

Deno.test("install, again, other options, remove", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, home } = place(folder.path);
  const before = '{"model": "x"}';
  Deno.writeTextFileSync(settings, before);
  const first = expectExit(await hooks("install"), 0);
  assertEquals(first.stdout, "");
  assertStringIncludes(
    first.stderr,
    `Installed the hooks in "${settings}": PreToolUse, PostToolUse`,
  );
  const installed = Deno.readTextFileSync(settings);
  assertStringIncludes(
    installed,
    `o '${folder.path}/bin/perfmon' rec start --async --command --watch || o perfmon rec start --async --command --watch`,
  );
  assertStringIncludes(expectExit(await hooks("install"), 0).stderr, "are so already");
  assertEquals(Deno.readTextFileSync(settings), installed);
  expectExit(await hooks("install", "--params", "--max-lines", "2000", "--history", "0"), 0);
  assertStringIncludes(
    Deno.readTextFileSync(settings),
    "perfmon rec end --async --params --max-lines 2000 --history 0 --command ||",
  );
  expectExit(await hooks("install", "--reset", "--max-lines", "400"), 0);
  assertStringIncludes(
    Deno.readTextFileSync(settings),
    "perfmon rec end --async --max-lines 400 --command ||",
  );
  assertStringIncludes(expectExit(await hooks("remove"), 0).stderr, "Removed");
  assertEquals(Deno.readTextFileSync(settings), before);
  assertEquals([...Deno.readDirSync(`${home}/.claude`)].length, 1);
  assertStringIncludes(expectExit(await hooks("remove"), 0).stderr, "There are no hooks");
});

Deno.test("alerts go into the hooks at a call's end, and reach Claude Code through them", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, home } = place(folder.path);
  const wrong = expectExit(await hooks("install", "--alert-rss", "much"), 64);
  assertStringIncludes(wrong.stderr, `Cannot use "much" for --alert-rss: give e.g. 4GiB`);
  const told = await hooks("install", "--params", "--alert-rss", "1KiB", "--alert-cpu", "90%");
  assertStringIncludes(
    expectExit(told, 0).stderr,
    "Claude Code waits for PostToolUse, PostToolUseFailure, SubagentStop, which may alert",
  );
  type Groups = [{ hooks: [{ command: string; async?: boolean }] }];
  const installed: Record<string, Groups> = JSON.parse(Deno.readTextFileSync(settings)).hooks;
  for (const [event, [{ hooks: [hook] }]] of Object.entries(installed)) {
    const { command } = hook;
    const mayAlert = /^Post|^SubagentStop$/.test(event);
    assertEquals(command.includes("--alert-rss 1KiB"), mayAlert, command);
    // What an async hook prints goes to the model; and ends are waited for, or nothing is left.
    const isEnd = event === "Stop" || event === "SessionEnd";
    assertEquals(hook.async, mayAlert || isEnd ? undefined : true, event);
  }
  const answers: string[] = [];
  for (const event of ["PreToolUse", "PostToolUse"]) {
    const json = { session_id: "s", tool_name: "Bash", tool_use_id: "t", hook_event_name: event };
    const command = installed[event]?.[0].hooks[0].command ?? "";
    answers.push(
      await runHookLine(command, { stdin: JSON.stringify(json) + "\n", env: { HOME: home } }),
    );
  }
  assertEquals(answers[0], "");
  assertMatch(JSON.parse(answers[1] ?? "").systemMessage, /^perfmon: Claude Code .* holds/);
  const { stdout } = await perfmon(["status"], { env: { HOME: home } });
  assertStringIncludes(stdout.replace(/\n +/g, " "), "--params --alert-rss 1KiB");
  expectExit(await hooks("disable"), 0);
  expectExit(await hooks("enable"), 0);
  assertEquals(JSON.parse(Deno.readTextFileSync(settings)).hooks, installed);
});

Deno.test("the installed commands record the client, under /bin/sh and from the client's JSON", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, home } = place(folder.path);
  expectExit(await hooks("install"), 0);
  const installed = JSON.parse(Deno.readTextFileSync(settings)).hooks;
  const stdin = {
    session_id: "s",
    cwd: "/p",
    tool_name: "Bash",
    tool_input: { command: "true" },
    tool_use_id: "toolu_1",
  };
  // A process that lives on; not the parent of the hook.
  const client = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const clients: Record<string, string>[] = [{ CLAUDE_PID: String(client.pid) }, {}];
  for (const env of clients) {
    for (const event of ["PreToolUse", "PostToolUse"]) {
      const json = JSON.stringify({ ...stdin, hook_event_name: event }) + "\n";
      const { command } = installed[event][0].hooks[0];
      assertEquals(
        await runHookLine(command, { stdin: json, env: { HOME: home, ...env } }),
        "",
        command,
      );
    }
  }
  client.kill();
  await client.status;
  const [header = "", ...rows] = Deno.readTextFileSync(`${home}/.claude/performance.csv`).trim()
    .split("\n").map((line) => line.split(","));
  const pids = rows.map((row) => Number(row[header.indexOf("pid")]));
  assertEquals(pids, [client.pid, client.pid, Deno.pid, Deno.pid]);
  const events = rows.map((row) => row[header.indexOf("event")]);
  assertEquals(events, ["start", "end", "start", "end"]);
});

Deno.test("a dry run prints a unified diff and writes nothing", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, home } = place(folder.path);
  const created = expectExit(await hooks("install", "--dry-run"), 0);
  assert(created.stdout.startsWith(`--- /dev/null\n+++ ${settings}\n@@ -0,0 `), created.stdout);
  assertEquals([...Deno.readDirSync(`${home}/.claude`)].length, 0);
  Deno.writeTextFileSync(settings, '{\n  "model": "x"\n}\n');
  const changed = expectExit(await hooks("install", "--dry-run"), 0);
  assertStringIncludes(changed.stdout, '\n-  "model": "x"\n+  "model": "x",\n+  "hooks": {\n');
  assertEquals([...Deno.readDirSync(`${home}/.claude`)].length, 1);
});

Deno.test("project settings name no path of this machine", async () => {
  using folder = temporaryFolder();
  const { hooks, project } = place(folder.path);
  expectExit(await hooks("install", "--scope", "project", "--file", "perf.csv"), 0);
  const text = Deno.readTextFileSync(`${project}/.claude/settings.json`);
  assert(!text.includes(folder.path), text);
  assertStringIncludes(text, "{ o perfmon rec start --async --file perf.csv --command --watch || ");
  const refused = await hooks("install", "--scope", "project", "--file", "/tmp/perf.csv");
  assertStringIncludes(expectExit(refused, 64).stderr, 'Cannot commit the path "/tmp/perf.csv"');
});

Deno.test("events that the client on PATH is too old for are left out", async () => {
  using folder = temporaryFolder();
  const { hooks, settings } = place(folder.path);
  const claude = (version: string): void =>
    writeProgram(
      `${folder.path}/bin/claude`,
      `#!/bin/sh\necho "${version} (Claude Code)"\n`,
    );
  claude("1.0.128");
  const old = expectExit(await hooks("install"), 0);
  assertStringIncludes(old.stderr, "Left out PostToolUseFailure, SubagentStart, SubagentStop");
  assertEquals(Object.keys(JSON.parse(Deno.readTextFileSync(settings)).hooks).length, 5);
  claude("2.1.330");
  assert(!expectExit(await hooks("install"), 0).stderr.includes("Left out"));
  assertEquals(Object.keys(JSON.parse(Deno.readTextFileSync(settings)).hooks).length, 10);
  expectExit(await hooks("remove"), 0);
  claude("0.2.9");
  assertStringIncludes(
    expectExit(await hooks("install"), 1).stderr,
    "Claude Code 0.2.9 is too old",
  );
});

Deno.test("remove names the settings in which hooks stay, and install by --dry-run what it would do", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, project } = place(folder.path);
  const dry = expectExit(await hooks("install", "--dry-run"), 0);
  assertStringIncludes(dry.stdout, "+++ ");
  for (const line of ["Options: --via binary", "Stored: ", "Watched: ", "Left out "]) {
    assertStringIncludes(dry.stderr, line);
  }
  expectExit(await hooks("install", "--scope", "project"), 0);
  const nothing = expectExit(await hooks("remove"), 0).stderr;
  assertStringIncludes(nothing, `There are no hooks of perfmon in "${settings}"`);
  assertStringIncludes(
    nothing,
    `Hooks stay in "${project}/.claude/settings.json": perfmon hooks remove --everywhere`,
  );
  const all = expectExit(await hooks("remove", "--everywhere"), 0).stderr;
  assert(!all.includes("Hooks stay in"), all);
  assertStringIncludes(all, "Not touched: perfmon itself, ");
});

Deno.test("disable and enable keep the options, everywhere removes everything", async () => {
  using folder = temporaryFolder();
  const { hooks, settings, home, project } = place(folder.path);
  expectExit(await hooks("install", "--params"), 0);
  expectExit(await hooks("install", "--scope", "local"), 0);
  const installed = Deno.readTextFileSync(settings);
  Deno.writeTextFileSync(
    `${project}/.claude/hooks.yaml`,
    "hooks:\n- name: performance-monitor-pre # mine\n  enabled: true\n",
  );
  expectExit(await hooks("disable", "--everywhere"), 0);
  const waiting = `${home}/.claude/performance.d/hooks.json`;
  assertEquals((Deno.statSync(waiting).mode ?? 0) & 0o777, 0o600);
  assertEquals((Deno.statSync(`${home}/.claude/performance.d`).mode ?? 0) & 0o777, 0o700);
  assertEquals([...Deno.readDirSync(`${project}/.claude`)].map(({ name }) => name), ["hooks.yaml"]);
  assertStringIncludes(Deno.readTextFileSync(`${project}/.claude/hooks.yaml`), "enabled: false");
  assertStringIncludes(expectExit(await hooks("disable"), 0).stderr, "are off already");
  expectExit(await hooks("enable", "--everywhere"), 0);
  assertEquals(Deno.readTextFileSync(settings), installed);
  // From another folder: the project is remembered.
  const env = { HOME: home };
  expectExit(await perfmon(["hooks", "remove", "--everywhere"], { env, cwd: folder.path }), 0);
  assertEquals([...Deno.readDirSync(`${home}/.claude`)].length, 0);
  assertEquals([...Deno.readDirSync(`${project}/.claude`)].length, 1);
  assertStringIncludes(expectExit(await hooks("enable", "--scope", "user"), 1).stderr, "install");
});

Deno.test("generate writes hooks.yaml, prints it, and says who reads it", async () => {
  using folder = temporaryFolder();
  const { hooks, project } = place(folder.path);
  const files = ["pre", "post"].map((name) =>
    `${import.meta.dirname}/../../../examples/hooks/performance_monitor_${name}.json`
  );
  const printed = expectExit(await hooks("generate", ...files, "--print"), 0);
  assertEquals([...Deno.readDirSync(project)].length, 1);
  const written = expectExit(await hooks("generate", ...files), 0);
  assertEquals(Deno.readTextFileSync(`${project}/.claude/hooks.yaml`), printed.stdout);
  assertEquals(written.stdout, "");
  for (const { stderr } of [printed, written]) {
    assertStringIncludes(stderr, "Claude Code never reads hooks.yaml: perfmon hooks install");
  }
});
